/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is held against torch: the results of a loss, in row-major order. */
public interface Subject {
    /** The reduced loss. */
    double value();

    /** The gradient with respect to the input, one number per element. */
    double[] gradient();

    /** The gradient with respect to the target, one number per element. */
    double[] targetGradient();

    /** The losses, not reduced: one number per element or row. */
    double[] unreduced();

    /** The loss of a case on its own numbers. */
    static Subject of(GridCase example) {
        return of(example.loss(), example.input(), example.target());
    }

    /** A loss on given arrays. */
    static Subject of(TorchLoss loss, INDArray input, INDArray target) {
        LossAndGradient both = loss.valueAndGradient(input, target);
        return new Subject() {
            @Override
            public double value() {
                return both.value();
            }

            @Override
            public double[] gradient() {
                return doubles(both.gradient());
            }

            @Override
            public double[] targetGradient() {
                return doubles(loss.targetGradient(input, target));
            }

            @Override
            public double[] unreduced() {
                return doubles(loss.unreduced(input, target));
            }
        };
    }

    private static double[] doubles(INDArray array) {
        return TorchTensor.of(array).toDoubles();
    }
}
