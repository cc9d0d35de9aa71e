/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * A sigmoid of three straight lines as torch computes it, {@code nn.Hardsigmoid}; DL4J's {@code Activation.HARDSIGMOID}
 * has the slope 0.2 instead of 1/6.
 *
 * <p>Formula: f(x) = min(max(x + 3, 0), 6) / 6; the slope is 1/6 between -3 and 3, and 0 elsewhere, also at -3 and at
 * 3. The gradient uses 1/6 rounded to float, as torch's kernel does for all dtypes.
 *
 * <p>Shapes: any array, element by element. As DL4J expects, {@code getActivation} overwrites its argument and returns
 * it. Options: none.
 *
 * <pre>{@code
 * INDArray x = Nd4j.createFromArray(new double[] {-4, 0, 1.5});
 * new TorchHardsigmoid().getActivation(x, false); // [0, 0.5, 0.75]
 * }</pre>
 *
 * <p>Reference: torch.nn.Hardsigmoid, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchHardsigmoid extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;
    /** Torch's kernel has 1.0f / 6.0f for float64, too. */
    private static final double SLOPE = 1f / 6f;

    /** An activation without options. */
    public TorchHardsigmoid() {}

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return in.assign(of(in));
    }

    /** The function, in a new array. */
    static INDArray of(INDArray x) {
        INDArray bounded = x.add(3);
        // which keeps NaN, where minimum and maximum would give the bound instead
        BooleanIndexing.replaceWhere(bounded, 0, Conditions.lessThan(0));
        BooleanIndexing.replaceWhere(bounded, 6, Conditions.greaterThan(6));
        return bounded.divi(6);
    }

    /** 1 between two numbers, else 0. */
    static INDArray isBetween(INDArray x, double low, double high) {
        DataType type = x.dataType();
        return x.gt(low).castTo(type).muli(x.lt(high).castTo(type));
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        return new Pair<>(isBetween(in, -3, 3).muli(SLOPE).muli(epsilon), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchHardsigmoid;
    }

    @Override
    public int hashCode() {
        return TorchHardsigmoid.class.hashCode();
    }

    @Override
    public String toString() {
        return "torchhardsigmoid";
    }
}
