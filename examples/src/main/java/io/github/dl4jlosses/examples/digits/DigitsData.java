/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The 1797 handwritten digits, split into 45 batches to train on and the rest to measure accuracy. */
record DigitsData(INDArray pixels, INDArray target) {
    private static final int TRAINING_ROWS = 45 * DigitsTask.BATCH_SIZE;

    /**
     * Every seventh training row counts as unlabelled, so that ignore_index has work to do. Seven, because much of the
     * file runs through the digits in order: every tenth row would hide one digit.
     */
    private static final int UNLABELLED_EVERY = 7;

    static DigitsData load(DataType type) {
        double[][] rows = HandwrittenDigits.table();
        double[][] pixels = new double[rows.length][];
        long[] target = new long[rows.length];
        for (int row = 0; row < rows.length; row++) {
            pixels[row] = Arrays.copyOf(rows[row], HandwrittenDigits.PIXELS);
            boolean unlabelled = row < TRAINING_ROWS && row % UNLABELLED_EVERY == UNLABELLED_EVERY - 1;
            target[row] = unlabelled ? DigitsTask.IGNORE_INDEX : (long) rows[row][HandwrittenDigits.PIXELS];
        }
        return new DigitsData(Nd4j.createFromArray(pixels).castTo(type), Nd4j.createFromArray(target));
    }

    /** The batch of a training step, counted from 0: consecutive rows, from the start again after the last. */
    DigitsBatch batch(int step) {
        int start = step * DigitsTask.BATCH_SIZE % TRAINING_ROWS;
        return rows(start, start + DigitsTask.BATCH_SIZE);
    }

    DigitsBatch training() {
        return rows(0, TRAINING_ROWS);
    }

    /** The rows that no step sees, all labelled. */
    DigitsBatch heldOut() {
        return rows(TRAINING_ROWS, target.length());
    }

    private DigitsBatch rows(long start, long end) {
        return new DigitsBatch(
                pixels.get(NDArrayIndex.interval(start, end), NDArrayIndex.all())
                        .dup(),
                target.get(NDArrayIndex.interval(start, end)).dup());
    }
}
