/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Every output of a program at once: what is swapped, what is moved, what stays, and what is said of it. */
class SwapAllTest extends CheckedNetworks {
    private static final INDArray WEIGHTS = Nd4j.createFromArray(new double[][] {{.5, 2, 1}});

    private static Swapped.Output only(Swapped<?> swapped) {
        assertThat(swapped.outputs()).hasSize(1);
        return swapped.outputs().get(0);
    }

    private static Swapped.Output swapped(Scale scale, Layer... layers) {
        return only(LossSwap.swapAll(layers(layers), scale));
    }

    private static TorchLoss swapped(ILossFunction builtIn, IActivation activation, Scale scale) {
        return swapped(scale, output(builtIn, activation)).after().orElseThrow();
    }

    private static void assertStays(Swapped.Output output, String... words) {
        assertThat(output.after()).isEmpty();
        assertThat(output.explanation()).contains(words).endsWith("left as it is.");
    }

    // ---- which loss ----

    @Test
    void theScaleOfDl4jIsTheSumOverTheExamplesAndLabelsAreReadAsTheBuiltInReadsThem() {
        CrossEntropyLoss plain =
                CrossEntropyLoss.builder().reduction(Reduction.BATCHMEAN).build();
        TorchLoss weighted = plain.toBuilder().weight(.5, 2, 1).build();
        BCEWithLogitsLoss binary =
                BCEWithLogitsLoss.builder().reduction(Reduction.BATCHMEAN).build();

        assertThat(swapped(new LossMCXENT(), SOFTMAX, Scale.DL4J)).isEqualTo(plain);
        assertThat(swapped(new LossMCXENT(WEIGHTS), SOFTMAX, Scale.DL4J)).isEqualTo(weighted);
        assertThat(swapped(new LossNegativeLogLikelihood(), SOFTMAX, Scale.DL4J))
                .isEqualTo(plain);
        assertThat(swapped(new LossSparseMCXENT(WEIGHTS), SOFTMAX, Scale.DL4J)).isEqualTo(weighted);
        assertThat(swapped(new LossBinaryXENT(), SIGMOID, Scale.DL4J)).isEqualTo(binary);
        assertThat(swapped(new LossBinaryXENT(WEIGHTS), SIGMOID, Scale.DL4J))
                .isEqualTo(binary.toBuilder().weight(.5, 2, 1).build());
        assertThat(swapped(new LossKLD(), SOFTMAX, Scale.DL4J))
                .isEqualTo(KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build());
    }

    @Test
    void aNetworkThatDoesNotDivideGetsTheSum() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .miniBatch(false)
                .list(output(new LossMCXENT(), SOFTMAX))
                .build();

