/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the operations of a program as TorchScript, without modules. */
final class ScriptCode {

    private static final int MOST_CHARACTERS = 16 << 20;

    private final TracedProgram program;
    private final Map<String, Integer> weights = new HashMap<>();
    private final Map<Operation, String> names = new HashMap<>();
    private final ScriptSizes sizes = new ScriptSizes();
    private final StringBuilder code = new StringBuilder();
    private int seenValues;

    ScriptCode(TracedProgram program, List<String> weights) {
        this.program = program;
        weights.forEach(weight -> this.weights.put(weight, this.weights.size()));
    }

    /**
     * The method {@code forward}.
     *
     * @param seen the values of operations that it returns, before the model's outputs; copies, because an operator may change its
     *     argument in place
     */
    String returning(Collection<Value> seen) {
        line("  def forward(self: __torch__.Module, x: List[Tensor], w: List[Tensor]) -> List[Tensor]:");
        line("    seen = annotate(List[Tensor], [])");
        Map<Operation, List<Value>> byOperation = new HashMap<>();
        for (Value value : seen) {
            Operation operation =
                    value instanceof Value.Part part ? part.operation() : ((Value.Result) value).operation();
            byOperation.merge(operation, List.of(value), ScriptCode::both);
        }
        for (Operation operation : program.operations()) {
            sizes.add(operation);
            code.append("    v").append(names.size()).append(" = ");
            write(operation);
            code.append('\n');
            names.put(operation, "v" + names.size());
            byOperation.getOrDefault(operation, List.of()).forEach(this::see);
        }
        program.outputs().forEach(this::see);
        line("    return seen");
        return code.toString();
    }

    private static List<Value> both(List<Value> some, List<Value> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private void line(String text) {
        code.append(text).append('\n');
    }

    private void see(Value value) {
        code.append("    n").append(++seenValues).append(" = torch.append(seen, torch.clone(");
        write(value);
        code.append("))\n");
    }

    private void write(Operation operation) {
        String ofWholeNumbers = sizes.operator(operation);
        if (ofWholeNumbers != null) {
            code.append(ofWholeNumbers).append('(');
            operation.arguments().forEach(this::writeWhole);
            code.append(')');
            return;
        }
        code.append(operation.operator()).append('(');
        for (Value argument : operation.arguments()) {
            write(argument);
            code.append(", ");
        }
        operation.named().forEach((name, argument) -> {
            code.append(name).append('=');
            write(argument);
            code.append(", ");
        });
        code.append(')');
    }

    private void writeWhole(Value value) {
        Long number = ScriptSizes.whole(value);
        if (number == null) {
            write(value);
        } else {
            code.append(number);
        }
        code.append(", ");
    }

    private void write(Value value) {
        if (code.length() > MOST_CHARACTERS) {
            throw Steps.tooLong();
        }
        if (value instanceof Value.Input input) {
            code.append("x[").append(input.number()).append(']');
        } else if (value instanceof Value.Weight weight) {
            code.append("w[").append(weights.get(weight.name())).append(']');
        } else if (value instanceof Value.Result result) {
            code.append(names.get(result.operation()));
        } else if (value instanceof Value.Part part) {
            code.append(names.get(part.operation()))
                    .append('[')
                    .append(part.index())
                    .append(']');
        } else if (value instanceof Value.Items items) {
            write(items.values());
        } else if (value instanceof Value.Constant constant) {
            write(constant.value());
        } else {
            throw new IllegalStateException("No operator takes " + value);
        }
    }

    private void write(List<Value> items) {
        if (items.isEmpty()) {
            // torch takes an empty list for one of tensors, but operators leave out sizes by it
            code.append("annotate(List[int], [])");
            return;
        }
        code.append('[');
        boolean areSizes = items.stream().anyMatch(sizes::isSize);
        for (Value item : items) {
            if (areSizes) {
                writeWhole(item);
            } else {
                write(item);
                code.append(", ");
            }
        }
        code.append(']');
    }

    private void write(Object constant) {
        if (constant == null) {
            code.append("None");
        } else if (constant instanceof Boolean flag) {
            code.append(flag ? "True" : "False");
        } else if (constant instanceof Double number && Double.isInfinite(number)) {
            code.append(number > 0 ? "inf" : "-inf");
        } else if (constant instanceof Double number && Double.isNaN(number)) {
            code.append("nan");
        } else if (constant instanceof String text) {
            code.append(JavaLiteral.quoted(text));
        } else {
            code.append(constant);
        }
    }
}
