/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.MultiLabelSoftMarginLoss;
import io.github.dl4jlosses.Reduction;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Reports of scales that disagree, and of data formats. */
class LossSwapScaleCheckTest extends CheckedNetworks {
    private static final CrossEntropyLoss WITH_POSITIONS =
            CrossEntropyLoss.builder().positionsPerExample(STEPS).build();

    @Test
    void aMiniBatchThatDisagreesIsReported() {
        Layer output = output(CrossEntropyLoss.builder().miniBatch(false).build(), SOFTMAX);

        assertThat(check(dense(RELU, 4), output))
                .containsExactly("layer 1 'layer1' (OutputLayer): the loss has miniBatch(false), the network"
                        + " miniBatch(true), so the step is one N-th of what both alike give for N examples; set"
                        + " miniBatch(true) in the loss, as LossSwap.swap does");
        assertOneFinding(
                LossSwap.check(withoutMiniBatch(output(new CrossEntropyLoss(), SOFTMAX))),
                "the loss has miniBatch(true), the network miniBatch(false)",
                "N times");
    }

    private static MultiLayerConfiguration withoutMiniBatch(Layer output) {
        return new NeuralNetConfiguration.Builder()
                .miniBatch(false)
                .list(output)
                .build();
    }

    @Test
    void aSwapLeavesNoMiniBatchToReport() {
        MultiLayerConfiguration conf = withoutMiniBatch(output(new LossMCXENT(), SOFTMAX));

        assertThat(LossSwap.check(LossSwap.swap(conf, new CrossEntropyLoss()))).isEmpty();
    }

    @Test
    void layersWhoseMiniBatchDisagreesAreReported() {
        MultiLayerConfiguration conf = layers(dense(RELU, 4), output(new CrossEntropyLoss(), SOFTMAX));
        conf.getConf(1).setMiniBatch(false);

        assertThat(LossSwap.check(conf))
                .containsExactly("layer 1 'layer1' (OutputLayer): the layer has miniBatch(false), the network"
                        + " miniBatch(true), so its score and its step are scaled apart; set both alike");
    }

    @Test
    void positionsInALayerWithoutPositionsAreReported() {
        assertThat(check(output(WITH_POSITIONS, SOFTMAX)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): the loss has positionsPerExample(5), but an example has"
                                + " one position in this layer; leave it out");
        assertThat(check(dense(IDENTITY), loss(WITH_POSITIONS, SOFTMAX))).hasSize(1);
        assertOneFinding(check(centerLoss(WITH_POSITIONS)), "one position");
    }

    @Test
    void positionsThatPlayNoPartAreNotReported() {
        KLDivLoss loss = KLDivLoss.builder()
                .reduction(Reduction.BATCHMEAN)
                .positionsPerExample(STEPS)
                .build();

        assertThat(check(output(loss, SOFTMAX))).isEmpty();
    }

    @Test
    void morePositionsThanASegmentHasAreReported() {
        Layer below = new LSTM.Builder().nIn(4).nOut(4).build();
        Layer sequences =
                new RnnOutputLayer.Builder(WITH_POSITIONS).nIn(4).nOut(3).build();

        assertThat(checkTruncated(network(below, sequences)))
                .containsExactly("layer 1 'layer1' (RnnOutputLayer): the loss has positionsPerExample(5), but truncated"
                        + " back-propagation hands over 2 time steps at most; set 2, or miniBatch(false) in network and"
                        + " loss");
    }

    @Test
    void aLossLayerForSequencesHasASegmentToo() {
        Layer below = new LSTM.Builder().activation(IDENTITY).nIn(4).nOut(3).build();
        Layer sequences =
                new RnnLossLayer.Builder(WITH_POSITIONS).activation(SOFTMAX).build();

        assertOneFinding(checkTruncated(network(below, sequences)), "(RnnLossLayer)", "2 time steps at most");
    }

    /** They may be counted either way. */
    @Test
    void stepsThatAreRowsOfAnOutputLayerAreNotReported() {
        Layer below = new LSTM.Builder().nIn(4).nOut(4).build();

        assertThat(checkTruncated(network(below, output(WITH_POSITIONS, SOFTMAX))
                        .inputPreProcessor(1, new RnnToFeedForwardPreProcessor())))
                .isEmpty();
    }

