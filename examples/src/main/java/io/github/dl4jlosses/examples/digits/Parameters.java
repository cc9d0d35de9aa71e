/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of the network, or their gradients, as torch's {@code nn.Linear} lays them out.
 *
 * @param hiddenWeight [32, 64]
 * @param hiddenBias [32]
 * @param outputWeight [10, 32]
 * @param outputBias [10]
 */
record Parameters(INDArray hiddenWeight, INDArray hiddenBias, INDArray outputWeight, INDArray outputBias) {

    List<INDArray> all() {
        return List.of(hiddenWeight, hiddenBias, outputWeight, outputBias);
    }

    /** The largest magnitude of a difference; NaN where there is a NaN. */
    double largestDifference(Parameters other) {
        double largest = 0;
        for (int i = 0; i < all().size(); i++) {
            largest = Math.max(
                    largest, largestDifference(all().get(i), other.all().get(i)));
        }
        return largest;
    }

    private static double largestDifference(INDArray a, INDArray b) {
        double[] ours = a.dup('c').data().asDouble();
        double[] theirs = b.dup('c').data().asDouble();
        double largest = 0;
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
        }
        return largest;
    }
}
