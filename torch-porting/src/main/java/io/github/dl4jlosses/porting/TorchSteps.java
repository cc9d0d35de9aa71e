/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.porting.internal.trace.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The calls of a traced model in order, for tools that run them in torch: what torch computes for the vertices of the
 * graph that {@link TorchModel} makes.
 *
 * <p>{@link #code()} takes the inputs in torch's order and the {@link #weights()}, and returns a tensor for each of the
 * {@link #values()}.
 *
 * @since 0.1.0
 */
public final class TorchSteps {

    private final Steps steps;
    private final List<INDArray> weights;

    TorchSteps(Steps steps, Map<String, INDArray> tensors) {
        this.steps = steps;
        this.weights = steps.weights().stream().map(tensors::get).toList();
    }

    /**
     * A value that torch computes, and the vertex that should give the same.
     *
     * @param vertex the name of the vertex or layer; empty for an output of the model whose vertex is not known
     * @param module the path of the module in whose {@code forward} it is computed; empty for the model itself
     * @param operator the operator of torch, such as {@code torch.relu}
     * @param axes for each dimension of torch's tensor that of DL4J's array, or -1 for a dimension of size 1 that
     *     DL4J's array lacks; empty if not known
     * @since 0.1.0
     */
    public record Value(String vertex, String module, String operator, List<Integer> axes) {

        /**
         * An array of DL4J in torch's order.
         *
         * @param array what the vertex gives
         * @return a copy; the array itself if its dimensions do not match {@link #axes()}
         */
        public INDArray inTorchsOrder(INDArray array) {
            return ordered(array, axes);
        }
    }

    /**
     * The calls in TorchScript.
     *
     * @return the method {@code forward(self: __torch__.Module, x: List[Tensor], w: List[Tensor]) -> List[Tensor]}, indented by two
     *     spaces
     */
    public String code() {
        return steps.code();
    }

    /**
     * The tensors of the file that the code takes.
     *
     * @return in the order of {@code w}
     */
    public List<INDArray> weights() {
        return weights;
    }

    /**
     * The values that the code returns.
     *
     * @return in its order; the model's outputs are the last ones
     */
    public List<Value> values() {
        return steps.values().stream()
                .map(step -> new Value(step.vertex(), step.module(), step.operator(), step.axes()))
                .toList();
    }

    /**
     * The number of the model's outputs.
     *
     * @return the number
     */
    public int outputs() {
        return steps.outputs();
    }

    /**
     * The model's inputs in torch's order.
     *
     * @param examples in DL4J's order
     * @return arrays of the same numbers; indices as integers
     * @throws IllegalArgumentException if their number is not that of the model's inputs
     */
    public List<INDArray> inTorchsOrder(INDArray... examples) {
        if (examples.length != steps.inputs().size()) {
            throw new IllegalArgumentException(
                    "The model has " + steps.inputs().size() + " inputs, got " + examples.length + " arrays");
        }
        return IntStream.range(0, examples.length)
                .mapToObj(i -> inTorchsOrder(examples[i], steps.inputs().get(i)))
                .toList();
    }

    private static INDArray inTorchsOrder(INDArray example, Steps.Input input) {
        INDArray ordered = ordered(example, input.axes());
        return input.isIndices() ? ordered.castTo(DataType.INT64) : ordered;
    }

    /**
     * Whether the model was traced in training mode, with dropout or batch statistics, so that its outputs differ from
     * those of evaluation.
     *
     * @return true if it was
     */
    public boolean isInTraining() {
        return steps.isInTraining();
    }

    /** The array with its dimensions reordered; dimensions of size 1 that one side lacks are ignored. */
    private static INDArray ordered(INDArray array, List<Integer> axes) {
        List<Integer> order = new ArrayList<>(axes);
        order.removeIf(axis -> axis < 0);
        boolean fits = !order.isEmpty() && order.stream().allMatch(axis -> axis < array.rank());
        for (int axis = 0; fits && axis < array.rank(); axis++) {
            if (!order.contains(axis)) {
                fits = array.size(axis) == 1;
                order.add(axis);
            }
        }
        if (!fits) {
            return array;
        }
        long[] shape =
                axes.stream().mapToLong(axis -> axis < 0 ? 1 : array.size(axis)).toArray();
        return array.permute(order.stream().mapToInt(axis -> axis).toArray())
                .dup('c')
                .reshape('c', shape);
    }
}
