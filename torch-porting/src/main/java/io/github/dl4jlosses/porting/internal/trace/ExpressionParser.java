/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.trace.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses calls, attributes, items, lists, tuples and constants. */
final class ExpressionParser {

    private static final int DEEPEST = 100;

    private final CodeParser words;
    private int depth;

    ExpressionParser(CodeParser words) {
        this.words = words;
    }

    /** An expression, or a tuple: values separated by commas, or one value with a comma after it. */
    Expression severalOrOne() {
        Expression first = one();
        if (!words.peek().is(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (words.peek().is(",")) {
            words.take();
            if (!beginsExpression(words.peek())) {
                break;
            }
            items.add(one());
        }
        return new Expression.Several(List.copyOf(items));
    }

    private static boolean beginsExpression(Token token) {
        return !token.beginsLine() && (token.kind() != Kind.SIGN || token.is("(") || token.is("[") || token.is("-"));
    }

    private Expression one() {
        if (++depth > DEEPEST) {
            throw new Refused("Expressions lie in each other more than " + DEEPEST + " deep");
        }
        Expression expression = first();
        int links = 0;
        while (true) {
            if (++links > DEEPEST) {
                throw new Refused("An expression has more than " + DEEPEST + " calls and attributes in a row");
            }
            if (words.peek().is(".")) {
                words.take();
                expression = new Expression.Attribute(expression, words.takeName());
            } else if (words.peek().is("(")) {
                words.take();
                expression = call(expression);
            } else if (words.peek().is("[") && !words.peek().beginsLine()) {
                words.take();
                Expression index = severalOrOne();
                words.expect("]");
                expression = new Expression.Item(expression, index);
            } else {
                depth--;
                return expression;
            }
        }
    }

    private Expression first() {
        Token token = words.peek();
        switch (token.kind()) {
            case NAME -> {
                words.take();
                return switch (token.text()) {
                    case "None" -> new Expression.Literal(null);
                    case "True" -> new Expression.Literal(true);
                    case "False" -> new Expression.Literal(false);
                    default -> new Expression.Name(token.text());
                };
            }
            case NUMBER -> {
                words.take();
                return new Expression.Literal(number(token.text()));
            }
            case TEXT -> {
                words.take();
                return new Expression.Literal(token.text());
            }
            default -> {
                return signed();
            }
        }
    }

    private Expression signed() {
        if (words.peek().is("-")) {
            words.take();
            Expression negated = words.peek().kind() == Kind.NUMBER ? first() : null;
            if (negated instanceof Expression.Literal literal && literal.value() instanceof Long number) {
                return new Expression.Literal(-number);
            }
            if (negated instanceof Expression.Literal literal && literal.value() instanceof Double number) {
                return new Expression.Literal(-number);
            }
            throw words.unexpected();
        }
        if (words.peek().is("(")) {
            words.take();
            if (words.peek().is(")")) {
                words.take();
                return new Expression.Several(List.of());
            }
            Expression inner = severalOrOne();
            words.expect(")");
            return inner;
        }
        words.expect("[");
        List<Expression> items = new ArrayList<>();
        while (!words.peek().is("]")) {
            items.add(one());
            if (words.peek().is(",")) {
                words.take();
            } else if (!words.peek().is("]")) {
                throw words.unexpected();
            }
        }
        words.take();
        return new Expression.Several(List.copyOf(items));
    }

    private Object number(String text) {
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Long.parseLong(text);
            }
            if (text.matches("[0-9]*\\.?[0-9]*([eE][-+]?[0-9]+)?")) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            throw Refused.damaged("The code has the number " + Refused.shown(text), e);
        }
        throw words.refused("has the number " + Refused.shown(text));
    }

    private Expression call(Expression callee) {
        List<Expression> arguments = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!words.peek().is(")")) {
            Expression argument = one();
            if (argument instanceof Expression.Name name && words.peek().is("=")) {
                words.take();
                named.put(name.name(), one());
            } else {
                arguments.add(argument);
            }
            if (words.peek().is(",")) {
                words.take();
            } else if (!words.peek().is(")")) {
                throw words.unexpected();
            }
        }
        words.take();
        return new Expression.Call(callee, List.copyOf(arguments), Map.copyOf(named));
    }
}
