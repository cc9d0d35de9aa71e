/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The piecewise swish of MobileNetV3, torch's {@code nn.Hardswish}, which DL4J lacks.
 *
 * <p>Formula: f(x) = x min(max(x + 3, 0), 6) / 6; the slope is x/3 + 1/2 between -3 and 3, 0 below and 1 above.
 *
 * <p>Shapes: any array, element by element. As DL4J expects, {@code getActivation} overwrites its argument and returns
 * it. Options: none.
 *
 * <pre>{@code
 * INDArray x = Nd4j.createFromArray(new double[] {-4, 1, 4});
 * new TorchHardswish().getActivation(x, false); // [0, 0.6666666666666666, 4]
 * }</pre>
 *
 * <p>Reference: torch.nn.Hardswish, torch 2.7.1; Howard et al., Searching for MobileNetV3, 2019.
 *
 * @since 0.1.0
 */
public final class TorchHardswish extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;

    /** An activation without options. */
    public TorchHardswish() {}

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return in.muli(TorchHardsigmoid.of(in));
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        DataType type = in.dataType();
        INDArray between = in.gte(-3).castTo(type).muli(in.lte(3).castTo(type));
        INDArray slope = in.div(3).addi(.5).muli(between).addi(in.gt(3).castTo(type));
        return new Pair<>(slope.muli(epsilon), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchHardswish;
    }

    @Override
    public int hashCode() {
        return TorchHardswish.class.hashCode();
    }

    @Override
    public String toString() {
        return "torchhardswish";
    }
}
