/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The step after transfer learning: a torch loss comes in with a new output layer or stays through a fine-tuning, layers
 * below are frozen or not.
 */
class TransferLearningStepTest {
    private static final Random RANDOM = PrintedSeed.randomFor(TransferLearningStepTest.class);
    private static final double RATE = 0.5;
    private static final int EXAMPLES = 6;

    private final TwoLayers.Batch batch = TwoLayers.classes(RANDOM, EXAMPLES);

    /** Another rate than the network's, so that a step shows whose it was. */
    private static FineTuneConfiguration fineTuning(boolean miniBatch) {
        return new FineTuneConfiguration.Builder()
                .updater(new Sgd(RATE))
                .miniBatch(miniBatch)
                .build();
    }

    @ParameterizedTest(name = "miniBatch {0}, frozen {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aNewOutputLayerOfLayersTakesTorchsStep(boolean miniBatch, boolean frozen) {
        // GIVEN a network that has been trained with a loss of DL4J
        MultiLayerNetwork old = NetworkKind.network(TwoLayers.builder(RANDOM, new Sgd(RATE / 3))
                .list(TwoLayers.hidden(), TwoLayers.classifier(true).output(new LossMCXENT()))
                .build());
        old.fit(
                batch.features().toArray(),
                TwoLayers.oneHot(TwoLayers.CLASSES, 0, 1, 2, 0, 1, 2).toArray());
        TwoLayers layers = TwoLayers.classifier(miniBatch);

        // WHEN
        TransferLearning.Builder transfer = new TransferLearning.Builder(old)
                .fineTuneConfiguration(fineTuning(miniBatch))
                .removeOutputLayer()
                .addLayer(layers.output());
        MultiLayerNetwork tuned = (frozen ? transfer.setFeatureExtractor(0) : transfer).build();

        // THEN
        assertThat(tuned.getParam("0_W")).isEqualTo(old.getParam("0_W"));
        assertStep(layers, tuned, frozen);
        assertThat(LossSwap.check(tuned.getLayerWiseConfigurations())).isEmpty();
    }

    @ParameterizedTest(name = "miniBatch {0}, frozen {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aNewOutputLayerOfAGraphTakesTorchsStep(boolean miniBatch, boolean frozen) {
        TwoLayers layers = TwoLayers.classifier(miniBatch);
        ComputationGraph old = layers.graphNetwork(TwoLayers.builder(RANDOM, new Sgd(RATE / 3)));

        TransferLearning.GraphBuilder transfer = new TransferLearning.GraphBuilder(old)
                .fineTuneConfiguration(fineTuning(miniBatch))
                .removeVertexAndConnections("1")
                .addLayer("1", layers.output(), "0")
                .setOutputs("1");
        ComputationGraph single = (frozen ? transfer.setFeatureExtractor("0") : transfer).build();

        // framework bug: a graph is float32 after transfer learning
        assertThat(single.getParam("0_W")).isEqualTo(old.getParam("0_W").castTo(DataType.FLOAT));
        ComputationGraph tuned = single.convertDataType(DataType.DOUBLE);
        assertStep(layers, tuned, frozen);
        assertThat(LossSwap.check(tuned.getConfiguration())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLossStaysThroughAFineTuningAndAReplacedWidth(boolean graph) {
        // GIVEN a network whose hidden layer had another width
        TwoLayers layers = TwoLayers.classifier(true);
        // framework bug: a layer of a graph whose inputs have been replaced keeps the updater that it had
        Model old = layers.model(graph, TwoLayers.builder(RANDOM, new Sgd(graph ? RATE : RATE / 3)));
        NormalDistribution weights = new NormalDistribution(0, 1);

        // WHEN
        Model tuned = graph
                ? new TransferLearning.GraphBuilder((ComputationGraph) old)
                        .fineTuneConfiguration(fineTuning(true))
                        .nOutReplace("0", 2 * TwoLayers.HIDDEN, weights)
                        .build()
                        .convertDataType(DataType.DOUBLE)
                : new TransferLearning.Builder((MultiLayerNetwork) old)
                        .fineTuneConfiguration(fineTuning(true))
                        .nOutReplace(0, 2 * TwoLayers.HIDDEN, weights)
                        .build();

        // THEN
        assertThat(tuned.getParam("1_W").size(0)).isEqualTo(2 * TwoLayers.HIDDEN);
        assertStep(layers, tuned, false);
    }

    /** A fine-tuning that changes miniBatch leaves the loss behind, which a check reports and a swap mends. */
    @Test
    void aFineTuningOfMiniBatchIsReportedAndMended() {
        MultiLayerNetwork old = TwoLayers.classifier(true).network(TwoLayers.builder(RANDOM, new Sgd(RATE)));

        MultiLayerNetwork tuned = new TransferLearning.Builder(old)
                .fineTuneConfiguration(fineTuning(false))
                .build();

        assertThat(LossSwap.check(tuned.getLayerWiseConfigurations()))
                .singleElement()
                .asString()
                .contains("the loss has miniBatch(true), the network miniBatch(false)");
        MultiLayerNetwork mended =
                LossSwap.swap(tuned, TwoLayers.classifier(true).loss());
        assertThat(LossSwap.check(mended.getLayerWiseConfigurations())).isEmpty();
        assertStep(TwoLayers.classifier(false), mended, false);
    }

    /** DL4J gives a fine-tuning's activation to the output layer, too. */
    @Test
    void anActivationThatAFineTuningPutsUnderTheLossIsReported() {
        MultiLayerNetwork old = TwoLayers.classifier(true).network(TwoLayers.builder(RANDOM, new Sgd(RATE)));

        MultiLayerNetwork tuned = new TransferLearning.Builder(old)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .activation(Activation.RELU)
                        .build())
                .build();

        assertThat(LossSwap.check(tuned.getLayerWiseConfigurations()))
                .singleElement()
                .asString()
                .contains("CrossEntropyLoss takes logits, but gets the output of activation relu");
    }

    /** The helper trains the layers above the frozen ones on what these give. */
    @Test
    void aHelpersFeaturizedStepIsTorchs() {
        TwoLayers layers = TwoLayers.classifier(true);
        MultiLayerNetwork network = layers.network(TwoLayers.builder(RANDOM, new Sgd(RATE)));
        StartingPoint before = StartingPoint.of(network, TwoLayers.PARAMETERS);
        TransferLearningHelper helper = new TransferLearningHelper(network, 0);

        helper.fitFeaturized(helper.featurize(batch.dataSet()));

        assertParameters(layers, before, network, true);
    }

    private void assertStep(TwoLayers layers, Model model, boolean frozen) {
        StartingPoint before = StartingPoint.of(model, TwoLayers.PARAMETERS);

        TwoLayers.fit(model, batch.dataSet());
        assertThat(model.score())
                .isCloseTo(layers.torch(before.parameters(), batch).value(), within(StepComparison.FLOAT64_TOLERANCE));
        assertParameters(layers, before, model, frozen);
    }

    private void assertParameters(TwoLayers layers, StartingPoint before, Model model, boolean frozen) {
        TwoLayers.TorchStepResult torch = layers.torch(before.parameters(), batch);
        before.assertStep(
                model,
                RATE,
                name -> frozen && name.startsWith("0")
                        ? TorchTensor.of(before.parameters().get(name).toArray().mul(0))
                        : torch.gradient(name),
                StepComparison.FLOAT64_TOLERANCE);
    }
}
