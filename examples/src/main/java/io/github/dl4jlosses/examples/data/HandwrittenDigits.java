/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.Arrays;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The 1797 handwritten digits of the UCI repository: 64 pixels from 0 to 1, and the digit as a one-hot label of ten classes.
 * Thirteen people wrote them; who wrote which, the data do not say.
 *
 * <p>In float64, so that a network in float64 gives the same numbers on every machine.
 */
public final class HandwrittenDigits {
    /** Pixels of an image of 8 x 8. */
    public static final int PIXELS = 64;

    /** The digits 0 to 9. */
    public static final int CLASSES = 10;

    private static final String FILE = "/data/digits/digits.csv.gz";
    private static final int DARKEST = 16;
    private static final int TRAINING_ROWS = 1440;

    private HandwrittenDigits() {}

    /** The rows to train on: the first 1440, which are 45 batches of 32. */
    public static DataSet training() {
        return rows(0, TRAINING_ROWS);
    }

    /** The rows that training must not see: the other 357, whose writers may have written training rows, too. */
    public static DataSet test() {
        return rows(TRAINING_ROWS, Integer.MAX_VALUE);
    }

    /** All rows: 64 pixels from 0 to 1, and then the digit. */
    public static double[][] table() {
        double[][] rows = CsvNumbers.read(FILE, 0);
        for (double[] row : rows) {
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                row[pixel] /= DARKEST;
            }
        }
        return rows;
    }

    private static DataSet rows(int from, int to) {
        double[][] rows = table();
        double[][] part = Arrays.copyOfRange(rows, from, Math.min(to, rows.length));
        double[][] pixels =
                Arrays.stream(part).map(row -> Arrays.copyOf(row, PIXELS)).toArray(double[][]::new);
        double[][] labels = new double[part.length][CLASSES];
        for (int row = 0; row < part.length; row++) {
            labels[row][(int) part[row][PIXELS]] = 1;
        }
        return new DataSet(Nd4j.createFromArray(pixels), Nd4j.createFromArray(labels));
    }
}
