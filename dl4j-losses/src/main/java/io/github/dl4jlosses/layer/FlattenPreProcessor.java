/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Makes one row of each example, in any order of the dimensions: torch's {@code x.permute(order).flatten(1)}. DL4J only
 * offers this for pictures, in one order.
 *
 * <pre>{@code
 * new FlattenPreProcessor(0, 1, 2); // sequences (N, C, T), channel after channel: Conv1d, Flatten, Linear
 * new FlattenPreProcessor(0, 2, 1); // step after step
 * }</pre>
 *
 * @since 0.1.0
 */
public final class FlattenPreProcessor implements InputPreProcessor {
    private static final long serialVersionUID = 1L;

    /** The dimensions of the input in the order in which they are laid out; 0, the batch, first. */
    private final int[] order;

    /** The shape of the last input after it was put in order. */
    private transient long[] shape;

    /**
     * A flattening in this order.
     *
     * @param order all dimensions of the input, 0 first; the last one runs fastest
     * @throws IllegalArgumentException if the order does not begin with 0 or does not name each dimension once
     */
    @JsonCreator
    public FlattenPreProcessor(@JsonProperty("order") int... order) {
        if (order == null || order.length < 2 || order[0] != 0) {
            throw new IllegalArgumentException(
                    "order must begin with 0 and name all dimensions, got " + Arrays.toString(order));
        }
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i) {
                throw new IllegalArgumentException(
                        "order must name each dimension once, got " + Arrays.toString(order));
            }
        }
        this.order = order.clone();
    }

    /**
     * The order of the dimensions.
     *
     * @return a copy
     */
    @JsonProperty("order")
    public int[] getOrder() {
        return order.clone();
    }

    @Override
    public INDArray preProcess(INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
        if (input.rank() != order.length) {
            throw new IllegalArgumentException("The input has the shape " + Arrays.toString(input.shape()) + " where "
                    + order.length + " dimensions are expected");
        }
        INDArray ordered = input.permute(order);
        shape = ordered.shape();
        INDArray rows = ordered.dup('c').reshape('c', shape[0], ordered.length() / shape[0]);
        return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, rows);
    }

    @Override
    public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
        int[] back = new int[order.length];
        for (int i = 0; i < back.length; i++) {
            back[order[i]] = i;
        }
        INDArray gradient = output.dup('c').reshape('c', shape).permute(back).dup('c');
        return workspaceMgr.leverageTo(ArrayType.ACTIVATION_GRAD, gradient);
    }

    @Override
    public InputPreProcessor clone() {
        return new FlattenPreProcessor(order);
    }

    @Override
    public InputType getOutputType(InputType inputType) {
        return InputType.feedForward(inputType.arrayElementsPerExample());
    }

    /** A row has no steps, so there is nothing to mask. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
        return new Pair<>(null, currentMaskState);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlattenPreProcessor && Arrays.equals(order, ((FlattenPreProcessor) other).order);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(order);
    }

    @Override
    public String toString() {
        return "FlattenPreProcessor" + Arrays.toString(order);
    }
}
