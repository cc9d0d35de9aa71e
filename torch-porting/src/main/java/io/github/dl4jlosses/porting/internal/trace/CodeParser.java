/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.trace.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses the classes of a file of code, whose methods consist only of assignments, as in every trace. */
final class CodeParser {

    private static final Set<String> CONTROL_FLOW =
            Set.of("if", "elif", "else", "for", "while", "with", "raise", "assert", "break", "continue", "del", "pass");

    private final String file;
    private final Lexer lexer;
    private final ExpressionParser expressions;
    private Token next;

    private CodeParser(String file, String code) {
        this.file = file;
        this.lexer = new Lexer(file, code);
        this.next = lexer.next();
        this.expressions = new ExpressionParser(this);
    }

    /** The methods of each class. */
    static Map<String, Map<String, Method>> classes(String file, String code) {
        return new CodeParser(file, code).classes();
    }

    private Map<String, Map<String, Method>> classes() {
        Map<String, Map<String, Method>> classes = new HashMap<>();
        while (next.kind() != Kind.END) {
            int indent = next.indent();
            if (!take().isName("class")) {
                skipBlock(indent);
                continue;
            }
            String name = takeName();
            skipLine();
            if (classes.put(name, methods(indent)) != null) {
                throw refused("has the class " + Refused.shown(name) + " twice");
            }
        }
        return classes;
    }

    private Map<String, Method> methods(int indentOfClass) {
        Map<String, Method> methods = new HashMap<>();
        while (next.kind() != Kind.END && next.indent() > indentOfClass) {
            int indent = next.indent();
            if (!take().isName("def")) {
                skipBlock(indent); // declarations of attributes, whose values are in the pickle
                continue;
            }
            Method method = method(indent);
            if (methods.put(method.name(), method) != null) {
                throw refused("has the method " + Refused.shown(method.name()) + " twice in a class");
            }
        }
        return methods;
    }

    private Method method(int indent) {
        String name = takeName();
        List<String> parameters = parameters();
        skipLine(); // the type of what it returns
        List<Statement> statements = new ArrayList<>();
        int indentOfBody = next.indent();
        while (next.kind() != Kind.END && next.indent() > indent) {
            if (next.indent() != indentOfBody) {
                throw refused("has a block within a method, which no trace has");
            }
            statements.add(statement());
            if (!next.beginsLine()) {
                throw unexpected();
            }
        }
        return new Method(file, name, List.copyOf(parameters), List.copyOf(statements));
    }

    private List<String> parameters() {
        List<String> parameters = new ArrayList<>();
        expect("(");
        while (!next.is(")")) {
            parameters.add(takeName());
            if (next.is(":")) {
                take();
                skipType();
            }
            if (next.is(",")) {
                take();
            } else if (!next.is(")")) {
                throw unexpected();
            }
        }
        take();
        return parameters;
    }

    /** Skips to a comma, a bracket or an equals sign outside the type. */
    private void skipType() {
        int depth = 0;
        while (depth > 0 || !(next.is(",") || next.is(")") || next.is("="))) {
            if (next.kind() == Kind.END) {
                throw unexpected();
            }
            depth += next.is("[") || next.is("(") ? 1 : next.is("]") || next.is(")") ? -1 : 0;
            take();
        }
    }

    private Statement statement() {
        int line = next.line();
        if (next.kind() == Kind.NAME && CONTROL_FLOW.contains(next.text())) {
            throw new Refused("Line " + line + " of the code " + Refused.shown(file) + " has '" + next.text()
                    + "': control flow, as torch.jit.script writes it; save torch.jit.trace(model.eval(), example)");
        }
        if (next.isName("return")) {
            take();
            return new Statement(List.of(), false, expressions.severalOrOne(), true, line);
        }
        Expression first = expressions.severalOrOne();
        if (next.is(":")) {
            take();
            skipType();
        }
        if (!next.is("=")) {
            return new Statement(List.of(), false, first, false, line);
        }
        take();
        boolean apart = first instanceof Expression.Several;
        return new Statement(targets(first), apart, expressions.severalOrOne(), false, line);
    }

    private List<String> targets(Expression left) {
        List<Expression> items = left instanceof Expression.Several several ? several.items() : List.of(left);
        List<String> targets = new ArrayList<>();
        for (Expression item : items) {
            if (!(item instanceof Expression.Name name)) {
                throw refused("assigns to something else than a name");
            }
            targets.add(name.name());
        }
        return List.copyOf(targets);
    }

    private void skipLine() {
        while (!next.beginsLine()) {
            take();
        }
    }

    /** Skips to the next line that is not indented deeper. */
    private void skipBlock(int indent) {
        while (next.kind() != Kind.END && (next.indent() < 0 || next.indent() > indent)) {
            take();
        }
    }

    Token peek() {
        return next;
    }

    Token take() {
        Token taken = next;
        next = lexer.next();
        return taken;
    }

    void expect(String sign) {
        if (!next.is(sign)) {
            throw unexpected();
        }
        take();
    }

    String takeName() {
        if (next.kind() != Kind.NAME) {
            throw unexpected();
        }
        return take().text();
    }

    Refused unexpected() {
        return refused("has '" + Refused.shown(next.text()) + "' where a trace has something else");
    }

    Refused refused(String reason) {
        return Refused.damaged("Line " + next.line() + " of the code " + Refused.shown(file) + " " + reason);
    }
}
