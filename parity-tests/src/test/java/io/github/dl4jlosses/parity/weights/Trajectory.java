/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A training: the loss before each step, and the parameters after the last.
 *
 * @param losses of the batches
 * @param parameters in torch's order and layout
 */
record Trajectory(List<Double> losses, List<double[]> parameters) {

    /** DL4J's order of the gates, for torch's i, f, g, o. */
    private static final int[] GATES = {3, 1, 0, 2};

    /** Of DL4J, whose parameters are turned back without the code under test. */
    static Trajectory of(double[] losses, MultiLayerNetwork trained) {
        return new Trajectory(Arrays.stream(losses).boxed().toList(), inTorchsLayout(trained));
    }

    /** Of torch; of the two biases of an LSTM only the sum is comparable. */
    static Trajectory of(double[] losses, Map<String, double[]> trained) {
        return new Trajectory(Arrays.stream(losses).boxed().toList(), withSumsOfBiases(trained));
    }

    private static List<double[]> inTorchsLayout(MultiLayerNetwork network) {
        List<double[]> parameters = new ArrayList<>();
        for (Layer layer : network.getLayers()) {
            Map<String, INDArray> table = layer.paramTable();
            boolean lstm = table.containsKey("RW");
            for (String name : List.of("W", "RW", "b")) {
                if (table.containsKey(name)) {
                    INDArray value = lstm ? gates(table.get(name)) : table.get(name);
                    boolean transposed = value.rank() == 2 && !name.equals("b");
                    parameters.add(TorchTensor.of(transposed ? value.transpose() : value)
                            .toDoubles());
                }
            }
        }
        return parameters;
    }

    /** Columns are four blocks. */
    private static INDArray gates(INDArray parameter) {
        INDArray rows = parameter.rank() == 1 ? parameter.reshape(1, parameter.length()) : parameter;
        long size = rows.size(1) / 4;
        INDArray[] blocks = new INDArray[4];
        for (int i = 0; i < 4; i++) {
            blocks[i] = rows.get(NDArrayIndex.all(), NDArrayIndex.interval(GATES[i] * size, (GATES[i] + 1) * size));
        }
        return Nd4j.concat(1, blocks);
    }

    /** Torch's own parameters with the biases of an LSTM added up. */
    private static List<double[]> withSumsOfBiases(Map<String, double[]> tensors) {
        Map<String, double[]> parameters = new LinkedHashMap<>();
        tensors.forEach(
                (name, values) -> parameters.merge(name.replace("bias_hh", "bias_ih"), values, Trajectory::sum));
        return new ArrayList<>(parameters.values());
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
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
