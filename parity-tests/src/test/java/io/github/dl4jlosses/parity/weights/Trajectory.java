/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

/**
 * A training: the loss before each step, and the parameters after the last.
 *
 * @param losses of the batches
 * @param parameters in torch's order and layout
 */
record Trajectory(List<Double> losses, List<double[]> parameters) {

    static Trajectory of(double[] losses, List<double[]> parameters) {
        return new Trajectory(Arrays.stream(losses).boxed().toList(), parameters);
    }

    int steps() {
        return losses.size();
    }

    /** The losses of the first steps; the parameters are still those of the end. */
    Trajectory first(int count) {
        return new Trajectory(losses.subList(0, count), parameters);
    }

    /** The largest difference of a loss, relative to the other's. */
    double lossDistance(Trajectory other) {
        return relative(array(losses), array(other.losses), false);
    }

    /** The largest difference of a parameter, relative to the largest of its tensor. */
    double parameterDistance(Trajectory other) {
        double largest = 0;
        assertThat(parameters).hasSameSizeAs(other.parameters);
        for (int i = 0; i < parameters.size(); i++) {
            largest = Math.max(largest, relative(parameters.get(i), other.parameters.get(i), true));
        }
        return largest;
    }

    /** The Euclidean distance of all losses, relative to the length of the other's. */
    double lossNorm(Trajectory other) {
        return distance(array(losses), array(other.losses));
    }

    /** The Euclidean distance of all parameters, relative to the length of the other's. */
    double parameterNorm(Trajectory other) {
        return distance(all(parameters), all(other.parameters));
    }

    private static double distance(double[] values, double[] others) {
        assertThat(values).hasSameSizeAs(others);
        double difference = 0;
        double length = 0;
        for (int i = 0; i < values.length; i++) {
            difference = Math.hypot(difference, values[i] - others[i]);
            length = Math.hypot(length, others[i]);
        }
        assertThat(difference).isNotNaN();
        return difference / length;
    }

    private static double[] all(List<double[]> arrays) {
        return arrays.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(value -> value).toArray();
    }

    private static double relative(double[] values, double[] others, boolean together) {
        assertThat(values).hasSameSizeAs(others);
        double scale = 0;
        for (double other : others) {
            scale = Math.max(scale, Math.abs(other));
        }
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = Math.abs(values[i] - others[i]) / (together ? scale : Math.abs(others[i]));
            assertThat(difference).isNotNaN();
            largest = Math.max(largest, difference);
        }
        return largest;
    }
}
