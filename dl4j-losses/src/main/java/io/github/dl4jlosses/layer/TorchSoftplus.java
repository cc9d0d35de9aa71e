/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Objects;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The smooth rectifier as torch computes it, {@code nn.Softplus}; DL4J's {@code Activation.SOFTPLUS} is infinite from
 * 710 on and lacks torch's β and threshold.
 *
 * <p>Formula: f(x) = ln(1 + e^(β x)) / β, and x where β x is above the threshold.
 *
 * <p>Shapes: any array, element by element. As DL4J expects, {@code getActivation} overwrites its argument and returns
 * it.
 *
 * <p>Options: {@code beta}, 1 by default, and {@code threshold}, 20 by default. NaN gives NaN.
 *
 * <pre>{@code
 * INDArray x = Nd4j.createFromArray(new double[] {0, 800});
 * new TorchSoftplus().getActivation(x, false); // [0.6931471805599453, 800]
 * new DenseLayer.Builder().nOut(16).activation(new TorchSoftplus(2, 20)).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.Softplus, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchSoftplus extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;

    /** The factor of the argument. */
    private double beta;

    /** Above it the function is the identity. */
    private double threshold;

    /** With torch's defaults, β 1 and the threshold 20. */
    public TorchSoftplus() {
        this(1, 20);
    }

    /**
     * With torch's options.
     *
     * @param beta the factor of the argument
     * @param threshold above it {@code beta * x} gives x
     * @throws IllegalArgumentException if {@code beta} is 0, or one of the two is not finite
     */
    public TorchSoftplus(double beta, double threshold) {
        if (beta == 0 || !Double.isFinite(beta)) {
            throw new IllegalArgumentException("beta must be finite and not 0, got " + beta);
        }
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("threshold must be finite, got " + threshold);
        }
        this.beta = beta;
        this.threshold = threshold;
    }

    /**
     * The factor of the argument.
     *
     * @return torch's {@code beta}
     */
    public double getBeta() {
        return beta;
    }

    /**
     * Where the function becomes the identity.
     *
     * @return torch's {@code threshold}
     */
    public double getThreshold() {
        return threshold;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        INDArray scaled = in.mul(beta);
        INDArray above = scaled.gt(threshold);
        INDArray power = Transforms.exp(scaled, false);
        INDArray smooth = Nd4j.getExecutioner().exec(new Log1p(power, power)).divi(beta);
        return in.assign(chosen(above, in, smooth));
    }

    /**
     * The first where the condition holds, else the second. A sum of both, masked, would give NaN where the other is
     * infinite.
     */
    private static INDArray chosen(INDArray condition, INDArray first, INDArray second) {
        return Nd4j.exec(DynamicCustomOp.builder("select")
                .addInputs(condition, first, second)
                .build())[0];
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        INDArray scaled = in.mul(beta);
        INDArray above = scaled.gt(threshold);
        INDArray power = Transforms.exp(scaled, false);
        INDArray smooth = power.div(power.add(1));
        return new Pair<>(chosen(above, Nd4j.onesLike(in), smooth).muli(epsilon), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchSoftplus
                && Double.compare(beta, ((TorchSoftplus) other).beta) == 0
                && Double.compare(threshold, ((TorchSoftplus) other).threshold) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(TorchSoftplus.class, beta, threshold);
    }

    @Override
    public String toString() {
        return "torchsoftplus(beta=" + beta + ", threshold=" + threshold + ")";
    }
}
