/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * A loss of torch's that takes several inputs, as a graph and in torch.
 *
 * @param name as torch has it
 * @param graph of a {@link SiameseGraphs}
 * @param torch the same of embeddings {@code a}, {@code b} and {@code d} and labels {@code t}
 * @param within how near to torch's its step is
 */
record SiameseLoss(String name, Function<SiameseGraphs, ComputationGraph> graph, String torch, double within) {
    private static final String EMBED = "%1$s = torch.relu(%1$s @ W + u) @ V + v%n";
    private static final String[] INPUTS = {"a", "b", "d"};
    private static final String[] LAYERS = {"W", "u", "V", "v"};

    /** The loss of a batch, and its gradients by the layers that all inputs share. */
    TorchResult inTorch(MultiDataSet batch, ComputationGraph network) {
        String[] inputs = Arrays.copyOf(INPUTS, batch.getFeatures().length);
        String embedded = Stream.of(inputs).map(EMBED::formatted).reduce("", String::concat);
        Stream<INDArray> layers = Stream.of(SiameseGraphs.PARAMETERS)
                .map(name -> network.getParam(name).dup());
        TorchTensor[] arguments = Stream.of(Stream.of(batch.getFeatures()), Stream.of(batch.getLabels()), layers)
                .flatMap(each -> each)
                .map(TorchTensor::of)
                .toArray(TorchTensor[]::new);
        String[] names = Stream.of(Stream.of(inputs), Stream.of("t"), Stream.of(LAYERS))
                .flatMap(each -> each)
                .toArray(String[]::new);
        return TorchFunction.of(embedded + torch, names).withRespectTo(LAYERS).call(arguments);
    }

    /** The largest difference between torch's gradient and what a network with a learning rate of 1 has lost. */
    static double difference(TorchResult torch, ComputationGraph before, ComputationGraph after) {
        double largest = 0;
        for (int i = 0; i < LAYERS.length; i++) {
            String name = SiameseGraphs.PARAMETERS[i];
            INDArray step = before.getParam(name).sub(after.getParam(name));
            double[] gradient = torch.gradient(LAYERS[i]).toDoubles();
            double[] lost = TorchTensor.of(step).toDoubles();
            for (int j = 0; j < lost.length; j++) {
                largest = Math.max(largest, Math.abs(lost[j] - gradient[j]));
            }
        }
        return largest;
    }
}
