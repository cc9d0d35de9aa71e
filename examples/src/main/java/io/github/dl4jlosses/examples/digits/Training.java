/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network being trained by one of the frameworks. */
interface Training {

    /** One step of gradient descent; what it returns belongs to the parameters before the step. */
    Step step(DigitsBatch batch);

    /** The parameters as they are now. */
    Parameters parameters();

    /** The share of the rows that the network gets right. */
    double accuracy(DigitsBatch batch);

    /** What a step computed: the mean loss of the batch, and its derivative with respect to every parameter. */
    record Step(double loss, Parameters gradient) {}

    /** The numbers of the network, or their gradients, as torch lays them out: [32, 64], [32], [10, 32] and [10]. */
    record Parameters(List<INDArray> all) {
        /** The largest magnitude of a difference; NaN where there is a NaN. */
        double largestDifference(Parameters other) {
            double[] ours = numbers();
            double[] theirs = other.numbers();
            return IntStream.range(0, ours.length)
                    .mapToDouble(i -> Math.abs(ours[i] - theirs[i]))
                    .reduce(0, Math::max);
        }

        private double[] numbers() {
            return all.stream()
                    .flatMapToDouble(
                            array -> Arrays.stream(array.dup('c').data().asDouble()))
                    .toArray();
        }
    }
}