        assertThat(only(LossSwap.swapAll(conf, Scale.DL4J)).after())
                .contains(CrossEntropyLoss.builder()
                        .reduction(Reduction.SUM)
                        .miniBatch(false)
                        .build());
    }

    @Test
    void theScaleOfTorchIsItsMeanAndAnEmptyOneIsZero() {
        CrossEntropyLoss plain =
                CrossEntropyLoss.builder().emptyMean(EmptyMean.ZERO).build();

        assertThat(swapped(new LossMCXENT(), SOFTMAX, Scale.TORCH)).isEqualTo(plain);
        assertThat(swapped(new LossMCXENT(WEIGHTS), SOFTMAX, Scale.TORCH))
                .isEqualTo(plain.toBuilder()
                        .weight(.5, 2, 1)
                        .targetFormat(TargetFormat.ONE_HOT)
                        .build());
        assertThat(swapped(new LossSparseMCXENT(WEIGHTS), SOFTMAX, Scale.TORCH))
                .isEqualTo(plain.toBuilder().weight(.5, 2, 1).build());
        assertThat(swapped(new LossBinaryXENT(), SIGMOID, Scale.TORCH))
                .isEqualTo(BCEWithLogitsLoss.builder().emptyMean(EmptyMean.ZERO).build());
        assertThat(swapped(new LossKLD(), SOFTMAX, Scale.TORCH))
                .isEqualTo(KLDivLoss.builder()
                        .reduction(Reduction.BATCHMEAN)
                        .emptyMean(EmptyMean.ZERO)
                        .build());
    }

    /** LossMSE and LossMAE divide by the outputs, of which there are three. */
    @Test
    void regressionsKeepTheirScaleOrGetTorchsMean() {
        MSELoss squares = MSELoss.builder().reduction(Reduction.BATCHMEAN).build();
        L1Loss distances = L1Loss.builder().reduction(Reduction.BATCHMEAN).build();
        PoissonNLLLoss counts = PoissonNLLLoss.builder().logInput(false).build();

        assertThat(swapped(new LossMSE(), TANH, Scale.DL4J))
                .isEqualTo(squares.toBuilder().factor(1.0 / 3).build());
        assertThat(swapped(new LossL2(), IDENTITY, Scale.DL4J)).isEqualTo(squares);
        assertThat(swapped(new LossMAE(), RELU, Scale.DL4J))
                .isEqualTo(distances.toBuilder().factor(1.0 / 3).build());
        assertThat(swapped(new LossL1(), SOFTMAX, Scale.DL4J)).isEqualTo(distances);
        assertThat(swapped(new LossPoisson(), SIGMOID, Scale.DL4J))
                .isEqualTo(
                        counts.toBuilder().eps(0).reduction(Reduction.BATCHMEAN).build());
        for (ILossFunction builtIn : List.of(new LossMSE(), new LossL2())) {
            assertThat(swapped(builtIn, TANH, Scale.TORCH))
                    .isEqualTo(MSELoss.builder().emptyMean(EmptyMean.ZERO).build());
        }
        assertThat(swapped(new LossPoisson(), SIGMOID, Scale.TORCH))
                .isEqualTo(counts.toBuilder().emptyMean(EmptyMean.ZERO).build());
    }

    @Test
    void theActivationOfARegressionStaysWhereItIs() {
        Swapped<MultiLayerConfiguration> swapped =
                LossSwap.swapAll(layers(dense(SOFTMAX), loss(new LossMSE(), IDENTITY)), Scale.DL4J);

        assertThat(activations(swapped.get())).isEqualTo("softmax identity");
        assertThat(only(swapped).after()).isPresent();
    }

    /** What it divides by is the size of the layer below, as long as nothing between changes it. */
    @Test
    void aMeanOfOutputsStaysWhereTheirNumberIsUnknown() {
        Layer image =
                new ConvolutionLayer.Builder(2, 2).activation(RELU).nOut(3).build();
        MultiLayerConfiguration flattened = network(image, new DropoutLayer(.5), loss(new LossMAE(), IDENTITY))
                .setInputType(InputType.convolutional(4, 4, 1))
                .build();
        Layer distant = new ActivationLayer(TANH);

        assertStays(
                only(LossSwap.swapAll(flattened, Scale.DL4J)),
                "LossMAE divides by the number of outputs, which the layer below does not say");
        assertThat(only(LossSwap.swapAll(flattened, Scale.TORCH)).after()).isPresent();
        assertThat(swapped(Scale.DL4J, dense(TANH), distant, new DropoutLayer(.5), loss(new LossMSE(), IDENTITY))
                        .after()
                        .orElseThrow()
                        .getFactor())
                .isEqualTo(1.0 / 3);
    }

    @Test
    void regressionsWithWeightsForOutputsStay() {
        assertStays(
                swapped(Scale.DL4J, output(new LossMSE(WEIGHTS), IDENTITY)),
                "LossMSE has no counterpart, for it has weights for outputs, and MSELoss has none");
        assertStays(
                swapped(Scale.TORCH, output(new LossL1(WEIGHTS), IDENTITY)),
                "LossL1 has no counterpart, for it has weights for outputs, and L1Loss has none");
    }

    @ParameterizedTest
    @EnumSource(LossFunction.class)
    void eachOfDl4jsLossesIsSwappedOrHasAReason(LossFunction function) {
        for (IActivation activation : List.of(IDENTITY, SOFTMAX, SIGMOID)) {
            Swapped.Output output = swapped(Scale.DL4J, output(function.getILossFunction(), activation));

            assertThat(output.explanation()).as("%s", output).isNotBlank();
            if (output.after().isEmpty()) {
                assertThat(output.explanation())
                        .containsAnyOf(" is swapped under activation ", " has no counterpart, for ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jlosses.swap.LossSwapTest#lossLayers")
    void everyKindOfLossLayerIsSwapped(Layer layer) {
        ((BaseLayer) layer).setActivationFn(SOFTMAX);

        assertThat(swapped(Scale.DL4J, layer).after()).get().isInstanceOf(CrossEntropyLoss.class);
    }

    @Test
    void aFrozenOutputIsSwapped() {
        Layer frozen = new FrozenLayer(output(new LossMCXENT(), SOFTMAX));

        assertThat(swapped(Scale.DL4J, frozen).after()).isPresent();
    }

    // ---- what stays ----

    @Test
    void anyOtherLossStaysWithAReason() {
        assertStays(
                swapped(Scale.DL4J, output(new LossHinge(), IDENTITY)),
                "LossHinge has no counterpart, for torch.nn has no max(0, 1 - t x), HingeEmbeddingLoss is another loss");
        assertStays(swapped(Scale.DL4J, output(new OwnLoss(), SOFTMAX)), "OwnLoss is not one of DL4J's own");
        assertStays(
                swapped(Scale.DL4J, output(new LossMCXENT(), TANH)),
                "LossMCXENT is swapped under activation softmax only, and this layer has tanh");
        assertStays(
                swapped(Scale.DL4J, output(new LossBinaryXENT(), SOFTMAX)),
                "LossBinaryXENT is swapped under activation sigmoid only, and this layer has softmax");
        assertStays(swapped(Scale.DL4J, output(new LossMCXENT(), IDENTITY)), "and this layer has identity");
        assertStays(swapped(Scale.TORCH, dense(TANH)), "DenseLayer has no loss that can be chosen");
        Layer yolo = new Yolo2OutputLayer.Builder()
                .boundingBoxPriors(Nd4j.ones(1, 2))
                .build();
        assertStays(swapped(Scale.DL4J, yolo), "Yolo2OutputLayer has no loss that can be chosen");
    }

    /** Computes what a user wants. */
    private static final class OwnLoss extends LossMCXENT {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void anOutputThatIsNoLayerStays() {
        ComputationGraphConfiguration graph = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(TANH), "in")
                .addVertex("half", new ScaleVertex(.5), "dense")
                .setOutputs("half")
                .build();

        assertStays(only(LossSwap.swapAll(graph, Scale.DL4J)), "ScaleVertex has no loss that can be chosen");
    }

    @Test
    void aSecondSwapChangesNothing() {
        Swapped<MultiLayerConfiguration> once =
                LossSwap.swapAll(layers(output(new LossMCXENT(WEIGHTS), SOFTMAX)), Scale.DL4J);
        Swapped<MultiLayerConfiguration> twice = LossSwap.swapAll(once.get(), Scale.TORCH);

        assertThat(twice.get().toJson()).isEqualTo(once.get().toJson());
        assertThat(only(twice).after()).isEqualTo(only(once).after());
        assertThat(only(twice).explanation()).contains("already");
    }

    // ---- the layer below ----

    private static String activations(MultiLayerConfiguration conf) {
        StringBuilder names = new StringBuilder();
        conf.getConfs()
                .forEach(layer -> names.append(
                                layer.getLayer() instanceof ActivationLayer
                                        ? ((ActivationLayer) layer.getLayer()).getActivationFn()
                                        : ((BaseLayer) layer.getLayer()).getActivationFn())
                        .append(' '));
        return names.toString().trim();
    }

    @Test
    void softmaxAndSigmoidOfTheLayerBelowMoveIntoTheLossLayer() {
        Swapped<MultiLayerConfiguration> dense =
                LossSwap.swapAll(layers(dense(SOFTMAX), loss(new LossMCXENT(), IDENTITY)), Scale.DL4J);
        Swapped<MultiLayerConfiguration> apart = LossSwap.swapAll(
                layers(dense(TANH), new ActivationLayer(SIGMOID), loss(new LossBinaryXENT(), IDENTITY)), Scale.DL4J);
        Swapped<MultiLayerConfiguration> frozen =
                LossSwap.swapAll(layers(new FrozenLayer(dense(SOFTMAX)), loss(new LossMCXENT(), IDENTITY)), Scale.DL4J);

        assertThat(activations(dense.get())).isEqualTo("identity softmax");
        assertThat(activations(apart.get())).isEqualTo("tanh identity sigmoid");
        assertThat(only(dense).after()).isPresent();
        assertThat(only(dense).explanation())
                .contains("softmax has been moved here from the DenseLayer below", "Score and step are those of");
        assertThat(only(frozen).after()).isPresent();
        assertThat(dense.findings()).isEmpty();
    }

    @Test
    void identitiesBetweenAreNoObstacle() {
        Swapped<MultiLayerConfiguration> swapped = LossSwap.swapAll(
                layers(dense(SOFTMAX), new ActivationLayer(IDENTITY), loss(new LossMCXENT(), IDENTITY)), Scale.DL4J);

        assertThat(activations(swapped.get())).isEqualTo("identity identity softmax");
    }

    @Test
    void stepsThatComeAsRowsKeepTheirClasses() {
        MultiLayerConfiguration conf = network(dense(SOFTMAX), sequenceLoss())
                .inputPreProcessor(1, new FeedForwardToRnnPreProcessor())
                .build();

        Swapped<MultiLayerConfiguration> swapped = LossSwap.swapAll(conf, Scale.DL4J);

        assertThat(activations(swapped.get())).isEqualTo("identity softmax");
        assertThat(only(swapped).explanation())
                .contains("stays the same, but for steps under a mask of the features, which showed 0.");
    }

    private static Layer sequenceLoss() {
        return new RnnLossLayer.Builder(new LossMCXENT()).activation(IDENTITY).build();
    }

    @Test
    void whatCannotBeMovedStaysWithTheObstacle() {
        Layer sequences = new Convolution1DLayer.Builder(1)
                .activation(SOFTMAX)
                .nIn(4)
                .nOut(3)
                .build();
        Layer withDropout = new LossLayer.Builder(new LossMCXENT())
                .activation(IDENTITY)
                .dropOut(.5)
                .build();

        assertStays(
                swapped(Scale.DL4J, sequences, sequenceLoss()),
                "softmax of the Convolution1DLayer below runs over another dimension than the loss");
        assertStays(swapped(Scale.DL4J, dense(SOFTMAX), withDropout), "because dropout follows it");
        assertStays(
                swapped(Scale.DL4J, dense(TANH), loss(new LossMCXENT(), IDENTITY)),
                "the DenseLayer below ends in activation tanh");
    }

    @Test
    void aLayerThatGivesNoActivationAwayIsNamed() {
        Layer recurrent =
                new SimpleRnn.Builder().activation(SOFTMAX).nIn(4).nOut(3).build();

        assertStays(
                swapped(Scale.DL4J, dense(SOFTMAX), new DropoutLayer(.5), loss(new LossMCXENT(), IDENTITY)),
                "the DropoutLayer below has no activation that could be moved");
        assertStays(
                swapped(Scale.DL4J, recurrent, sequenceLoss()),
                "the SimpleRnn below has no activation that could be moved");
        assertStays(swapped(Scale.DL4J, loss(new LossMCXENT(), IDENTITY)), "there is no layer right below");
    }

    @Test
    void aSoftmaxOverTheClassesOfEachStepIsMoved() {
        Layer steps = new TimeDistributed(dense(SOFTMAX), RNNFormat.NCW);

        assertThat(swapped(Scale.DL4J, steps, sequenceLoss()).after()).isPresent();
        assertThat(swapped(Scale.DL4J, new FrozenLayer(steps), sequenceLoss()).after())
                .isPresent();
    }

    @Test
    void aSoftmaxOverTheLastDimensionIsMovedWhereDl4jReadsTheClassesThere() {
        assertThat(swapped(Scale.DL4J, volume(DataFormat.NDHWC), volumeLoss(DataFormat.NDHWC))
                        .after())
                .isPresent();
        assertStays(
                swapped(Scale.DL4J, volume(DataFormat.NCDHW), volumeLoss(DataFormat.NCDHW)),
                "runs over another dimension than the loss");
        Layer image = new ConvolutionLayer.Builder(1, 1)
                .activation(SOFTMAX)
                .nIn(4)
                .nOut(3)
                .build();
        assertStays(
                swapped(Scale.DL4J, image, imageLoss(CNN2DFormat.NHWC)),
                "DL4J 1.0.0-M2.1 reads the last dimension of this layer's format as another");
        assertStays(
                swapped(Scale.DL4J, image, imageLoss(CNN2DFormat.NCHW)), "runs over another dimension than the loss");
    }

    private static Layer volume(DataFormat format) {
        return new Convolution3D.Builder(1, 1, 1)
                .dataFormat(format)
                .activation(SOFTMAX)
                .nIn(4)
                .nOut(3)
                .build();
    }

    private static Layer volumeLoss(DataFormat format) {
        return new Cnn3DLossLayer.Builder(format)
                .lossFunction(new LossMCXENT())
                .activation(IDENTITY)
                .build();
    }

    private static Layer imageLoss(CNN2DFormat format) {
        return new CnnLossLayer.Builder(new LossMCXENT())
                .format(format)
                .activation(IDENTITY)
                .build();
    }

    private static ComputationGraphConfiguration.GraphBuilder softmaxBelow() {
        return new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(SOFTMAX), "in")
                .addLayer("out", loss(new LossMCXENT(), IDENTITY), "dense");
    }

    @Test
    void anActivationThatFeedsMoreThanTheLossStays() {
        ComputationGraphConfiguration forked = softmaxBelow()
                .addLayer("other", output(new LossMSE(), IDENTITY), "dense")
                .setOutputs("out", "other")
                .build();
        ComputationGraphConfiguration shown =
                softmaxBelow().setOutputs("out", "dense").build();
        ComputationGraphConfiguration alone = softmaxBelow().setOutputs("out").build();

        assertStays(LossSwap.swapAll(forked, Scale.DL4J).outputs().get(0), "because it feeds more than this output");
        assertStays(LossSwap.swapAll(shown, Scale.DL4J).outputs().get(0), "because it feeds more than this output");
        assertThat(only(LossSwap.swapAll(alone, Scale.DL4J)).after()).isPresent();
    }

    // ---- networks, arguments, words ----

    @Test
    void aSwappedConfigurationIsThatOfTheSwappedNetwork() {
        MultiLayerConfiguration layers = layers(dense(SOFTMAX), loss(new LossMCXENT(), IDENTITY));
        ComputationGraphConfiguration graph = softmaxBelow().setOutputs("out").build();
        MultiLayerNetwork net = new MultiLayerNetwork(layers);
        net.init();
        ComputationGraph graphNet = new ComputationGraph(graph);
        graphNet.init();

        assertThat(LossSwap.swapAll(net, Scale.DL4J)
                        .get()
                        .getLayerWiseConfigurations()
                        .toJson())
                .isEqualTo(LossSwap.swapAll(net.getLayerWiseConfigurations(), Scale.DL4J)
                        .get()
                        .toJson());
        assertThat(LossSwap.swapAll(graphNet, Scale.DL4J)
                        .get()
                        .getConfiguration()
                        .toJson())
                .isEqualTo(LossSwap.swapAll(graphNet.getConfiguration(), Scale.DL4J)
                        .get()
                        .toJson());
        assertThat(LossSwap.swapAll(net, Scale.DL4J).get().params()).isEqualTo(net.params());
    }

    @Test
    void theArgumentStaysAsItIs() {
        assertUnchanged(layers(dense(SOFTMAX), loss(new LossMCXENT(), IDENTITY)));
    }

    /** DL4J's own copy of a layer that wraps another shares the one inside. */
    @Test
    void aLayerInsideAnotherStaysAsItIs() {
        Layer steps = new TimeDistributed(dense(SIGMOID), RNNFormat.NCW);
        Layer frozen = new FrozenLayer(new TimeDistributed(dense(SIGMOID), RNNFormat.NCW));
        Layer sequenceLoss = new RnnLossLayer.Builder(new LossBinaryXENT())
                .activation(IDENTITY)
                .build();

        assertUnchanged(layers(steps, sequenceLoss));
        assertUnchanged(layers(frozen, sequenceLoss));
    }

    private static void assertUnchanged(MultiLayerConfiguration conf) {
        String before = conf.toJson();

        Swapped<MultiLayerConfiguration> swapped = LossSwap.swapAll(conf, Scale.TORCH);

        assertThat(only(swapped).after()).isPresent();
        assertThat(swapped.get().toJson()).isNotEqualTo(before);
        assertThat(conf.toJson()).isEqualTo(before);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swapAll("network", Scale.DL4J))
                .withMessageContaining("must be a MultiLayerNetwork, ComputationGraph")
                .withMessageContaining("java.lang.String");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swapAll(null, Scale.DL4J))
                .withMessageContaining("networkOrConfiguration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swapAll(layers(dense(TANH)), null))
                .withMessageContaining("scale");
    }

    @ParameterizedTest
    @EnumSource
    void aLineTellsOfEachOutput(Scale scale) {
        ComputationGraphConfiguration graph = softmaxBelow()
                .addLayer("other", output(new LossHinge(), IDENTITY), "in")
                .setOutputs("out", "other")
                .build();

        List<String> lines =
                LossSwap.swapAll(graph, scale).toString().lines().collect(java.util.stream.Collectors.toList());

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("out: LossMCXENT() -> CrossEntropyLoss(");
        assertThat(lines.get(1)).startsWith("other: LossHinge() stays: ");
    }

    @Test
    void whatACheckFindsIsHandedOver() {
        Swapped<MultiLayerConfiguration> swapped =
                LossSwap.swapAll(layers(dense(SIGMOID), loss(new LossMCXENT(), SOFTMAX)), Scale.DL4J);

        assertThat(swapped.findings()).isEqualTo(LossSwap.check(swapped.get())).hasSize(1);
        assertThat(swapped.toString()).contains("check: layer 1", "set activation identity there");
    }
}
