/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.ScriptModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs one call of a method: keeps its names with their values. */
final class MethodFrame {

    private static final int LONGEST_PATH = 500;
    private static final int DEEPEST_LIST = 8;

    /** Functions whose result is their last argument. */
    private static final Set<String> PASSING =
            Set.of("annotate", "unchecked_cast", "int", "float", "bool", "ops.prim.NumToTensor", "torch.device");

    private final ForwardPass pass;
    private final Value.Module self;
    private final Method method;
    private final Map<String, Value> names;
    private final int depth;

    MethodFrame(ForwardPass pass, Value.Module self, Method method, Map<String, Value> names, int depth) {
        this.pass = pass;
        this.self = self;
        this.method = method;
        this.names = names;
        this.depth = depth;
    }

    void assign(Statement statement, Value value) {
        List<String> targets = statement.targets();
        if (!statement.apart()) {
            targets.forEach(target -> names.put(target, value));
            return;
        }
        for (int i = 0; i < targets.size(); i++) {
            names.put(targets.get(i), part(value, i, targets.size()));
        }
    }

    private Value part(Value value, int index, int count) {
        if (value instanceof Value.Items items && items.values().size() == count) {
            return items.values().get(index);
        }
        if (value instanceof Value.Result result) {
            return new Value.Part(result.operation(), index);
        }
        throw refused("takes a value apart that has not " + count + " parts");
    }

    Value value(Expression expression) {
        pass.enter();
        Value value = anyValue(expression);
        pass.leave();
        return value;
    }

    private Value anyValue(Expression expression) {
        if (expression instanceof Expression.Name name) {
            return named(name.name());
        }
        if (expression instanceof Expression.Literal literal) {
            return new Value.Constant(literal.value());
        }
        if (expression instanceof Expression.Several several) {
            return items(several.items());
        }
        if (expression instanceof Expression.Attribute attribute) {
            return attribute(attribute);
        }
        if (expression instanceof Expression.Item item) {
            return item(value(item.of()), value(item.index()));
        }
        return call((Expression.Call) expression);
    }

    private Value named(String name) {
        Value value = names.get(name);
        if (value != null) {
            return value;
        }
        if (name.equals("inf") || name.equals("nan")) {
            return new Value.Constant(name.equals("inf") ? Double.POSITIVE_INFINITY : Double.NaN);
        }
        throw refused("uses the name " + Refused.shown(name) + ", which has no value");
    }

    private Value.Items items(List<Expression> expressions) {
        Value.Items items = new Value.Items(valuesOf(expressions));
        if (items.depth() > DEEPEST_LIST) {
            throw refused("has lists in each other more than " + DEEPEST_LIST + " deep");
        }
        return items;
    }

    private List<Value> valuesOf(List<Expression> expressions) {
        List<Value> all = new ArrayList<>();
        expressions.forEach(each -> all.add(value(each)));
        return all;
    }

    private Value attribute(Expression.Attribute attribute) {
        if (attribute.of() instanceof Expression.Name name && name.name().equals("CONSTANTS")) {
            Double number = pass.constants.get(attribute.name());
            return number == null ? new Value.Frozen("CONSTANTS." + attribute.name()) : new Value.Constant(number);
        }
        return attribute(value(attribute.of()), attribute.name());
    }

    private Value attribute(Value of, String name) {
        if (!(of instanceof Value.Module module)) {
            throw refused("asks for the attribute " + Refused.shown(name) + " of something that is not a module");
        }
        String path = module.pathOf(name);
        Object value = module.module().attributes().get(name);
        if (path.length() > LONGEST_PATH) {
            throw refused("has a module whose path has more than " + LONGEST_PATH + " characters");
        }
        if (value instanceof ScriptModule child) {
            return new Value.Module(path, child);
        }
        if (pass.tensors.containsKey(path)) {
            return new Value.Weight(path);
        }
        if (module.module().attributes().containsKey(name)
                && (value == null || value instanceof Number || value instanceof Boolean || value instanceof String)) {
            return new Value.Constant(value instanceof Integer number ? number.longValue() : value);
        }
        throw refused("asks for the attribute " + Refused.shown(path) + ", which the file lacks");
    }

    private Value item(Value of, Value index) {
        if (!(index instanceof Value.Constant constant) || !(constant.value() instanceof Long number)) {
            throw refused("takes an item whose number is not given");
        }
        if (of instanceof Value.Items items) {
            long at = number < 0 ? number + items.values().size() : number;
            if (at >= 0 && at < items.values().size()) {
                return items.values().get((int) at);
            }
        }
        if (of instanceof Value.Result result && number >= 0 && number < ForwardPass.MOST_OPERATIONS) {
            return new Value.Part(result.operation(), number.intValue());
        }
        throw refused("takes item " + number + " of a value that has none");
    }

    private Value call(Expression.Call call) {
        if (call.callee() instanceof Expression.Attribute attribute && !isLibrary(attribute)) {
            Value of = value(attribute.of());
            if (of instanceof Value.Module module && call.named().isEmpty()) {
                Method called = pass.code.method(module.module(), attribute.name());
                return pass.call(module, called, valuesOf(call.arguments()), depth + 1);
            }
            throw refused("calls " + Refused.shown(attribute.name()) + " of something that is not a module");
        }
        String operator = dotted(call.callee());
        if (operator.equals("getattr") && call.arguments().size() == 2) {
            Value name = value(call.arguments().get(1));
            if (name instanceof Value.Constant constant && constant.value() instanceof String text) {
                return attribute(value(call.arguments().get(0)), text);
            }
        }
        if (PASSING.contains(operator) && !call.arguments().isEmpty()) {
            return passed(value(call.arguments().get(call.arguments().size() - 1)));
        }
        return operation(operator, call);
    }

    /** {@code float("inf")} is how infinity is written. */
    private Value passed(Value value) {
        if (value instanceof Value.Constant constant && "inf".equals(constant.value())) {
            return new Value.Constant(Double.POSITIVE_INFINITY);
        }
        return value;
    }

    private Value operation(String operator, Expression.Call call) {
        Map<String, Value> named = new LinkedHashMap<>();
        List<Value> arguments = valuesOf(call.arguments());
        call.named().forEach((name, argument) -> named.put(name, value(argument)));
        Operation operation = new Operation(self, operator, arguments, named);
        pass.add(operation);
        return new Value.Result(operation);
    }

    /** Whether the name belongs to torch and not to a module. */
    private boolean isLibrary(Expression.Attribute attribute) {
        Expression of = attribute;
        while (of instanceof Expression.Attribute link) {
            of = link.of();
        }
        return of instanceof Expression.Name name && !names.containsKey(name.name());
    }

    private String dotted(Expression callee) {
        StringBuilder name = new StringBuilder();
        Expression of = callee;
        while (of instanceof Expression.Attribute link) {
            name.insert(0, "." + link.name());
            of = link.of();
        }
        if (!(of instanceof Expression.Name first)) {
            throw refused("calls something that is no operator");
        }
        return first.name() + name;
    }

    private Refused refused(String reason) {
        String place = self.path().isEmpty() ? "The model itself" : "Module " + Refused.shown(self.path());
        return Refused.damaged(place + ", in its " + Refused.shown(method.name()) + ", " + reason);
    }
}
