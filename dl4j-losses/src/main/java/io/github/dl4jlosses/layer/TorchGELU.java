/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Objects;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The Gaussian error linear unit as torch computes it, {@code nn.GELU}; DL4J's {@code Activation.GELU} differs from it by up
 * to 0.02.
 *
 * <p>Formula: f(x) = x Φ(x), where Φ is the distribution function of the standard normal distribution,
 * (1 + erf(x / √2)) / 2. With {@link Approximate#TANH}, f(x) = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
 *
 * <p>Shapes: any array, element by element. As DL4J expects, {@code getActivation} overwrites its argument and returns
 * it.
 *
 * <p>Options: {@code approximate}, torch's {@code 'none'} (the default) or {@code 'tanh'}. NaN gives NaN.
 *
 * <pre>{@code
 * INDArray x = Nd4j.createFromArray(new double[] {1, -1});
 * new TorchGELU().getActivation(x, false); // [0.8413447460685429, -0.15865525393145707]
 * new DenseLayer.Builder().nOut(16).activation(new TorchGELU(TorchGELU.Approximate.TANH)).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.GELU, torch 2.7.1; Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.
 *
 * @since 0.1.0
 */
public final class TorchGELU extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;
    private static final double ROOT_OF_HALF = Math.sqrt(.5);
    /** The density of the standard normal distribution at 0. */
    private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

    private static final double INNER = Math.sqrt(2 / Math.PI);
    private static final double CUBE = .044715;

    /**
     * Torch's option {@code approximate}.
     *
     * @since 0.1.0
     */
    public enum Approximate {
        /** By the error function. */
        NONE,
        /** By the hyperbolic tangent. */
        TANH
    }

    /** How Φ is computed. */
    private Approximate approximate;

    /** By the error function, torch's default. */
    public TorchGELU() {
        this(Approximate.NONE);
    }

    /**
     * With torch's option.
     *
     * @param approximate how Φ is computed
     * @throws IllegalArgumentException if {@code approximate} is null
     */
    public TorchGELU(Approximate approximate) {
        if (approximate == null) {
            throw new IllegalArgumentException("approximate must not be null");
        }
        this.approximate = approximate;
    }

    /**
     * How Φ is computed.
     *
     * @return torch's {@code approximate}
     */
    public Approximate getApproximate() {
        return approximate;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return in.muli(weight(in));
    }

    /** Φ(x), or its approximation. */
    private INDArray weight(INDArray x) {
        return approximate == Approximate.TANH
                ? tanh(x).addi(1).muli(.5)
                : erf(x.mul(ROOT_OF_HALF)).addi(1).muli(.5);
    }

    private static INDArray erf(INDArray x) {
        return Nd4j.getExecutioner().exec(new Erf(x, x));
    }

    private static INDArray tanh(INDArray x) {
        INDArray polynomial = x.mul(x).muli(CUBE).addi(1).muli(x).muli(INNER);
        return Transforms.tanh(polynomial, false);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        INDArray slope = weight(in).addi(ofWeight(in).muli(in));
        return new Pair<>(slope.muli(epsilon), null);
    }

    /** The derivative of Φ. */
    private INDArray ofWeight(INDArray x) {
        INDArray square = x.mul(x);
        if (approximate == Approximate.TANH) {
            INDArray tanh = tanh(x);
            INDArray ofTanh = tanh.muli(tanh).rsubi(1);
            return ofTanh.muli(square.muli(3 * CUBE).addi(1)).muli(.5 * INNER);
        }
        return Transforms.exp(square.muli(-.5), false).muli(DENSITY_AT_ZERO);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchGELU && approximate == ((TorchGELU) other).approximate;
    }

    @Override
    public int hashCode() {
        return Objects.hash(TorchGELU.class, approximate);
    }

    @Override
    public String toString() {
        return approximate == Approximate.TANH ? "torchgelu(tanh)" : "torchgelu";
    }
}
