/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A trained graph with two outputs, whose two losses are swapped: score and step of all its layers against live torch.
 */
class LossSwapGraphStepTest {
    private static final Random RANDOM = PrintedSeed.randomFor(LossSwapGraphStepTest.class);
    private static final double RATE = 0.5;
    private static final int EXAMPLES = 6;
    private static final int INPUTS = 3;
    private static final int HIDDEN = 4;
    private static final int KINDS = 3;
    private static final int TAGS = 2;

    private static final List<String> PARAMETERS =
            List.of("hidden_W", "hidden_b", "kind_W", "kind_b", "tags_W", "tags_b");

    private static final TorchFunction TORCH = TorchFunction.of(
                    """
                    hidden = torch.tanh(torch.add(torch.matmul(x, hiddenW), hiddenb))
                    kind = torch.add(torch.matmul(hidden, kindW), kindb)
                    tags = torch.add(torch.matmul(hidden, tagsW), tagsb)
                    weight = torch.tensor([0.5, 2.0, 3.0], dtype=7)
                    posWeight = torch.tensor([3.0], dtype=7)
                    ce = torch.cross_entropy_loss(kind, k, weight, 1, -100, 0.1)
                    bce = torch.binary_cross_entropy_with_logits(tags, t, None, posWeight, 1)
                    torch.add(ce, bce)
                    """, "x", "k", "t", "hiddenW", "hiddenb", "kindW", "kindb", "tagsW", "tagsb")
            .withRespectTo("hiddenW", "hiddenb", "kindW", "kindb", "tagsW", "tagsb");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scoreAndStepOfTwoSwappedOutputsAreTorchs(boolean miniBatch) {
        // GIVEN
        TorchTensor features = TwoLayers.numbers(RANDOM, 1, EXAMPLES, INPUTS);
        long[] classes = RANDOM.longs(EXAMPLES, 0, KINDS).toArray();
        TorchTensor kinds = TorchTensor.of(TorchType.INT64, classes, EXAMPLES);
        TorchTensor tags = TorchTensor.of(
                TorchType.FLOAT64,
                RANDOM.ints(EXAMPLES * TAGS, 0, 2).asDoubleStream().toArray(),
                EXAMPLES,
                TAGS);
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {features.toArray()}, new INDArray[] {
                    TwoLayers.oneHot(KINDS, classes).toArray(), tags.toArray()
                });
        ComputationGraph trained = graph(miniBatch);
        for (int step = 0; step < 5; step++) {
            trained.fit(data);
        }

        // WHEN
        ComputationGraph swapped = LossSwap.swap(
                trained,
                "kind",
                CrossEntropyLoss.builder().weight(0.5, 2, 3).labelSmoothing(0.1).build());
        swapped = LossSwap.swap(
                swapped, "tags", BCEWithLogitsLoss.builder().posWeight(3).build());
        StartingPoint before = StartingPoint.of(trained, PARAMETERS);
        MultiDataSet indices = new MultiDataSet(
                data.getFeatures(), new INDArray[] {kinds.toArray().reshape(EXAMPLES, 1), tags.toArray()});
        swapped.fit(indices);

        // THEN
        TorchResult torch = TORCH.call(before.after(features, kinds, tags));
        before.assertScoreAndStep(
                swapped, RATE, torch.value().item(), name -> torch.gradient(name.replace("_", "")));
        assertThat(swapped.getIterationCount()).isEqualTo(6);
        assertThat(LossSwap.check(swapped.getConfiguration())).isEmpty();
    }

    private static ComputationGraph graph(boolean miniBatch) {
        return NetworkKind.network(new NeuralNetConfiguration.Builder()
                .seed(RANDOM.nextLong())
                .dataType(DataType.DOUBLE)
                .miniBatch(miniBatch)
                .updater(new Sgd(RATE))
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "hidden",
                        new DenseLayer.Builder()
                                .activation(Activation.TANH)
                                .nIn(INPUTS)
                                .nOut(HIDDEN)
                                .build(),
                        "in")
                .addLayer(
                        "kind",
                        new OutputLayer.Builder(new LossMCXENT())
                                .nIn(HIDDEN)
                                .nOut(KINDS)
                                .build(),
                        "hidden")
                .addLayer(
                        "tags",
                        new OutputLayer.Builder(new LossBinaryXENT())
                                .activation(Activation.SIGMOID)
                                .nIn(HIDDEN)
                                .nOut(TAGS)
                                .build(),
                        "hidden")
                .setOutputs("kind", "tags")
                .build());
    }
}
