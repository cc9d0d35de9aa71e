/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pictures of clothes from Fashion-MNIST: 28 x 28 pixels from 0 to 1, in the shape [N, 1, 28, 28] that convolutions take, and
 * the index of the class, [N, 1].
 *
 * <p>In float64, so that a network in float64 gives the same numbers on every machine.
 */
public final class FashionMnist {
    /** Pixels of a side. */
    public static final int SIDE = 28;

    /** What the classes 0 to 9 are. */
    public static final List<String> CLASSES = List.of(
            "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot");

    private static final int BRIGHTEST = 255;

    private FashionMnist() {}

    /** The pictures to train on: 1000 of them, 100 of each class, mixed. */
    public static DataSet training() {
        return read("train");
    }

    /** The pictures that training must not see: 300 of them, 30 of each class. */
    public static DataSet test() {
        return read("test");
    }

    private static DataSet read(String part) {
        double[][] rows = CsvNumbers.read("/data/fashion_mnist/" + part + ".csv.gz", 1);
        double[][] pixels = Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, 1, row.length))
                .toArray(double[][]::new);
        int[] classes = Arrays.stream(rows).mapToInt(row -> (int) row[0]).toArray();
        return new DataSet(
                Nd4j.createFromArray(pixels).divi(BRIGHTEST).reshape(rows.length, 1, SIDE, SIDE),
                Nd4j.createFromArray(classes).reshape(rows.length, 1));
    }
}
