/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is held against torch: the results of a loss, in row-major order.
 *
 * @since 0.1.0
 */
public interface Subject {
    /**
     * The reduced loss.
     *
     * @return one number
     */
    double value();

    /**
     * The gradient with respect to the input.
     *
     * @return one number per element
     */
    double[] gradient();

    /**
     * The gradient with respect to the target.
     *
     * @return one number per element
     */
    double[] targetGradient();

    /**
     * The losses, not reduced.
     *
     * @return one number per element or row
     */
    double[] unreduced();

    /**
     * The loss of a case on its own numbers.
     *
     * @param example the case
     * @return its results
     */
    static Subject of(GridCase example) {
        return of(example.loss(), example.input(), example.target());
    }

    /**
     * A loss on given arrays.
     *
     * @param loss the loss
     * @param input its input
     * @param target its target
     * @return its results
     */
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
