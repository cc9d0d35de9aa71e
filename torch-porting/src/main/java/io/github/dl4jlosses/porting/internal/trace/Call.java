/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * An operation with known arguments: {@link Activation}s, {@link Weight}s, numbers (Long, Double), booleans, strings,
 * null, lists of these, and {@link Size}s that a trace leaves open. Results are of the same kinds.
 */
final class Call {

    private final Operation operation;
    private final List<Object> arguments;
    private final Map<String, Object> named;
    private final GraphPlan plan;

    Call(Operation operation, List<Object> arguments, Map<String, Object> named, GraphPlan plan) {
        this.operation = operation;
        this.arguments = arguments;
        this.named = named;
        this.plan = plan;
    }

    /** A size that depends on the data. */
    enum Size {
        BATCH,
        UNKNOWN
    }

    GraphPlan plan() {
        return plan;
    }

    Refused refused(String reason) {
        return operation.refused(reason);
    }

    Operation operation() {
        return operation;
    }

    /** An argument, or null if it is left out. */
    Object any(int index) {
        return index < arguments.size() ? arguments.get(index) : null;
    }

    Object named(String name) {
        return named.get(name);
    }

    int arguments() {
        return arguments.size();
    }

    boolean has(int index) {
        return any(index) != null;
    }

    Activation activation(int index) {
        if (any(index) instanceof Activation activation) {
            return activation;
        }
        throw refused("takes " + words(any(index)) + " where only what the model computes from its inputs will do");
    }

    Weight weight(int index) {
        if (any(index) instanceof Weight weight) {
            return weight;
        }
        throw refused("takes " + words(any(index)) + " where only a parameter will do");
    }

    private static String words(Object value) {
        if (value instanceof Weight weight) {
            return "the parameter " + Refused.shown(weight.name());
        }
        if (value instanceof Value.Frozen frozen) {
            return Refused.shown(frozen.name()) + ", a constant of the trace";
        }
        if (value == null) {
            return "nothing (None)";
        }
        if (value == RecurrentOperators.State.ZEROS) {
            return "zeros, which are known only as the initial state of a recurrent layer,";
        }
        if (value instanceof FinalStates) {
            return "the final states of all layers";
        }
        if (value instanceof Rearranged || value instanceof Attention) {
            return "heads of an attention, or a sequence that was taken apart for them,";
        }
        return value instanceof Activation
                ? "what the model computes"
                : value instanceof List ? "a list" : Refused.shown(String.valueOf(value));
    }

    long number(int index, long ifLeftOut) {
        Object value = any(index);
        if (value == null) {
            return ifLeftOut;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw refused("takes " + words(value) + " where only a whole number will do");
    }

    /** A size that stays within what DL4J can hold. */
    int count(int index, int ifLeftOut) {
        return checkedCount(number(index, ifLeftOut));
    }

    private int checkedCount(long number) {
        if (number < 0 || number > 1 << 24) {
            throw refused("takes the size " + number + ", which no layer can have");
        }
        return (int) number;
    }

    double real(int index, double ifLeftOut) {
        return real(any(index), ifLeftOut);
    }

    double real(Object value, double ifLeftOut) {
        if (value == null) {
            return ifLeftOut;
        }
        if (value instanceof Long || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        throw refused("takes " + words(value) + " where only a number will do");
    }

    boolean flag(int index, boolean ifLeftOut) {
        Object value = any(index);
        if (value == null) {
            return ifLeftOut;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw refused("takes " + words(value) + " where only a truth value will do");
    }

    List<Object> list(int index) {
        if (any(index) instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw refused("takes " + words(any(index)) + " where only a list will do");
    }

    /** Sizes; a single one may stand for all. */
    int[] counts(int index, int size, long ifLeftOut) {
        Object given = any(index);
        List<?> list = given instanceof List<?> several ? several : given == null ? List.of() : List.of(given);
        if (list.size() > 1 && list.size() != size) {
            throw refused("takes " + list.size() + " sizes where " + size + " are needed");
        }
        int[] counts = new int[size];
        for (int i = 0; i < size; i++) {
            Object value = list.isEmpty() ? (Object) ifLeftOut : list.get(list.size() == 1 ? 0 : i);
            if (!(value instanceof Long number)) {
                throw refused("takes " + words(value) + " where only a whole number will do");
            }
            counts[i] = checkedCount(number);
        }
        return counts;
    }

    /** A dimension in torch's order, which may count from the end. */
    int dimension(int index, Activation of) {
        return dimension(number(index, 0), of.rank());
    }

    int dimension(Object value, int rank) {
        if (!(value instanceof Long number) || number < -rank || number >= rank) {
            throw refused("takes " + words(value) + " where only a dimension of " + rank + " will do");
        }
        return (int) (number < 0 ? number + rank : number);
    }

    // ---- what it becomes ----

    String add(Source<? extends Layer> layer, String input, Map<String, String> tensors) {
        return add("", layer, null, input, tensors);
    }

    String add(
            String suffix,
            Source<? extends Layer> layer,
            Source<? extends InputPreProcessor> preProcessor,
            String input,
            Map<String, String> tensors) {
        return add(new PlannedVertex(
                plan.nameFor(operation, suffix),
                operation,
                layer,
                null,
                preProcessor,
                List.of(input),
                tensors,
                new PlannedVertex.Other()));
    }

    String addVertex(String suffix, Source<? extends GraphVertex> vertex, String... inputs) {
        return add(new PlannedVertex(
                plan.nameFor(operation, suffix),
                operation,
                null,
                vertex,
                null,
                List.of(inputs),
                Map.of(),
                new PlannedVertex.Other()));
    }

    /**
     * A vertex with a copy of another's array if needed. Outside training DL4J's activations change their input in
     * place, and other readers would see the change; so would the user, whose array is the input of the graph.
     */
    String own(String vertex) {
        return plan.isViewOfInput(vertex)
                ? addVertex("copy", Source.of(by -> new ScaleVertex(by), 1.0), vertex)
                : vertex;
    }

    /** Adds a layer that replaces a whole module, and has its path as name if the module is one of torch's own. */
    String addModule(Source<? extends Layer> layer, String input, Map<String, String> tensors) {
        String name = operation.isInAttention() ? plan.unique(operation.path()) : plan.nameFor(operation, "");
        return add(new PlannedVertex(
                name, operation, layer, null, null, List.of(input), tensors, new PlannedVertex.Other()));
    }

    private String add(PlannedVertex vertex) {
        plan.add(vertex);
        return vertex.name();
    }

    /** Records what an output layer with a loss can take over. */
    void role(String vertex, PlannedVertex.Role role) {
        plan.replace(List.of(), plan.vertex(vertex).withRole(role));
    }
}
