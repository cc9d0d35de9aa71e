/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows of the data.
 *
 * @param pixels [rows, 64] in the dtype of the network
 * @param target [rows] of INT64: the digit, or {@link DigitsTask#IGNORE_INDEX}
 */
record DigitsBatch(INDArray pixels, INDArray target) {

    /** The labels as {@code CrossEntropyLoss} takes them: one column of class indices. */
    INDArray indices() {
        return target.reshape(target.length(), 1);
    }

    /** The labels as {@code LossMCXENT} takes them. It has no ignore_index; a row of zeros comes nearest. */
    INDArray oneHot() {
        INDArray labels = Nd4j.zeros(pixels.dataType(), target.length(), HandwrittenDigits.CLASSES);
        for (long row = 0; row < target.length(); row++) {
            if (target.getLong(row) != DigitsTask.IGNORE_INDEX) {
                labels.putScalar(row, target.getLong(row), 1);
            }
        }
        return labels;
    }

    /** The share of rows whose largest score is at the target. */
    double accuracy(INDArray scores) {
        return scores.argMax(1)
                .castTo(DataType.INT64)
                .eq(target)
                .castTo(DataType.DOUBLE)
                .meanNumber()
                .doubleValue();
    }
}
