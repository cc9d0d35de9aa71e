/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures how far arrays are from a tensor of torch; its largest number sets what is allowed. */
final class TensorDistance {

    /** The most dimensions for which orders may differ: pictures, with more, have the same order in both. */
    private static final int MOST_ORDERED = 3;

    private final TorchTensor expected;
    private final double[] numbers;
    private final double allowed;

    TensorDistance(TorchTensor expected, Tolerance tolerance) {
        this.expected = expected;
        this.numbers = expected.toDoubles();
        double largest = Arrays.stream(numbers)
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        this.allowed = tolerance.absolute() + tolerance.relative() * largest;
    }

    double allowed() {
        return allowed;
    }

    boolean accepts(INDArray array) {
        return of(array) <= allowed;
    }

    /** The largest difference; infinite if the shapes differ, or if only one of the two has a NaN or an infinity. */
    double of(INDArray array) {
        if (!Arrays.equals(array.shape(), expected.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        double[] actual = array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double largest = 0;
        for (int i = 0; i < numbers.length; i++) {
            boolean same = Double.compare(actual[i], numbers[i]) == 0;
            double difference = same ? 0 : Math.abs(actual[i] - numbers[i]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }

    /**
     * The same for the best order of the dimensions: sequences have their time in another one, which is not known here.
     */
    double ofAnyOrder(INDArray array) {
        double nearest = of(array);
        if (array.rank() <= MOST_ORDERED) {
            for (int[] order : orders(array.rank())) {
                nearest = Math.min(nearest, of(array.permute(order)));
            }
        }
        return nearest;
    }

    private static List<int[]> orders(int rank) {
        List<int[]> orders = new ArrayList<>();
        if (rank == 2) {
            orders.add(new int[] {1, 0});
        } else if (rank == MOST_ORDERED) {
            orders.addAll(List.of(new int[] {0, 2, 1}, new int[] {2, 0, 1}));
        }
        return orders;
    }
}
