/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** The layers in networks as their users have them; that they are torch's is a matter of the proofs. */
class TorchLayersTest {
    private static final Random RANDOM = PrintedSeed.randomFor(TorchLayersTest.class);
    private static final int CHANNELS = 4;
    private static final int STEPS = 5;
    private static final double NEAR = 1e-12;

    /** Every option at a value that is not its default. */
    static Stream<Layer> layers() {
        return Stream.of(
                new LayerNorm.Builder().build(),
                new LayerNorm.Builder()
                        .eps(.1)
                        .hasBias(false)
                        .activation(new TorchHardsigmoid())
                        .build(),
                new SequenceLinear.Builder()
                        .nOut(3)
                        .hasBias(false)
                        .activation(new TorchLeakyReLU(.2))
                        .build(),
                new SequenceLinear.Builder()
                        .nOut(3)
                        .activation(new TorchGELU(TorchGELU.Approximate.TANH))
                        .build(),
                new MultiHeadAttention.Builder(2)
                        .causal(true)
                        .hasBias(false)
                        .activation(Activation.TANH)
                        .build(),
                new MultiHeadAttention.Builder(2).build(),
                new LearnedPositions.Builder(STEPS + 2).build(),
                new TorchPReLU.Builder().build(),
                new TorchPReLU.Builder()
                        .perChannel(true)
                        .activation(Activation.TANH)
                        .build(),
                new LearnedPositions.Builder(STEPS)
                        .leadingOne(true)
                        .activation(Activation.TANH)
                        .build(),
                new GroupedConvolution2D.Builder(2, 3)
                        .nOut(6)
                        .groups(2)
                        .stride(1, 2)
                        .dilation(2, 1)
                        .padding(1, 1)
                        .activation(new TorchHardswish())
                        .build(),
                new GroupedConvolution2D.Builder(2, 2)
                        .nOut(4)
                        .groups(4)
                        .hasBias(false)
                        .build());
    }

    private static boolean isOfImages(Layer layer) {
        return layer instanceof GroupedConvolution2D;
    }

    private static MultiLayerConfiguration configuration(Layer layer, IUpdater updater, boolean channelsLast) {
        RNNFormat sequences = channelsLast ? RNNFormat.NWC : RNNFormat.NCW;
        CNN2DFormat images = channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        Layer head = isOfImages(layer)
                ? new CnnLossLayer.Builder(new MSELoss())
                        .activation(Activation.IDENTITY)
                        .format(images)
                        .build()
                : new RnnOutputLayer.Builder(new MSELoss())
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .dataFormat(sequences)
                        .build();
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .activation(Activation.IDENTITY)
                .seed(1)
                .updater(updater)
                .list()
                .layer(layer.clone())
                .layer(head)
                .setInputType(
                        isOfImages(layer)
                                ? InputType.convolutional(STEPS, STEPS, CHANNELS, images)
                                : InputType.recurrent(CHANNELS, STEPS, sequences))
                .build();
    }

