/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class LossSwapCheckTest {
    private static final IActivation LOG_SOFTMAX = new ActivationLogSoftmax();
    private static final IActivation IDENTITY = Activation.IDENTITY.getActivationFunction();
    private static final IActivation SIGMOID = Activation.SIGMOID.getActivationFunction();
    private static final IActivation SOFTMAX = Activation.SOFTMAX.getActivationFunction();
    private static final IActivation TANH = Activation.TANH.getActivationFunction();
    private static final IActivation RELU = Activation.RELU.getActivationFunction();
    private static final int STEPS = 5;

    private static NeuralNetConfiguration.ListBuilder builder(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list(layers);
        list.validateOutputLayerConfig(false);
        return list;
    }

    private static MultiLayerConfiguration layers(Layer... layers) {
        return builder(layers).build();
    }

    private static List<String> check(Layer... layers) {
        return LossSwap.check(layers(layers));
    }

    private static Layer dense(IActivation activation) {
        return dense(activation, 3);
    }

    private static Layer dense(IActivation activation, int outputs) {
        return new DenseLayer.Builder()
                .activation(activation)
                .nIn(4)
                .nOut(outputs)
                .build();
    }

    private static Layer output(ILossFunction loss, IActivation activation) {
        return output(loss, activation, 3);
    }

    private static Layer output(ILossFunction loss, IActivation activation, int outputs) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(4)
                .nOut(outputs)
                .build();
    }

    private static Layer loss(ILossFunction loss, IActivation activation) {
        return new LossLayer.Builder(loss).activation(activation).build();
    }

    // ---- nothing to report ----

    /** DESIGN's table of heads, each where it is right. */
    static Stream<MultiLayerConfiguration> correct() {
        CrossEntropyLoss ce = new CrossEntropyLoss();
        BCEWithLogitsLoss logits = new BCEWithLogitsLoss();
        NLLLoss nll = new NLLLoss();
        KLDivLoss kl = new KLDivLoss();
        BCELoss bce = new BCELoss();
        List<Layer[]> all = new ArrayList<>();
        for (IActivation hidden : new IActivation[] {RELU, TANH, SIGMOID, SOFTMAX}) {
            Layer below = dense(hidden, 4);
            all.add(new Layer[] {below, output(ce, IDENTITY)});
            all.add(new Layer[] {below, output(ce, SOFTMAX)});
            all.add(new Layer[] {below, output(ce, LOG_SOFTMAX)});
            all.add(new Layer[] {below, output(logits, IDENTITY)});
            all.add(new Layer[] {below, output(logits, SIGMOID)});
            all.add(new Layer[] {below, output(logits, SIGMOID, 1)});
            all.add(new Layer[] {below, output(nll, SOFTMAX)});
            all.add(new Layer[] {below, output(nll, LOG_SOFTMAX)});
            all.add(new Layer[] {below, output(kl, SOFTMAX)});
            all.add(new Layer[] {below, output(kl, LOG_SOFTMAX)});
            all.add(new Layer[] {below, output(bce, SIGMOID)});
            all.add(new Layer[] {below, output(bce, SIGMOID, 1)});
            all.add(new Layer[] {below, output(bce, SOFTMAX)});
        }
        all.add(new Layer[] {dense(IDENTITY), loss(ce, IDENTITY)});
        all.add(new Layer[] {dense(IDENTITY), loss(ce, SOFTMAX)});
        all.add(new Layer[] {dense(IDENTITY), loss(logits, SIGMOID)});
        all.add(new Layer[] {dense(IDENTITY), loss(nll, LOG_SOFTMAX)});
        all.add(new Layer[] {dense(LOG_SOFTMAX), loss(nll, IDENTITY)});
        all.add(new Layer[] {dense(LOG_SOFTMAX), loss(ce, IDENTITY)}); // the logarithm of a softmax is its own
        all.add(new Layer[] {dense(SIGMOID), loss(bce, IDENTITY)});
        all.add(new Layer[] {dense(SOFTMAX), loss(bce, IDENTITY)});
        all.add(new Layer[] {dense(IDENTITY), new ActivationLayer(SIGMOID), loss(bce, IDENTITY)});
        all.add(new Layer[] {dense(IDENTITY), new DropoutLayer.Builder(0.5).build(), loss(ce, SOFTMAX)});
        all.add(new Layer[] {dense(SIGMOID), new LossLayer.Builder(new LossMCXENT()).build()});
        all.add(new Layer[] {
            new DenseLayer.Builder()
                    .nIn(4)
                    .nOut(3)
                    .activation(Activation.IDENTITY)
                    .build(),
            // has the global activation, and never applies it
            new BatchNormalization.Builder().nIn(3).nOut(3).build(),
            loss(ce, SOFTMAX)
        });
        all.add(new Layer[] {
            new CenterLossOutputLayer.Builder(ce)
                    .activation(SOFTMAX)
                    .nIn(4)
                    .nOut(3)
                    .build()
        });
        return Stream.concat(all.stream().map(LossSwapCheckTest::layers), sequencesAndImages());
    }

    private static Stream<MultiLayerConfiguration> sequencesAndImages() {
        CrossEntropyLoss perStep =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        return Stream.of(
                layers(
                        new LSTM.Builder().nIn(4).nOut(4).build(),
                        new RnnOutputLayer.Builder(perStep).nIn(4).nOut(3).build()),
                builder(
                                new LSTM.Builder().nIn(4).nOut(4).build(),
                                new RnnOutputLayer.Builder(perStep)
                                        .dataFormat(RNNFormat.NWC)
                                        .nIn(4)
                                        .nOut(3)
                                        .build())
                        .backpropType(BackpropType.TruncatedBPTT)
                        .tBPTTLength(STEPS)
                        .build(),
                layers(
                        new Convolution1DLayer.Builder(1)
                                .activation(Activation.IDENTITY)
                                .nIn(4)
                                .nOut(3)
                                .build(),
                        new RnnLossLayer.Builder(perStep).activation(SOFTMAX).build()),
                images(STEPS * STEPS, IDENTITY),
                images(1, IDENTITY));
    }

    private static MultiLayerConfiguration images(long positions, IActivation below) {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(positions).build();
        return builder(
                        new ConvolutionLayer.Builder(2, 2)
                                .activation(below)
                                .nOut(3)
                                .build(),
                        new CnnLossLayer.Builder(loss).activation(SOFTMAX).build())
                .setInputType(InputType.convolutionalFlat(STEPS + 1, STEPS + 1, 1))
                .build();
    }

    @ParameterizedTest
    @MethodSource("correct")
    void nothingIsReportedWhereNothingIsWrong(MultiLayerConfiguration conf) {
        assertThat(LossSwap.check(conf)).isEmpty();
    }

    @Test
    void anActivationOfTheUsersOwnIsTakenToBeMeant() {
        assertThat(check(output(new NLLLoss(), new OwnActivation()))).isEmpty();
        assertThat(check(dense(new OwnActivation()), loss(new NLLLoss(), IDENTITY)))
                .isEmpty();
    }

    private static final class OwnActivation extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return Pair.of(epsilon, null);
        }
    }

    @Test
    void aGraphWithTwoCorrectOutputsHasNothingToReport() {
        assertThat(LossSwap.check(graph(SOFTMAX, SIGMOID))).isEmpty();
    }

    // ---- scale ----

    @Test
    void aMiniBatchThatDisagreesIsReported() {
        Layer output = output(CrossEntropyLoss.builder().miniBatch(false).build(), SOFTMAX);

        assertThat(check(dense(RELU, 4), output))
                .containsExactly("layer 1 'layer1' (OutputLayer): the loss has miniBatch(false), the network"
                        + " miniBatch(true), so score and step are one N-th of what both alike give for N examples; set"
                        + " miniBatch(true) in the loss, as LossSwap.swap does");
        assertThat(LossSwap.check(new NeuralNetConfiguration.Builder()
                        .miniBatch(false)
                        .list(output(new CrossEntropyLoss(), SOFTMAX))
                        .build()))
                .singleElement()
                .asString()
                .contains("the loss has miniBatch(true), the network miniBatch(false)", "N times");
    }

    @Test
    void aSwapLeavesNoMiniBatchToReport() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .miniBatch(false)
                .list(output(new LossMCXENT(), SOFTMAX))
                .build();

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
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();

        assertThat(check(output(loss, SOFTMAX)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): the loss has positionsPerExample(5), but an example has"
                                + " one position in this layer; leave it out");
        assertThat(check(dense(IDENTITY), loss(loss, SOFTMAX))).hasSize(1);
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
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        MultiLayerConfiguration conf = builder(
                        new LSTM.Builder().nIn(4).nOut(4).build(),
                        new RnnOutputLayer.Builder(loss).nIn(4).nOut(3).build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(2)
                .build();

        assertThat(LossSwap.check(conf))
                .containsExactly("layer 1 'layer1' (RnnOutputLayer): the loss has positionsPerExample(5), but truncated"
                        + " back-propagation hands over 2 time steps at most; set 2, or miniBatch(false) in network and"
                        + " loss");
    }

    @Test
    void positionsThatAreNotThoseOfTheImageAreReported() {
        assertThat(LossSwap.check(images(36, IDENTITY)))
                .containsExactly(
                        "layer 1 'layer1' (CnnLossLayer): the loss has positionsPerExample(36), but an image has"
                                + " 25 pixels here; set 25");
    }

    // ---- activations ----

    @Test
    void anActivationBeforeALossThatTakesLogitsIsReported() {
        assertThat(check(output(new CrossEntropyLoss(), SIGMOID)))
                .containsExactly("layer 0 'layer0' (OutputLayer): CrossEntropyLoss takes logits, but gets the output of"
                        + " activation sigmoid; set activation softmax or identity");
        assertThat(check(output(new CrossEntropyLoss(), RELU))).hasSize(1);
        assertThat(check(output(new BCEWithLogitsLoss(), LOG_SOFTMAX))).hasSize(1);
        assertThat(check(output(new BCEWithLogitsLoss(), TANH))).hasSize(1);
    }

    @Test
    void theDefaultActivationOfAnOutputLayerIsReportedUnderABinaryLoss() {
        assertThat(check(new OutputLayer.Builder(new BCEWithLogitsLoss())
                        .nIn(4)
                        .nOut(3)
                        .build()))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): BCEWithLogitsLoss takes logits, but gets the output of"
                                + " activation softmax, the default of OutputLayer; set activation sigmoid or identity");
    }

    @Test
    void theDefaultActivationsThatSurpriseAreReported() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        Layer sequences = new Convolution1DLayer.Builder(1)
                .activation(Activation.IDENTITY)
                .nIn(4)
                .nOut(3)
                .build();
        Layer images = new ConvolutionLayer.Builder(1, 1)
                .activation(Activation.IDENTITY)
                .nIn(4)
                .nOut(3)
                .build();

        assertThat(check(sequences, new RnnLossLayer.Builder(loss).build()))
                .containsExactly(
                        "layer 1 'layer1' (RnnLossLayer): CrossEntropyLoss takes logits, but gets the output of"
                                + " activation sigmoid, the default of RnnLossLayer; set activation softmax or identity");
        assertThat(check(images, new CnnLossLayer.Builder(loss).build()))
                .singleElement()
                .asString()
                .contains("sigmoid, the default of CnnLossLayer");
        assertThat(check(new CenterLossOutputLayer.Builder(loss).nIn(4).nOut(3).build()))
                .singleElement()
                .asString()
                .contains("sigmoid, the default of CenterLossOutputLayer");
        assertThat(check(images, new CnnLossLayer.Builder(new NLLLoss()).build()))
                .singleElement()
                .asString()
                .contains("NLLLoss takes log-probabilities", "set activation softmax or ActivationLogSoftmax");
    }

    @Test
    void rawOutputsForALossThatTakesProbabilitiesAreReported() {
        assertThat(check(output(new NLLLoss(), IDENTITY)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): NLLLoss takes log-probabilities, but activation identity"
                                + " gives it numbers of any size; set activation softmax or ActivationLogSoftmax");
        assertThat(check(output(new KLDivLoss(), IDENTITY))).hasSize(1);
        assertThat(check(output(new BCELoss(), IDENTITY)))
                .containsExactly("layer 0 'layer0' (OutputLayer): BCELoss takes probabilities, but activation identity"
                        + " gives it numbers of any size; set activation sigmoid");
        assertThat(check(output(new BCELoss(), TANH))).hasSize(1);
        assertThat(check(dense(SOFTMAX), loss(new NLLLoss(), IDENTITY)))
                .containsExactly("layer 1 'layer1' (LossLayer): NLLLoss takes log-probabilities, but gets the output of"
                        + " activation softmax of the DenseLayer below; set activation identity there and softmax or"
                        + " ActivationLogSoftmax here");
        assertThat(check(dense(IDENTITY), loss(new BCELoss(), IDENTITY))).hasSize(1);
    }

    @Test
    void anActivationOfTheLayerBelowThatIsAppliedAgainIsReported() {
        assertThat(check(dense(SOFTMAX), loss(new CrossEntropyLoss(), SOFTMAX)))
                .containsExactly("layer 1 'layer1' (LossLayer): activation softmax of the DenseLayer below is applied"
                        + " before CrossEntropyLoss applies a softmax of its own; set activation identity there");
        assertThat(check(dense(IDENTITY), new ActivationLayer(SIGMOID), loss(new BCEWithLogitsLoss(), IDENTITY)))
                .containsExactly(
                        "layer 2 'layer2' (LossLayer): activation sigmoid of the ActivationLayer below is applied"
                                + " before BCEWithLogitsLoss applies a sigmoid of its own; set activation identity there");
        assertThat(check(dense(SOFTMAX), new DropoutLayer.Builder(0.5).build(), loss(new NLLLoss(), LOG_SOFTMAX)))
                .hasSize(1);
        assertThat(check(dense(SIGMOID), loss(new BCELoss(), SIGMOID))).hasSize(1);
        assertThat(check(dense(LOG_SOFTMAX), loss(new BCEWithLogitsLoss(), IDENTITY)))
                .hasSize(1);
        assertThat(LossSwap.check(images(1, SIGMOID)))
                .singleElement()
                .asString()
                .contains("of the ConvolutionLayer below");
    }

    @Test
    void aSoftmaxOverOneOutputIsReported() {
        assertThat(check(output(new NLLLoss(), LOG_SOFTMAX, 1)))
                .containsExactly("layer 0 'layer0' (OutputLayer): the softmax of one output is always 1, so nothing is"
                        + " learned; give it two outputs, or use BCEWithLogitsLoss with activation sigmoid");
        assertThat(check(output(new CrossEntropyLoss(), IDENTITY, 1))).hasSize(1);
        assertThat(check(dense(IDENTITY, 1), loss(new CrossEntropyLoss(), SOFTMAX)))
                .hasSize(1);
        assertThat(check(output(new KLDivLoss(), SOFTMAX, 1))).hasSize(1);
    }

    // ---- formats ----

    @Test
    void aMissingDataFormatIsReportedWhateverTheLoss() {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(new LossMCXENT())
                                .nIn(4)
                                .nOut(3)
                                .build(),
                        "in")
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

        assertThat(check(sequences)).singleElement().asString().contains("NWC; use NCW");
        assertThat(check(images)).singleElement().asString().contains("NHWC; use NCHW");
    }

    // ---- graphs ----

    @Test
    void eachOutputOfAGraphIsCheckedAndNamed() {
        assertThat(LossSwap.check(graph(SIGMOID, SOFTMAX)))
                .containsExactly(
                        "output 'kind' (OutputLayer): CrossEntropyLoss takes logits, but gets the output of activation"
                                + " sigmoid; set activation softmax or identity",
                        "output 'tags' (LossLayer): BCEWithLogitsLoss takes logits, but gets the output of activation"
                                + " softmax; set activation sigmoid or identity");
    }

    @Test
    void theLayerBelowAGraphsOutputIsSeen() {
        ComputationGraphConfiguration conf = graph(SOFTMAX, SIGMOID);
        DenseLayer below = (DenseLayer) LossPlace.of(conf, "tags").below().get(0);
        below.setActivationFn(SIGMOID);

        assertThat(LossSwap.check(conf))
                .containsExactly(
                        "output 'tags' (LossLayer): activation sigmoid of the DenseLayer below is applied before"
                                + " BCEWithLogitsLoss applies a sigmoid of its own; set activation identity there");
    }

    private static ComputationGraphConfiguration graph(IActivation kind, IActivation tags) {
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("kind", output(new CrossEntropyLoss(), kind), "in")
                .addLayer("raw", dense(IDENTITY), "in")
                .addLayer("tags", loss(new BCEWithLogitsLoss(), tags), "raw")
                .setOutputs("kind", "tags");
        return graph.validateOutputLayerConfig(false).build();
    }
}