    @Test
    void soItIsInAGraph() {
        assertOneFinding(
                LossSwap.check(truncatedGraph(sequences(WITH_POSITIONS), null)),
                "(RnnOutputLayer)",
                "2 time steps at most");
        assertThat(LossSwap.check(truncatedGraph(output(WITH_POSITIONS, SOFTMAX), new RnnToFeedForwardPreProcessor())))
                .isEmpty();
    }

    private static ComputationGraphConfiguration truncatedGraph(Layer output, InputPreProcessor preProcessor) {
        return new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", new LSTM.Builder().nIn(4).nOut(4).build(), "in")
                .addLayer("out", output, preProcessor, "lstm")
                .setOutputs("out")
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(2)
                .build();
    }

    private static List<String> checkTruncated(MultiLayerConfiguration.Builder network) {
        return LossSwap.check(
                network.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(2).build());
    }

    @Test
    void positionsOfImagesOfUnknownSizeAreNotReported() {
        Layer images = new ConvolutionLayer.Builder(2, 2)
                .activation(IDENTITY)
                .nIn(1)
                .nOut(3)
                .build();

        assertThat(check(
                        images,
                        new CnnLossLayer.Builder(WITH_POSITIONS)
                                .activation(SOFTMAX)
                                .build()))
                .isEmpty();
    }

    @Test
    void positionsThatAreNotThoseOfTheImageAreReported() {
        assertThat(LossSwap.check(images(36, IDENTITY)))
                .containsExactly(
                        "layer 1 'layer1' (CnnLossLayer): the loss has positionsPerExample(36), but an image has"
                                + " 25 pixels here; set 25");
    }

    @Test
    void anOutputLayerAboveImagesHasOnePositionToo() {
        Layer images = new ConvolutionLayer.Builder(2, 2).nOut(3).build();
        MultiLayerConfiguration conf = network(
                        images, new OutputLayer.Builder(WITH_POSITIONS).nOut(3).build())
                .setInputType(InputType.convolutional(STEPS, STEPS, 1))
                .build();

        assertOneFinding(LossSwap.check(conf), "one position");
    }

    @Test
    void aMissingDataFormatIsReportedWhateverTheLoss() {
        Layer sequences =
                new RnnOutputLayer.Builder(new LossMCXENT()).nIn(4).nOut(3).build();
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", sequences, "in")
                .setOutputs("out")
                .build();

        assertThat(LossSwap.check(conf))
                .containsExactly("output 'out' (RnnOutputLayer): it has no data format, and without one DL4J 1.0.0-M2.1"
                        + " compares the wrong dimensions of input and labels; set dataFormat(RNNFormat.NCW), or NWC, or"
                        + " the network's input type");
    }

    @Test
    void formatsThatTheFrameworkCannotTrainAreReported() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        Layer sequences = new RnnLossLayer.Builder(loss)
                .activation(SOFTMAX)
                .dataFormat(RNNFormat.NWC)
                .build();
        Layer images = new CnnLossLayer.Builder(loss)
                .activation(SOFTMAX)
                .format(CNN2DFormat.NHWC)
                .build();