    private static MultiLayerNetwork network(Layer layer, IUpdater updater, boolean channelsLast) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(layer, updater, channelsLast));
        network.init();
        return network;
    }

    private static INDArray numbers(long... shape) {
        return FilledArray.of(RANDOM::nextGaussian, DataType.DOUBLE, shape);
    }

    private static INDArray input(Layer layer, int n) {
        return isOfImages(layer) ? numbers(n, CHANNELS, STEPS, STEPS) : numbers(n, CHANNELS, STEPS);
    }

    private static DataSet data(MultiLayerNetwork network, Layer layer) {
        INDArray x = input(layer, 3);
        return new DataSet(x, numbers(network.output(x).shape()));
    }

    private static INDArray channelsLast(INDArray array) {
        return (array.rank() == 4 ? array.permute(0, 2, 3, 1) : array.permute(0, 2, 1)).dup();
    }

    // ---- configurations and files ----

    @ParameterizedTest
    @MethodSource("layers")
    void aConfigurationComesBackFromJsonAndYaml(Layer layer) {
        MultiLayerConfiguration configuration = configuration(layer, new Sgd(.1), true);
        for (MultiLayerConfiguration read : List.of(
                MultiLayerConfiguration.fromJson(configuration.toJson()),
                MultiLayerConfiguration.fromYaml(configuration.toYaml()))) {
            assertThat(read.getConf(0).getLayer())
                    .isEqualTo(configuration.getConf(0).getLayer())
                    .hasSameHashCodeAs(configuration.getConf(0).getLayer());
            assertThat(read.toJson()).isEqualTo(configuration.toJson());
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aCloneIsEqualAndAnotherLayerIsNot(Layer layer) {
        assertThat(layer.clone()).isEqualTo(layer).hasSameHashCodeAs(layer).isNotSameAs(layer);
        assertThat(layers().filter(layer::equals)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aSavedNetworkGoesOnTraining(Layer layer, @TempDir Path folder) throws IOException {
        MultiLayerNetwork network = network(layer, new Adam(.01), false);
        DataSet data = data(network, layer);
        network.fit(data);
        File file = folder.resolve("network.zip").toFile();
        network.save(file);

        MultiLayerNetwork read = MultiLayerNetwork.load(file, true);
        MultiLayerNetwork clone = network.clone();
        for (MultiLayerNetwork each : List.of(read, clone, network)) {
            each.fit(data);
        }

        assertThat(read.params()).isEqualTo(network.params());
        assertThat(clone.params()).isEqualTo(network.params());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theParametersOfALayerAreSetInTheOrderInWhichTheyAreRead(Layer layer) {
        MultiLayerNetwork network = network(layer, new NoOp(), false);
        INDArray before = network.params().dup();

        network.getLayer(0).setParams(network.getLayer(0).params().dup());

        assertThat(network.params()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void transferLearningFreezesTheLayer(Layer layer) {
        MultiLayerNetwork network = network(layer, new Sgd(.1), false);
        MultiLayerNetwork frozen = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(1e-2))
                        .build())
                .setFeatureExtractor(0)
                .build();
        INDArray x = input(layer, 2);

        assertThat(frozen.output(x)).isEqualTo(network.output(x));
    }

    // ---- arithmetic ----

    @ParameterizedTest
    @MethodSource("layers")
    void theGradientCheckPasses(Layer layer) {
        DataType before = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            MultiLayerNetwork network = network(layer, new NoOp(), false);
            DataSet data = data(network, layer);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(data.getFeatures())
                            .labels(data.getLabels())))
                    .isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theOtherFormatTrainsTheSame(Layer layer) {
        MultiLayerNetwork first = network(layer, new Sgd(.1), false);
        MultiLayerNetwork last = network(layer, new Sgd(.1), true);
        last.setParams(first.params());
        DataSet data = data(first, layer);

        INDArray output = last.output(channelsLast(data.getFeatures()));
        assertThat(output.sub(channelsLast(first.output(data.getFeatures())))
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(NEAR);
        first.fit(data);
        last.fit(new DataSet(channelsLast(data.getFeatures()), channelsLast(data.getLabels())));

        assertThat(last.params().distance2(first.params())).isLessThan(NEAR);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void floatsFollowDoubles(Layer layer) {
        MultiLayerNetwork doubles = network(layer, new Sgd(.1), false);
        MultiLayerNetwork floats = doubles.clone().convertDataType(DataType.FLOAT);
        DataSet data = data(doubles, layer);

        doubles.fit(data);
        floats.fit(new DataSet(
                data.getFeatures().castTo(DataType.FLOAT), data.getLabels().castTo(DataType.FLOAT)));

        assertThat(floats.params().castTo(DataType.DOUBLE).distance2(doubles.params()))
                .isLessThan(1e-5);
    }

    /** The output of the layer alone. */
    private static INDArray attended(MultiLayerNetwork network, INDArray x, INDArray mask) {
        network.setLayerMaskArrays(mask, null);
        return network.feedForward(x).get(1);
    }

    @Test
    void paddingChangesNothingBeforeIt() {
        MultiLayerNetwork network = network(new MultiHeadAttention.Builder(2).build(), new NoOp(), false);
        INDArray x = numbers(1, CHANNELS, STEPS);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0, 0}});
        INDArray whole = attended(network, x, mask).dup();
        x.putScalar(new int[] {0, 1, 3}, 1000);
        x.putScalar(new int[] {0, 1, 4}, -1000);

        INDArray other = attended(network, x, mask);

        for (int t = 0; t < 3; t++) {
            assertThat(other.getDouble(0, 2, t)).isCloseTo(whole.getDouble(0, 2, t), within(NEAR));
        }
        assertThat(other.getDouble(0, 2, 3)).isNotEqualTo(whole.getDouble(0, 2, 3));
    }

    @Test
    void aSequenceOfPaddingIsNanAndItsNeighbourIsNot() {
        MultiLayerNetwork network = network(new MultiHeadAttention.Builder(2).build(), new NoOp(), false);
        INDArray mask = Nd4j.createFromArray(new double[][] {{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}});

        INDArray output = attended(network, numbers(2, CHANNELS, STEPS), mask);

        assertThat(output.getDouble(0, 0, 0)).isNaN();
        assertThat(output.getDouble(1, 0, 0)).isFinite();
    }

    @Test
    void imagesAreFlattenedBeforeANorm() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new LayerNorm.Builder().build())
                .layer(new DenseLayer.Builder().nOut(2).build())
                .setInputType(InputType.convolutional(2, 3, CHANNELS))
                .build();

        assertThat(((LayerNorm) configuration.getConf(0).getLayer()).getNIn()).isEqualTo(2 * 3 * CHANNELS);
    }

    @Test
    void aNormBeginsWithOnesAndZerosAndDecaysBoth() {
        MultiLayerNetwork network = network(new LayerNorm.Builder().build(), new NoOp(), false);

        assertThat(network.getParam("0_weight").toDoubleVector()).containsOnly(1);
        assertThat(network.getParam("0_bias").toDoubleVector()).containsOnly(0);
        assertThat(new LayerNorm.Builder().nIn(3).l2(.1).l2Bias(.2).build().getRegularizationByParam("weight"))
                .hasSize(1);
        assertThat(new LayerNorm.Builder().nIn(3).l2(.1).l2Bias(.2).build().getRegularizationByParam("bias"))
                .hasSize(1);
    }

    @Test
    void aLearnedSlopeBeginsAsAQuarterAndDecays() {
        MultiLayerNetwork network =
                network(new TorchPReLU.Builder().perChannel(true).build(), new NoOp(), false);

        assertThat(network.getParam("0_weight").toDoubleVector())
                .hasSize(CHANNELS)
                .containsOnly(.25);
        assertThat(new TorchPReLU.Builder().nIn(3).l2(.1).build().getRegularizationByParam("weight"))
                .hasSize(1);
        assertThatThrownBy(() -> new TorchPReLU.Builder().nIn(3).nOut(4).build())
                .hasMessage("nIn and nOut of TorchPReLU must be equal, got 3 and 4");
    }

    @Test
    void weightNoiseReachesForwardAndBackwardAlike() {
        Layer layer = new SequenceLinear.Builder()
                .nOut(3)
                .weightNoise(new DropConnect(.5))
                .build();
        MultiLayerNetwork network = network(layer, new Sgd(.1), false);
        DataSet data = data(network, layer);

        network.fit(data);

        assertThat(network.output(data.getFeatures())).isEqualTo(network.output(data.getFeatures()));
    }

    // ---- activations ----

    static Stream<IActivation> activations() {
        return Stream.of(
                new TorchGELU(),
                new TorchGELU(TorchGELU.Approximate.TANH),
                new TorchHardswish(),
                new TorchHardsigmoid(),
                new TorchLeakyReLU(),
                new TorchLeakyReLU(.3),
                new TorchSoftplus(),
                new TorchSoftplus(.5, 20),
                new TorchSoftplus(1, 3));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void anActivationOverwritesItsArgument(IActivation activation) {
        INDArray x = numbers(3, 4);
        INDArray before = x.dup();

        assertThat(activation.getActivation(x, false)).isSameAs(x).isNotEqualTo(before);
        assertThatThrownBy(() -> activation.backprop(x, numbers(4, 3))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void anActivationEqualsItsLikeAlone(IActivation activation) throws IOException {
        IActivation read = NeuralNetConfiguration.mapper()
                .readValue(NeuralNetConfiguration.mapper().writeValueAsString(activation), IActivation.class);

        assertThat(read).isEqualTo(activation).hasSameHashCodeAs(activation).hasToString(activation.toString());
        assertThat(activations().filter(activation::equals)).hasSize(1);
    }

    @Test
    void theExamplesOfTheActivationsHaveTheirNumbers() {
        assertValues(new TorchGELU(), new double[] {1, -1}, .8413447460685429, -.15865525393145707);
        assertValues(new TorchHardsigmoid(), new double[] {-4, 0, 1.5}, 0, .5, .75);
        assertValues(new TorchHardswish(), new double[] {-4, 1, 4}, 0, 2 / 3.0, 4);
        assertValues(new TorchLeakyReLU(.1), new double[] {-2, 3}, -.2, 3);
        assertValues(new TorchSoftplus(), new double[] {0, 800}, .6931471805599453, 800);
    }

    @Test
    void aSoftplusIsTheIdentityBeyondItsThreshold() {
        TorchSoftplus softplus = new TorchSoftplus(2, 3);
        INDArray x =
                Nd4j.createFromArray(1.5, 1.6, 1e300, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);

        INDArray slopes = softplus.backprop(x, Nd4j.onesLike(x)).getFirst();

        assertThat(slopes.toDoubleVector())
                .containsExactly(new double[] {1 / (1 + Math.exp(-3)), 1, 1, 1, 0, Double.NaN}, within(1e-15));
        assertThat(softplus.getActivation(x, true).toDoubleVector())
                .containsExactly(
                        new double[] {Math.log1p(Math.exp(3)) / 2, 1.6, 1e300, Double.POSITIVE_INFINITY, 0, Double.NaN},
                        within(1e-15));
        assertThatThrownBy(() -> new TorchSoftplus(0, 20)).hasMessage("beta must be finite and not 0, got 0.0");
        assertThatThrownBy(() -> new TorchSoftplus(1, Double.NaN)).hasMessage("threshold must be finite, got NaN");
    }

    private static void assertValues(IActivation activation, double[] x, double... expected) {
        assertThat(activation.getActivation(Nd4j.createFromArray(x), false).toDoubleVector())
                .containsExactly(expected, within(1e-15));
    }

    // ---- refusals ----

    @Test
    void numbersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> network(new MultiHeadAttention.Builder(3).build(), new NoOp(), false))
                .hasMessageContaining("heads of MultiHeadAttention must divide its 4 channels, got 3");
        assertThatThrownBy(() -> network(
                        new GroupedConvolution2D.Builder(2, 2).nOut(6).groups(4).build(), new NoOp(), false))
                .hasMessageContaining(
                        "groups of GroupedConvolution2D must divide nIn and nOut, got 4 groups of 4 and 6 channels");
        assertThatThrownBy(() -> new MultiHeadAttention.Builder(0)).hasMessage("heads must be positive, got 0");
        assertThatThrownBy(() -> new GroupedConvolution2D.Builder(2, 2).groups(0))
                .hasMessage("groups must be positive, got 0");
        assertThatThrownBy(() -> new LayerNorm.Builder().eps(-1))
                .hasMessage("eps must be finite and at least 0, got -1.0");
        assertThatThrownBy(() -> new LayerNorm.Builder().nIn(3).nOut(4).build())
                .hasMessage("nIn and nOut of LayerNorm must be equal, got 3 and 4");
        assertThatThrownBy(
                        () -> new MultiHeadAttention.Builder(1).nIn(3).nOut(4).build())
                .hasMessage("nIn and nOut of MultiHeadAttention must be equal, got 3 and 4");
        assertThatThrownBy(() -> new TorchGELU(null)).hasMessage("approximate must not be null");
        assertThatThrownBy(() -> TransformerEncoderLayer.builder(5, 2, 3)).hasMessageContaining("got 5, 2, 3");
    }

    @Test
    void anInputOfAnotherShapeIsRefused() {
        MultiLayerNetwork norm = network(new LayerNorm.Builder().build(), new NoOp(), false);
        assertThatThrownBy(() -> norm.output(numbers(2, 3, STEPS)))
                .hasMessageContaining("the input must have shape [N, 4] or [N, 4, T], got [2, 3, 5]");
        MultiLayerNetwork groups =
                network(new GroupedConvolution2D.Builder(2, 2).nOut(4).groups(2).build(), new NoOp(), false);
        assertThatThrownBy(() -> groups.output(numbers(2, 3, STEPS, STEPS)))
                .hasMessageContaining("the input must be images of 4 channels in the format NCHW, got [2, 3, 5, 5]");
        assertThatThrownBy(() -> new MultiHeadAttention.Builder(1).build().setNIn(InputType.feedForward(3), true))
                .hasMessageContaining("Expected RNN input, got InputTypeFeedForward");
    }
}
