/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is held against torch: the results of a loss, in row-major order.
 *
 * @param value the reduced loss
 * @param gradient the gradient with respect to the input, one number per element
 * @param targetGradient the gradient with respect to the target, one number per element; empty where torch has none
 * @param unreduced the losses, not reduced: one number per element or row
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Subject(double value, double[] gradient, double[] targetGradient, double[] unreduced) {
    /** The loss of a case on its own numbers. */
    public static Subject of(GridCase example) {
        return of(example, example.loss());
    }

    /** Another loss on the numbers of a case. */
    static Subject of(GridCase example, TorchLoss loss) {
        return of(loss, example.input(), example.target(), example.hasTargetGradient());
    }

    /** A loss on given arrays. */
    public static Subject of(TorchLoss loss, INDArray input, INDArray target, boolean hasTargetGradient) {
        LossAndGradient both = loss.valueAndGradient(input, target);
        return new Subject(
                both.value(),
                doubles(both.gradient()),
                hasTargetGradient ? doubles(loss.targetGradient(input, target)) : new double[0],
                doubles(loss.unreduced(input, target)));
    }

    private static double[] doubles(INDArray array) {
        return TorchTensor.of(array).toDoubles();
    }

    /** The same but for value and gradient. */
    Subject with(double otherValue, double... otherGradient) {
        return new Subject(otherValue, otherGradient, targetGradient, unreduced);
    }
}
