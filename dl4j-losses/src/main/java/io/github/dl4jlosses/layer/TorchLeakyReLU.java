/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Objects;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The leaky rectifier as torch computes it, {@code nn.LeakyReLU}; DL4J's {@code Activation.LEAKYRELU} rounds the slope to a
 * float in its gradient, and has the gradient 1 at 0.
 *
 * <p>Formula: f(x) = x above 0, else {@code negativeSlope} x; the slope at 0 is {@code negativeSlope}.
 *
 * <p>Shapes: any array, element by element. As DL4J expects, {@code getActivation} overwrites its argument and returns
 * it.
 *
 * <p>Options: {@code negativeSlope}, torch's {@code negative_slope}, 0.01 by default.
 *
 * <pre>{@code
 * INDArray x = Nd4j.createFromArray(new double[] {-2, 3});
 * new TorchLeakyReLU(.1).getActivation(x, false); // [-0.2, 3]
 * }</pre>
 *
 * <p>Reference: torch.nn.LeakyReLU, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchLeakyReLU extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;

    /** The slope below 0. */
    private double negativeSlope;

    /** With the slope 0.01, torch's default. */
    public TorchLeakyReLU() {
        this(.01);
    }

    /**
     * With the given slope.
     *
     * @param negativeSlope the slope below 0
     */
    public TorchLeakyReLU(double negativeSlope) {
        this.negativeSlope = negativeSlope;
    }

    /**
     * The slope below 0.
     *
     * @return torch's {@code negative_slope}
     */
    public double getNegativeSlope() {
        return negativeSlope;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return in.muli(slope(in));
    }

    private INDArray slope(INDArray x) {
        DataType type = x.dataType();
        INDArray above = x.gt(0).castTo(type);
        // a sum with one term 0, so that nothing is rounded
        return above.rsub(1).muli(negativeSlope).addi(above);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        return new Pair<>(slope(in).muli(epsilon), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchLeakyReLU
                && Double.compare(negativeSlope, ((TorchLeakyReLU) other).negativeSlope) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(TorchLeakyReLU.class, negativeSlope);
    }

    @Override
    public String toString() {
        return "torchleakyrelu(negativeSlope=" + negativeSlope + ")";
    }
}
