/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor that the model computes, and the vertex of the graph that gives it.
 *
 * <p>Permuting dimensions is free in torch and only recorded here, because DL4J's layers have a fixed order of
 * dimensions.
 *
 * @param vertex the vertex or input of the graph
 * @param form the kind of its array
 * @param shape the sizes of that array, in DL4J's order
 * @param axes for each dimension in torch's order the one of the array, or {@link #UNIT} for a size of 1 that the array lacks
 */
record Activation(String vertex, Form form, List<Long> shape, List<Integer> axes) {

    /** The size of the batch, which is not known. */
    static final long BATCH = -1;

    /** The length of sequences if the user does not give it. */
    static final long UNKNOWN = -2;

    static final int UNIT = -1;
    static final int CHANNELS = 1;
    private static final int TIME = 2;

    /** An activation whose order in torch is DL4J's. */
    static Activation of(String vertex, Form form, List<Long> shape) {
        return new Activation(
                vertex, form, shape, IntStream.range(0, shape.size()).boxed().toList());
    }

    int rank() {
        return axes.size();
    }

    /** The size of a dimension in torch's order. */
    long size(int dimension) {
        int axis = axes.get(dimension);
        return axis == UNIT ? 1 : shape.get(axis);
    }

    List<Long> sizes() {
        return IntStream.range(0, rank()).mapToObj(this::size).toList();
    }

    long channels() {
        return shape.get(CHANNELS);
    }

    boolean isChannels(int dimension) {
        return form != Form.TOKENS && axes.get(dimension) == CHANNELS;
    }

    boolean isTime(int dimension) {
        return form == Form.SEQUENCE && axes.get(dimension) == TIME;
    }

    /** Whether torch's order is DL4J's, without further dimensions. */
    boolean isInOrder() {
        return axes.equals(IntStream.range(0, shape.size()).boxed().toList());
    }

    /** The same dimensions of another vertex, whose array has the same form. */
    Activation with(String otherVertex, List<Long> otherShape) {
        return new Activation(otherVertex, form, otherShape, axes);
    }

    Activation withAxes(List<Integer> otherAxes) {
        return new Activation(vertex, form, shape, otherAxes);
    }

    Activation withChannels(String otherVertex, long channels) {
        List<Long> sizes = new ArrayList<>(shape);
        sizes.set(CHANNELS, channels);
        return with(otherVertex, sizes);
    }

    /**
     * The result of an operator that reduces all dimensions after the channels.
     *
     * @param keep whether torch keeps these dimensions with size 1
     */
    Activation reduced(String otherVertex, boolean keep) {
        List<Integer> left = new ArrayList<>();
        for (int axis : axes) {
            if (axis <= CHANNELS) {
                left.add(axis);
            } else if (keep) {
                left.add(UNIT);
            }
        }
        return new Activation(otherVertex, Form.FLAT, shape.subList(0, 2), left);
    }

    /** Torch's sizes in words. */
    String words() {
        return sizes().stream()
                .map(size -> size == BATCH ? "N" : size == UNKNOWN ? "T" : String.valueOf(size))
                .toList()
                .toString();
    }
}
