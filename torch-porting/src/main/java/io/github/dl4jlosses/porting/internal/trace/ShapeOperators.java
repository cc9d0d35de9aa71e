/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;

/** Translates operators that move, cut and join dimensions. */
final class ShapeOperators {

    private static final int MOST_PARTS = 1000;

    private ShapeOperators() {}

    static void addTo(Map<String, Operator> table) {
        for (String name : List.of("contiguous", "clone", "alias")) {
            table.put("torch." + name, call -> call.any(0));
        }
        table.put("torch.to", ShapeOperators::converted);
        table.put("torch.type_as", ShapeOperators::converted);
        table.put("torch.detach", call -> {
            if (call.any(0) instanceof Activation) {
                throw call.refused("keeps gradients from going on, which no vertex of DL4J does");
            }
            return call.any(0);
        });
        table.put("torch.size", ShapeOperators::size);
        table.put("torch.permute", ShapeOperators::permute);
        table.put("torch.transpose", ShapeOperators::transpose);
        table.put("torch.squeeze", ShapeOperators::squeeze);
        table.put("torch.unsqueeze", ShapeOperators::unsqueeze);
        table.put("torch.flatten", Reshaping::flatten);
        table.put("torch.view", Reshaping::view);
        table.put("torch.reshape", Reshaping::view);
        table.put("torch.select", ShapeOperators::select);
        table.put("torch.slice", ShapeOperators::slice);
        table.put("torch.cat", ShapeOperators::concatenate);
        table.put("torch.concat", ShapeOperators::concatenate);
        for (String unsafe : List.of("", "unsafe_")) {
            table.put("torch." + unsafe + "chunk", ShapeOperators::chunk);
            table.put("torch." + unsafe + "split", ShapeOperators::split);
            table.put("torch." + unsafe + "split_with_sizes", ShapeOperators::split);
        }
    }

    /** Translates conversions; only indices, which are integers already, may become integers. */
    static Object converted(Call call) {
        Object value = call.any(0);
        if (ModelType.isComputed(value)) {
            call.plan().precision().check(call, type(call));
        }
        return value;
    }

    /** The requested type, if any: torch's number for it, or a tensor that has it. */
    private static Object type(Call call) {
        for (int i = 1; i < call.arguments(); i++) {
            Object argument = call.any(i);
            if (argument instanceof Long || argument instanceof Activation || argument instanceof Weight) {
                return argument;
            }
        }
        return null;
    }

    private static Object size(Call call) {
        Activation x = call.activation(0);
        if (!call.has(1)) {
            throw call.refused("asks for all sizes at once");
        }
        long size = x.size(call.dimension(1, x));
        return size == Activation.BATCH
                ? Call.Size.BATCH
                : size == Activation.UNKNOWN ? Call.Size.UNKNOWN : (Object) size;
    }

    private static Object permute(Call call) {
        Activation x = call.activation(0);
        List<Integer> axes = new ArrayList<>();
        for (Object dimension : call.list(1)) {
            axes.add(x.axes().get(call.dimension(dimension, x.rank())));
        }
        if (axes.size() != x.rank() || call.list(1).stream().distinct().count() != x.rank()) {
            throw call.refused("names " + call.list(1) + " for the dimensions of " + x.words());
        }
        return x.withAxes(axes);
    }

    private static Object transpose(Call call) {
        Activation x = call.activation(0);
        List<Integer> axes = new ArrayList<>(x.axes());
        Collections.swap(axes, call.dimension(1, x), call.dimension(2, x));
        return x.withAxes(axes);
    }

    private static Object squeeze(Call call) {
        if (call.any(0) instanceof FinalStates states) {
            if (!call.has(1)) {
                throw call.refused(
                        "takes all sizes of 1 away from the final states, which with a batch of one is another"
                                + " model; say squeeze(0)");
            }
            if (call.number(1, 0) == 0 && states.count() == 1) {
                return states.select(call, 0);
            }
            throw call.refused("takes " + states.count() + " final states, and not one");
        }
        Activation x = call.activation(0);
        if (!call.has(1)) {
            throw call.refused("takes all sizes of 1 away, which with a batch of one is another model");
        }
        int dimension = call.dimension(1, x);
        if (x.axes().get(dimension) != Activation.UNIT) {
            if (x.size(dimension) == 1) {
                throw call.refused(
                        "takes the dimension " + dimension + " of " + x.words() + " away, which DL4J's array keeps");
            }
            return x;
        }
        List<Integer> axes = new ArrayList<>(x.axes());
        axes.remove(dimension);
        return x.withAxes(axes);
    }

    private static Object unsqueeze(Call call) {
        if (call.any(0) instanceof PositionOperators.Places places && call.number(1, 0) == 0) {
            return places; // one more dimension of 1 before, along which an embedding repeats itself
        }
        Activation x = call.activation(0);
        List<Integer> axes = new ArrayList<>(x.axes());
        axes.add(call.dimension(call.number(1, 0), x.rank() + 1), Activation.UNIT);
        return x.withAxes(axes);
    }

