/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The 1797 handwritten digits, split into 45 batches to train on and the rest to measure accuracy. */
final class Digits {
    private static final String FILE = "/data/digits/digits.csv.gz";
    private static final int TRAINING_ROWS = 45 * Task.BATCH_SIZE;

    /**
     * Every seventh training row counts as unlabelled, so that ignore_index has work to do. Seven, because much of the
     * file runs through the digits in order: every tenth row would hide one digit.
     */
    private static final int UNLABELLED_EVERY = 7;

    private final INDArray pixels;
    private final INDArray target;

    private Digits(INDArray pixels, INDArray target) {
        this.pixels = pixels;
        this.target = target;
    }

    static Digits load(DataType type) {
        double[][] rows = read();
        double[][] pixels = new double[rows.length][];
        long[] target = new long[rows.length];
        for (int row = 0; row < rows.length; row++) {
            pixels[row] = Arrays.stream(rows[row], 0, Task.PIXELS)
                    .map(pixel -> pixel / 16)
                    .toArray();
            boolean unlabelled = row < TRAINING_ROWS && row % UNLABELLED_EVERY == UNLABELLED_EVERY - 1;
            target[row] = unlabelled ? Task.IGNORE_INDEX : (long) rows[row][Task.PIXELS];
        }
        return new Digits(Nd4j.createFromArray(pixels).castTo(type), Nd4j.createFromArray(target));
    }

    private static double[][] read() {
        try (InputStream file = Digits.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(file), US_ASCII))) {
            return lines.lines()
                    .map(line -> Arrays.stream(line.split(",", -1))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The batch of a training step, counted from 0: consecutive rows, from the start again after the last. */
    Batch batch(int step) {
        int start = step * Task.BATCH_SIZE % TRAINING_ROWS;
        return rows(start, start + Task.BATCH_SIZE);
    }

    Batch training() {
        return rows(0, TRAINING_ROWS);
    }

    /** The rows that no step sees, all labelled. */
    Batch heldOut() {
        return rows(TRAINING_ROWS, target.length());
    }

    private Batch rows(long start, long end) {
        return new Batch(
                pixels.get(NDArrayIndex.interval(start, end), NDArrayIndex.all())
                        .dup(),
                target.get(NDArrayIndex.interval(start, end)).dup());
    }
}
