/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.TracedArchive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows the code of a model from its {@code forward} through all modules that it calls. Nothing is computed; each
 * call of an operator is recorded.
 */
final class ForwardPass {

    private static final int DEEPEST_MODULE = 64;
    /** The limit of nested expressions, over all open calls. */
    private static final int DEEPEST = 400;

    static final int MOST_OPERATIONS = 20_000;
    private static final int MOST_VALUES = 1_000_000;

    final Map<String, ?> tensors;
    final Map<String, Double> constants;
    final Code code;
    private final List<Operation> operations = new ArrayList<>();
    private int values;
    private int nested;

    private ForwardPass(TracedArchive archive) {
        this.tensors = archive.tensors();
        this.constants = archive.constants();
        this.code = new Code(archive.code());
    }

    static TracedProgram of(TracedArchive archive) {
        ForwardPass pass = new ForwardPass(archive);
        Value.Module root = new Value.Module("", archive.root());
        Method forward = pass.code.method(root.module(), "forward");
        List<String> inputs = forward.parameters()
                .subList(
                        Math.min(1, forward.parameters().size()),
                        forward.parameters().size());
        List<Value> arguments = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            arguments.add(new Value.Input(i, inputs.get(i)));
        }
        return TracedProgram.of(List.copyOf(inputs), pass.operations, pass.call(root, forward, arguments, 0));
    }

    Value call(Value.Module module, Method method, List<Value> arguments, int depth) {
        if (depth > DEEPEST_MODULE) {
            throw new Refused("Modules call each other more than " + DEEPEST_MODULE + " deep, at "
                    + Refused.shown(module.path()));
        }
        if (method.parameters().size() != arguments.size() + 1) {
            throw Refused.damaged("Module " + Refused.shown(module.path()) + " gets " + arguments.size()
                    + " arguments where its " + Refused.shown(method.name()) + " takes "
                    + (method.parameters().size() - 1));
        }
        Map<String, Value> names = new HashMap<>();
        names.put(method.parameters().get(0), module);
        for (int i = 0; i < arguments.size(); i++) {
            names.put(method.parameters().get(i + 1), arguments.get(i));
        }
        MethodFrame frame = new MethodFrame(this, module, method, names, depth);
        for (Statement statement : method.statements()) {
            Value value = frame.value(statement.value());
            if (statement.isReturn()) {
                return value;
            }
            frame.assign(statement, value);
        }
        return new Value.Constant(null);
    }

    /** Called before an expression is followed. */
    void enter() {
        if (++values > MOST_VALUES) {
            throw new Refused("The code computes more than " + MOST_VALUES + " values");
        }
        if (++nested > DEEPEST) {
            throw new Refused("The code calls more than " + DEEPEST + " deep");
        }
    }

    /** Called after it. */
    void leave() {
        nested--;
    }

    void add(Operation operation) {
        if (operations.size() == MOST_OPERATIONS) {
            throw new Refused("The code calls more than " + MOST_OPERATIONS + " operators");
        }
        operations.add(operation);
    }
}