    private static Object select(Call call) {
        long index = call.number(2, 0);
        if (call.any(0) instanceof FinalStates states) {
            long at = index < 0 ? index + states.count() : index;
            if (call.number(1, 0) == 0 && at >= 0 && at < states.count()) {
                return states.select(call, (int) at);
            }
            throw call.refused("takes state " + index + " of " + states.count());
        }
        Activation x = call.activation(0);
        int dimension = call.dimension(1, x);
        if (x.isTime(dimension)) {
            if (index == -1 || (x.size(dimension) > 0 && index == x.size(dimension) - 1)) {
                return FinalStates.last(call, x);
            }
            if (index == 0) {
                return FinalStates.first(call, x);
            }
        }
        if (x.axes().get(dimension) == Activation.UNIT && (index == 0 || index == -1)) {
            List<Integer> axes = new ArrayList<>(x.axes());
            axes.remove(dimension);
            return x.withAxes(axes);
        }
        throw call.refused("takes place " + index + " of dimension " + dimension + " of " + x.words()
                + "; DL4J takes the first or last step of a sequence");
    }

    private static Object slice(Call call) {
        Activation x = call.activation(0);
        int dimension = call.dimension(1, x);
        long size = x.size(dimension);
        long from = call.number(2, 0);
        long to = call.number(3, Long.MAX_VALUE);
        if (call.number(4, 1) != 1) {
            throw call.refused("leaves out places in between");
        }
        if (from == 0 && (to == Long.MAX_VALUE || (size >= 0 && to >= size))) {
            return x;
        }
        if (size >= 0) {
            from = Math.max(0, from < 0 ? from + size : from);
            to = Math.min(size, to < 0 ? to + size : to);
        }
        return part(call, x, dimension, from, to);
    }

    private static Activation part(Call call, Activation x, int dimension, long from, long to) {
        if (!x.isChannels(dimension) || from >= to || from < 0 || to > x.channels()) {
            throw call.refused("takes the places " + from + " to " + to + " of dimension " + dimension + " of "
                    + x.words() + "; DL4J takes some of the channels");
        }
        String vertex = call.addVertex(
                "", Source.of((first, last) -> new SubsetVertex(first, last), (int) from, (int) to - 1), x.vertex());
        return x.withChannels(vertex, to - from);
    }

    private static Object chunk(Call call) {
        Activation x = call.activation(0);
        int dimension = call.dimension(2, x);
        int count = Math.max(1, call.count(1, 1));
        return parts(call, x, dimension, Math.max(1, (x.size(dimension) + count - 1) / count));
    }

    private static Object split(Call call) {
        Activation x = call.activation(0);
        int dimension = call.dimension(2, x);
        if (!(call.any(1) instanceof List)) {
            return parts(call, x, dimension, Math.max(1, call.count(1, 1)));
        }
        List<Object> parts = new ArrayList<>();
        long from = 0;
        for (int size : call.counts(1, call.list(1).size(), 0)) {
            parts.add(part(call, x, dimension, from, from + size));
            from += size;
        }
        return parts;
    }

    private static List<Object> parts(Call call, Activation x, int dimension, long size) {
        if (x.size(dimension) / size > MOST_PARTS) {
            throw call.refused("makes more than " + MOST_PARTS + " parts");
        }
        List<Object> parts = new ArrayList<>();
        for (long from = 0; from < x.size(dimension); from += size) {
            parts.add(part(call, x, dimension, from, Math.min(from + size, x.size(dimension))));
        }
        return parts;
    }

    private static Object concatenate(Call call) {
        List<Object> parts = call.list(0);
        List<String> vertices = new ArrayList<>();
        Activation first = null;
        long channels = 0;
        for (Object each : parts) {
            if (!(each instanceof Activation part)) {
                throw call.refused("joins something that the model does not compute from its inputs");
            }
            first = first == null ? part : first;
            List<Long> likeFirst = part.withChannels("", first.channels()).shape();
            boolean fits = part.form() == first.form()
                    && part.form() != Form.VOLUME
                    && part.axes().equals(first.axes())
                    && likeFirst.equals(first.shape())
                    && part.isChannels(call.dimension(call.any(1) == null ? (Object) 0L : call.any(1), part.rank()));
            if (!fits) {
                throw call.refused("joins " + first.words() + " and " + part.words() + " along dimension " + call.any(1)
                        + "; DL4J joins channels");
            }
            vertices.add(part.vertex());
            channels += part.channels();
        }
        if (first == null) {
            throw call.refused("joins nothing");
        }
        if (vertices.size() == 1) {
            return first;
        }
        if (vertices.stream().distinct().count() != vertices.size()) {
            throw call.refused("joins a tensor with itself");
        }
        String vertex = call.addVertex("", Source.of(() -> new MergeVertex()), vertices.toArray(new String[0]));
        return first.withChannels(vertex, channels);
    }
}
