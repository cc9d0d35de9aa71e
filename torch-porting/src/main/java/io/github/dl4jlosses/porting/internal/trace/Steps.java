/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The calls of a model as one TorchScript method that returns their results, whatever modules they belong to.
 *
 * @param code the method {@code forward} of a module: from the lists of inputs and weights to the list of values
 * @param weights torch's names of the weights, in the order of {@code w}
 * @param inputs how torch takes each input
 * @param values the values that it returns, in order; the last ones are the model's outputs
 * @param outputs the number of the model's outputs
 * @param isInTraining whether the trace contains calls that only a model in training mode makes
 * @since 0.1.0
 */
public record Steps(
        String code, List<String> weights, List<Input> inputs, List<Step> values, int outputs, boolean isInTraining) {

    /** The argument that tells whether the model is in training mode, by operator. */
    private static final Map<String, Integer> TRAINING =
            Map.of("torch.batch_norm", 5, "torch.dropout", 2, "torch.dropout_", 2, "torch.feature_dropout", 2);

    /**
     * A value that both a vertex and torch compute.
     *
     * @param vertex the name of the vertex
     * @param module the path of the module whose code has the call
     * @param operator the operator that is called
     * @param axes for each dimension in torch's order that of the vertex's array, or -1 for a dimension of size 1 that
     *     it lacks; empty if not known
     * @since 0.1.0
     */
    public record Step(String vertex, String module, String operator, List<Integer> axes) {}

    /**
     * How torch takes an input.
     *
     * @param axes for each of its dimensions that of DL4J's array; empty if not known
     * @param isIndices whether it holds indices for an embedding
     * @since 0.1.0
     */
    public record Input(List<Integer> axes, boolean isIndices) {}

    private static Step step(String vertex, Operation operation, List<Integer> axes) {
        return new Step(vertex, operation.path(), operation.operator(), axes);
    }

    /**
     * The steps of a graph's vertices, except those that are only a part of an operation, such as a lower layer of a
     * stack.
     */
    static Steps of(TracedProgram program, GraphPlan plan) {
        Map<Value, Step> seen = new LinkedHashMap<>();
        for (Operation operation : program.operations()) {
            Object result = plan.result(operation);
            if (result instanceof Activation activation) {
                see(seen, plan, operation, new Value.Result(operation), activation);
            }
            List<?> parts = result instanceof List<?> list ? list : List.of();
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i) instanceof Activation activation) {
                    see(seen, plan, operation, new Value.Part(operation, i), activation);
                }
            }
        }
        List<Step> outputs = new ArrayList<>();
        for (int i = 0; i < plan.outputs().size(); i++) {
            Operation last = operation(program.outputs().get(i));
            List<Integer> axes = plan.givenOutputs().get(i).axes();
            outputs.add(
                    last == null
                            ? new Step(plan.outputs().get(i), "", "", axes)
                            : step(plan.outputs().get(i), last, axes));
        }
        List<Input> inputs = plan.givenInputs().stream()
                .map(input -> new Input(input.axes(), input.form() == Form.TOKENS))
                .toList();
        return written(program, inputs, seen, outputs);
    }

    private static void see(
            Map<Value, Step> seen, GraphPlan plan, Operation operation, Value value, Activation activation) {
        PlannedVertex vertex = plan.vertex(activation.vertex());
        boolean isOwn = vertex != null && vertex.operation() == operation;
        if (isOwn && !plan.outputs().contains(vertex.name())) {
            seen.put(value, step(vertex.name(), operation, activation.axes()));
        }
    }

    private static Operation operation(Value value) {
        if (value instanceof Value.Result result) {
            return result.operation();
        }
        return value instanceof Value.Part part ? part.operation() : null;
    }

    /** The steps of operations that take just the tensors of a layer, and of operators that take only their results. */
    static Steps of(TracedProgram program, Map<String, ? extends Collection<String>> tensorsByLayer) {
        Map<Set<String>, String> layers = new LinkedHashMap<>();
        tensorsByLayer.forEach((layer, tensors) -> layers.put(new HashSet<>(tensors), layer));
        Map<Value, Step> seen = new LinkedHashMap<>();
        for (Operation operation : program.operations()) {
            Set<String> weights = new HashSet<>();
            operation.arguments().forEach(argument -> addWeights(argument, weights));
            String layer = layers.get(weights);
            Step below = operation.arguments().isEmpty()
                    ? null
                    : seen.get(operation.arguments().get(0));
            boolean isAlone = operation.arguments().stream().skip(1).allMatch(Steps::isConstant);
            if (layer != null) {
                boolean hasParts = operation.operator().equals("torch.lstm")
                        || operation.operator().startsWith("torch.rnn_");
                seen.put(
                        hasParts ? new Value.Part(operation, 0) : new Value.Result(operation),
                        step(layer, operation, List.of()));
            } else if (below != null && weights.isEmpty() && isAlone) {
                seen.put(new Value.Result(operation), step(below.vertex(), operation, List.of()));
            }
        }
        List<Step> outputs = program.outputs().stream()
                .map(value -> new Step("", "", "", List.of()))
                .toList();
        List<Input> inputs = program.inputs().stream()
                .map(name -> new Input(List.of(), false))
                .toList();
        return written(program, inputs, seen, outputs);
    }

    private static boolean isConstant(Value value) {
        return value instanceof Value.Items items
                ? items.values().stream().allMatch(Value.Constant.class::isInstance)
                : value instanceof Value.Constant;
    }

    private static void addWeights(Value value, Set<String> names) {
        if (value instanceof Value.Weight weight) {
            names.add(weight.name());
        } else if (value instanceof Value.Items items) {
            items.values().forEach(item -> addWeights(item, names));
        }
    }

    private static Steps written(TracedProgram program, List<Input> inputs, Map<Value, Step> seen, List<Step> outputs) {
        List<String> weights = List.copyOf(program.weights());
        String code = new ScriptCode(program, weights).returning(seen.keySet());
        List<Step> values = new ArrayList<>(seen.values());
        values.addAll(outputs);
        boolean training = program.operations().stream().anyMatch(Steps::isInTraining);
        return new Steps(code, weights, inputs, List.copyOf(values), outputs.size(), training);
    }

    private static boolean isInTraining(Operation operation) {
        Integer index = TRAINING.get(operation.operator());
        return index != null
                && !dropsNothing(operation)
                && index < operation.arguments().size()
                && operation.arguments().get(index) instanceof Value.Constant constant
                && Boolean.TRUE.equals(constant.value());
    }

    private static boolean dropsNothing(Operation operation) {
        return operation.operator().contains("dropout")
                && operation.arguments().size() > 1
                && operation.arguments().get(1) instanceof Value.Constant constant
                && Double.valueOf(0).equals(constant.value());
    }

    /** The refusal of a program whose nested lists make its text too long. */
    static Refused tooLong() {
        return new Refused("The calls of the model, written one after the other, take more than 16 MiB");
    }
}
