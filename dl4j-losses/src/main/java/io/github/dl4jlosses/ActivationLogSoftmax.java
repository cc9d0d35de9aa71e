/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.LogSoftmax;
import io.github.dl4jlosses.internal.memory.Rows;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logarithm of the softmax as an activation, torch's {@code nn.LogSoftmax(dim=1)}, which DL4J lacks.
 *
 * <p>Formula: f(z)_c = z_c - log(sum_j exp(z_j)); its backward is e_c - softmax(z)_c sum_j e_j. Both are computed in
 * double from the largest logit and the sum of the others, so they are exact for any logits; ND4J's {@code log_softmax}
 * takes the logarithm of a softmax that may have become 0.
 *
 * <p>Shapes: any array of rank 1 or more, along dimension 1 (0 for rank 1). As DL4J expects, {@code getActivation}
 * overwrites its argument and returns it.
 *
 * <p>In a network it is the natural head of {@link NLLLoss} and {@link KLDivLoss}, which then compute from the logits
 * directly. Options: none; NaN or a positive infinity in a row makes the row NaN, as in torch.
 *
 * <pre>{@code
 * INDArray z = Nd4j.createFromArray(new double[][] {{0, 0}});
 * new ActivationLogSoftmax().getActivation(z, false); // [[-0.6931471805599453, -0.6931471805599453]]
 * new OutputLayer.Builder(new NLLLoss()).activation(new ActivationLogSoftmax()).nIn(32).nOut(10).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.LogSoftmax, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class ActivationLogSoftmax extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;

    /** An activation without options. */
    public ActivationLogSoftmax() {}

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        LogSoftmax.forward(Rows.of(in));
        return in;
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        LogSoftmax.backward(Rows.of(in), Rows.of(epsilon));
        return new Pair<>(in, null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ActivationLogSoftmax;
    }

    @Override
    public int hashCode() {
        return ActivationLogSoftmax.class.hashCode();
    }

    @Override
    public String toString() {
        return "logsoftmax";
    }
}
