/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a trained network in torch's order and layout, turned back without the code under test. Of the two
 * biases of an LSTM only the sum is comparable.
 */
final class TorchLayout {

    /** DL4J's order of the gates, for torch's i, f, g, o. */
    private static final int[] GATES = {3, 1, 0, 2};

    private TorchLayout() {}

    static List<double[]> of(MultiLayerNetwork network) {
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
    static List<double[]> of(Map<String, double[]> tensors) {
        Map<String, double[]> parameters = new LinkedHashMap<>();
        tensors.forEach(
                (name, values) -> parameters.merge(name.replace("bias_hh", "bias_ih"), values, TorchLayout::sum));
        return new ArrayList<>(parameters.values());
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }
}
