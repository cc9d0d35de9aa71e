/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each of some handwritten digits, beside it another one of the same class, and one of another class.
 *
 * @param anchors the digits, a row for each
 * @param alike of the same class
 * @param others of another class
 */
public record DigitTriplets(INDArray anchors, INDArray alike, INDArray others) {
    /** Drawn by chance, always the same. */
    public static DigitTriplets of(DataSet digits) {
        INDArray pixels = digits.getFeatures();
        int[] classes = digits.getLabels().argMax(1).toIntVector();
        int[] alike = new int[classes.length];
        int[] others = new int[classes.length];
        Random random = new Random(1);
        for (int i = 0; i < classes.length; i++) {
            do {
                alike[i] = random.nextInt(classes.length);
            } while (alike[i] == i || classes[alike[i]] != classes[i]);
            do {
                others[i] = random.nextInt(classes.length);
            } while (classes[others[i]] == classes[i]);
        }
        return new DigitTriplets(pixels, pixels.getRows(alike), pixels.getRows(others));
    }

    /** Twice as many pairs, with the label 1 where they are alike and -1 where not. */
    public MultiDataSet pairs() {
        INDArray yes = Nd4j.ones(anchors.dataType(), anchors.size(0), 1);
        return new MultiDataSet(
                new INDArray[] {Nd4j.vstack(anchors, anchors), Nd4j.vstack(alike, others)},
                new INDArray[] {Nd4j.vstack(yes, yes.neg())});
    }

    /** As they are. The distance to the other is to be the larger one of two, which is the class 0. */
    public MultiDataSet triplets() {
        return new MultiDataSet(
                new INDArray[] {anchors, alike, others},
                new INDArray[] {Nd4j.zeros(anchors.dataType(), anchors.size(0), 1)});
    }
}
