/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The 569 tumours of the Breast Cancer Wisconsin (Diagnostic) data: 30 measurements, and one label, which is 1 for
 * malignant (212 of them) and 0 for benign.
 *
 * <p>In float64, so that a network in float64 gives the same numbers on every machine. Each measurement is standardised: by
 * the mean and the standard deviation that it has in the training rows.
 */
public final class BreastCancer {
    /** Measurements of a tumour. */
    public static final int FEATURES = 30;

    private static final String FILE = "/data/breast_cancer/breast_cancer.csv";
    private static final int TRAINING_ROWS = 400;

    private BreastCancer() {}

    /** The rows to train on: the first 400. */
    public static DataSet training() {
        return rows(0, TRAINING_ROWS);
    }

    /** The rows that training must not see: the other 169. */
    public static DataSet test() {
        return rows(TRAINING_ROWS, Integer.MAX_VALUE);
    }

    private static DataSet rows(int from, int to) {
        double[][] table = CsvNumbers.read(FILE, 1);
        INDArray features = Nd4j.createFromArray(
                Arrays.stream(table).map(row -> Arrays.copyOf(row, FEATURES)).toArray(double[][]::new));
        // in the file, 0 is malignant and 1 is benign
        INDArray malignant = Nd4j.createFromArray(Arrays.stream(table)
                .map(row -> new double[] {1 - row[FEATURES]})
                .toArray(double[][]::new));
        INDArray training = features.get(NDArrayIndex.interval(0, TRAINING_ROWS), NDArrayIndex.all());
        INDArray standardised = features.subRowVector(training.mean(0)).divRowVector(training.std(0));
        int end = Math.min(to, table.length);
        return new DataSet(
                standardised
                        .get(NDArrayIndex.interval(from, end), NDArrayIndex.all())
                        .dup(),
                malignant
                        .get(NDArrayIndex.interval(from, end), NDArrayIndex.all())
                        .dup());
    }
}