        assertOneFinding(check(sequences), "NWC; use NCW");
        assertOneFinding(check(images), "NHWC; use NCHW");
    }

    @Test
    void weightsThatAreNotAsManyAsTheOutputsAreReported() {
        CrossEntropyLoss ce = CrossEntropyLoss.builder().weight(1, 2).build();
        BCEWithLogitsLoss logits =
                BCEWithLogitsLoss.builder().weight(1, 2).posWeight(1, 2, 3, 4).build();

        assertThat(check(output(ce, SOFTMAX)))
                .containsExactly("layer 0 'layer0' (OutputLayer): the loss has 2 numbers in weight, but there are 3"
                        + " outputs; give one number for each");
        assertThat(check(dense(IDENTITY), loss(ce, SOFTMAX))).hasSize(1);
        assertOneFinding(check(output(CrossEntropyLoss.builder().weight(1).build(), SOFTMAX)), "1 number in weight");
        assertThat(check(output(logits, SIGMOID)))
                .hasSize(2)
                .anyMatch(finding -> finding.contains("4 numbers in posWeight"));
        assertThat(check(output(logits, SIGMOID, 1)))
                .hasSize(2)
                .allMatch(finding -> finding.contains("there is 1 output;"));
    }

    @Test
    void weightsThatFitTheOutputsAreNotReported() {
        assertThat(check(output(CrossEntropyLoss.builder().weight(1, 2, 3).build(), SOFTMAX)))
                .isEmpty();
        assertThat(check(output(
                        BCEWithLogitsLoss.builder().weight(2).posWeight(3).build(), SIGMOID)))
                .isEmpty();
        assertThat(check(output(BCELoss.builder().weight(1, 2, 3).build(), SIGMOID)))
                .isEmpty();
        assertThat(check(output(MultiLabelSoftMarginLoss.builder().weight(2).build(), SIGMOID)))
                .isEmpty();
    }

    /** 25 pixels in each of 3 channels, in a row: what the layer below calls its outputs is not what arrives. */
    @Test
    void outputsThatAreFlattenedImagesAreNotCounted() {
        double[] weight = new double[STEPS * STEPS * 3];
        MultiLayerConfiguration conf = network(
                        new ConvolutionLayer.Builder(1, 1)
                                .activation(IDENTITY)
                                .nOut(3)
                                .build(),
                        loss(CrossEntropyLoss.builder().weight(weight).build(), SOFTMAX))
                .setInputType(InputType.convolutional(STEPS, STEPS, 1))
                .inputPreProcessor(1, new CnnToFeedForwardPreProcessor(STEPS, STEPS, 3))
                .build();

        assertThat(LossSwap.check(conf)).isEmpty();
    }

    static Stream<InputPreProcessor> countingExamples() {
        return Stream.of(
                new RnnToFeedForwardPreProcessor(),
                new FeedForwardToRnnPreProcessor(),
                new CnnToRnnPreProcessor(1, 1, 4),
                new RnnToCnnPreProcessor(1, 1, 4),
                new ComposableInputPreProcessor(new RnnToFeedForwardPreProcessor()));
    }

    @ParameterizedTest
    @MethodSource("countingExamples")
    void aPreProcessorThatCountsExamplesIsReportedWithoutMiniBatch(InputPreProcessor preProcessor) {
        for (boolean miniBatch : new boolean[] {true, false}) {
            assertThat(LossSwap.check(withPreProcessor(preProcessor, miniBatch)))
                    .hasSize(miniBatch ? 0 : 1)
                    .allMatch(finding -> finding.contains("ComputationGraph"));
        }
    }

    @Test
    void anImageThatIsFlattenedCountsNoExamples() {
        assertThat(LossSwap.check(withPreProcessor(new CnnToFeedForwardPreProcessor(1, 1, 4), false)))
                .isEmpty();
    }

    private static MultiLayerConfiguration withPreProcessor(InputPreProcessor preProcessor, boolean miniBatch) {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .miniBatch(miniBatch)
                .list(dense(RELU, 4), output(new LossMCXENT(), SOFTMAX))
                .build();
        conf.setInputPreProcessors(Map.of(1, preProcessor));
        return conf;
    }

    /** What the report is about: the framework fails with one of its own losses, and a graph does not. */
    @Test
    void theFrameworkFailsWhereAPreProcessorIsReported() {
        DataSet data = new DataSet(Nd4j.rand(2, 4, STEPS), Nd4j.ones(2, 3, STEPS));
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().miniBatch(false);
        Layer output = sequences(new LossMCXENT());
        MultiLayerConfiguration conf = builder.list(dense(RELU, 4), output)
                .setInputType(InputType.recurrent(4, STEPS, RNNFormat.NCW))
                .build();
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        ComputationGraph graph = new ComputationGraph(builder.graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(RELU, 4), "in")
                .addLayer("out", output, "dense")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(4, STEPS, RNNFormat.NCW))
                .build());
        graph.init();

        assertThat(LossSwap.check(conf))
                .containsExactly(
                        "layer 1 'out' (RnnOutputLayer): the network has miniBatch(false), and with it"
                                + " DL4J 1.0.0-M2.1 gives a RnnToFeedForwardPreProcessor of a MultiLayerNetwork the wrong"
                                + " number of examples; use miniBatch(true), or a ComputationGraph",
                        "layer 1 'out' (RnnOutputLayer): the network has miniBatch(false), and with it"
                                + " DL4J 1.0.0-M2.1 gives a FeedForwardToRnnPreProcessor of a MultiLayerNetwork the wrong"
                                + " number of examples; use miniBatch(true), or a ComputationGraph");
        assertThatThrownBy(() -> net.fit(data)).isInstanceOf(RuntimeException.class);
        assertThat(LossSwap.check(graph.getConfiguration())).isEmpty();
        graph.fit(data);
        assertThat(graph.score()).isFinite();
    }
}
