/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Sequences of several lengths in segments of truncated back-propagation, the last of which has no labels at all, in networks
 * with momentum, L2 and clipped gradients: with the scale of DL4J a swap changes no number of two steps.
 */
class SwapSequenceTest {
    private static final Random RANDOM = PrintedSeed.randomFor(SwapSequenceTest.class);
    private static final int EXAMPLES = 4;
    private static final int INPUTS = 2;
    private static final int UNITS = 4;
    private static final int STEPS = 8;
    private static final int SEGMENT = 3;

    /** The layers that end a network for sequences. */
    private enum End {
        RNN_OUTPUT_LAYER,
        /** Rows of steps become sequences again. */
        DENSE_BELOW,
        TIME_DISTRIBUTED_BELOW;

        private List<Layer> layers(BuiltInLoss loss) {
            RnnLossLayer above = new RnnLossLayer.Builder(loss.loss())
                    .activation(SpecHead.IDENTITY.inDl4j())
                    .build();
            DenseLayer dense = new DenseLayer.Builder()
                    .nIn(UNITS)
                    .nOut(LayerKind.CLASSES)
                    .activation(loss.head().inDl4j())
                    .build();
            return switch (this) {
                case RNN_OUTPUT_LAYER ->
                    List.of(new RnnOutputLayer.Builder(loss.loss())
                            .nIn(UNITS)
                            .nOut(LayerKind.CLASSES)
                            .activation(loss.head().inDl4j())
                            .build());
                case DENSE_BELOW -> List.of(dense, above);
                case TIME_DISTRIBUTED_BELOW -> List.of(new TimeDistributed(dense, RNNFormat.NCW), above);
            };
        }
    }

    private record Program(NetworkKind network, End end, BuiltInLoss loss, boolean miniBatch, boolean truncated) {
        private List<?> factors() {
            return List.of(network, end, loss, miniBatch, truncated);
        }

        /** Framework bug: a network of layers without miniBatch gives a preprocessor the wrong number of examples. */
        private boolean isPossible() {
            return miniBatch || network == NetworkKind.COMPUTATION_GRAPH || end != End.DENSE_BELOW;
        }

        private Model newNetwork() {
            NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                    .seed(3)
                    .dataType(DataType.DOUBLE)
                    .updater(new Nesterovs(.1, .9))
                    .l2(.01)
                    .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                    .gradientNormalizationThreshold(.2)
                    .miniBatch(miniBatch);
            List<Layer> layers = new ArrayList<>(
                    List.of(new LSTM.Builder().nIn(INPUTS).nOut(UNITS).build()));
            layers.addAll(end.layers(loss));
            BackpropType type = truncated ? BackpropType.TruncatedBPTT : BackpropType.Standard;
            InputType input = InputType.recurrent(INPUTS, STEPS, RNNFormat.NCW);
            if (network == NetworkKind.MULTI_LAYER_NETWORK) {
                return NetworkKind.network(settings.list(layers.toArray(Layer[]::new))
                        .setInputType(input)
                        .backpropType(type)
                        .tBPTTLength(SEGMENT)
                        .build());
            }
            var graph = settings.graphBuilder().addInputs("in").setInputTypes(input);
            String last = "in";
            for (Layer layer : layers) {
                String name = "layer" + layers.indexOf(layer);
                graph.addLayer(name, layer, last);
                last = name;
            }
            return NetworkKind.network(graph.setOutputs(last)
                    .backpropType(type)
                    .tBPTTLength(SEGMENT)
                    .build());
        }
    }

    static List<Program> programs() {
        List<Program> all = new ArrayList<>();
        for (NetworkKind network : NetworkKind.values()) {
            for (End end : End.values()) {
                for (BuiltInLoss loss : BuiltInLoss.values()) {
                    for (boolean miniBatch : new boolean[] {true, false}) {
                        for (boolean truncated : new boolean[] {true, false}) {
                            all.add(new Program(network, end, loss, miniBatch, truncated));
                        }
                    }
                }
            }
        }
        return Product.of(all.stream().filter(Program::isPossible).toList(), Program::factors);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void noNumberOfARecurrentProgramChanges(Program program) {
        Model builtIn = program.newNetwork();

        Swapped<Model> swapped = LossSwap.swapAll(builtIn, Scale.DL4J);

        assertThat(swapped.outputs())
                .singleElement()
                .matches(output -> output.after().isPresent(), "is swapped");
        SwapComparison comparison = new SwapComparison(builtIn, swapped.get());
        for (int step = 0; step < 2; step++) {
            MultiDataSet batch = batch(program.loss(), program.end() == End.RNN_OUTPUT_LAYER);
            comparison.assertSameOutput(batch);
            comparison.assertSameScore(batch);
            comparison.assertSameStep(batch);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void withTheScaleOfTorchScoreAndGradientOfEachSegmentAreTorchs(Program program) {
        // with torch's class weights labels are one-hot
        BuiltInLoss loss =
                program.loss() == BuiltInLoss.WEIGHTED_MCXENT_OF_SHARES ? BuiltInLoss.WEIGHTED_MCXENT : program.loss();
        Program swapped = new Program(program.network(), program.end(), loss, program.miniBatch(), program.truncated());
        MultiDataSet batch = batch(loss, program.end() == End.RNN_OUTPUT_LAYER);

        TorchScale scale = new TorchScale(swapped.newNetwork(), loss);

        scale.assertTorchsScore(batch);
        scale.assertTorchsGradient(batch);
    }

    /** A mask of the features, too, makes DL4J set the outputs of a dense layer to 0; above a loss layer they come back. */
    @ParameterizedTest
    @EnumSource(
            value = BuiltInLoss.class,
            names = {"MCXENT", "BINARY"})
    void onlyMaskedStepsShowSomethingElse(BuiltInLoss loss) {
        // GIVEN
        Program program = new Program(NetworkKind.MULTI_LAYER_NETWORK, End.DENSE_BELOW, loss, true, false);
        MultiLayerNetwork builtIn = (MultiLayerNetwork) program.newNetwork();
        MultiDataSet masked = batch(loss, true);
        DataSet batch = new DataSet(
                masked.getFeatures(0),
                masked.getLabels(0),
                masked.getFeaturesMaskArray(0),
                masked.getLabelsMaskArray(0));
        DataSet unmasked = new DataSet(batch.getFeatures(), batch.getLabels(), null, batch.getLabelsMaskArray());
        double score = builtIn.score(unmasked);

        // WHEN
        Swapped<MultiLayerNetwork> swapped = LossSwap.swapAll(builtIn, Scale.DL4J);

        // THEN
        assertThat(swapped.outputs().get(0).explanation())
                .contains("stays the same, but for steps under a mask of the features, which showed 0.");
        INDArray theirs = shown(builtIn, batch);
        INDArray ours = shown(swapped.get(), batch);
        double atOnce = loss.isBinary() ? .5 : 1.0 / LayerKind.CLASSES;
        for (int example = 0; example < EXAMPLES; example++) {
            for (int step = 0; step < STEPS; step++) {
                boolean isKept = batch.getLabelsMaskArray().getDouble(example, step) == 1;
                assertThat(isKept ? theirs.getDouble(example, 0, step) : atOnce)
                        .isCloseTo(ours.getDouble(example, 0, step), within(1e-15));
                assertThat(theirs.getDouble(example, 0, step) == 0).isNotEqualTo(isKept);
            }
        }
        assertThat(swapped.get().score(batch)).isCloseTo(score, within(1e-12));
        // the logarithm of 0, but where it is clipped
        assertThat(builtIn.score(batch)).isCloseTo(loss.isBinary() ? score : Double.NaN, within(1e-12));
    }

    private static INDArray shown(MultiLayerNetwork network, DataSet batch) {
        return network.output(batch.getFeatures(), false, batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
    }

    /** No sequence reaches the last segment. */
    private static MultiDataSet batch(BuiltInLoss loss, boolean featuresToo) {
        INDArray features =
                TwoLayers.numbers(RANDOM, 2, EXAMPLES, INPUTS, STEPS).toArray();
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, STEPS);
        for (int example = 0; example < EXAMPLES; example++) {
            int length = 1 + RANDOM.nextInt(2 * SEGMENT);
            mask.get(NDArrayIndex.point(example), NDArrayIndex.interval(0, length))
                    .assign(1);
        }
        return new MultiDataSet(
                new INDArray[] {features},
                new INDArray[] {labels(loss)},
                featuresToo ? new INDArray[] {mask} : null,
                new INDArray[] {mask.dup()});
    }

    private static INDArray labels(BuiltInLoss loss) {
        TorchTensor classes = TwoLayers.choices(RANDOM, TorchType.INT64, LayerKind.CLASSES, EXAMPLES * STEPS);
        INDArray rows = switch (loss.labels) {
            case INDICES -> classes.to(TorchType.FLOAT64).toArray().reshape(EXAMPLES * STEPS, 1);
            case YES_OR_NO ->
                TwoLayers.choices(RANDOM, TorchType.FLOAT64, 2, EXAMPLES * STEPS, LayerKind.CLASSES)
                        .toArray();
            case NUMBERS ->
                TwoLayers.numbers(RANDOM, 1, EXAMPLES * STEPS, LayerKind.CLASSES)
                        .toArray();
            case COUNTS ->
                TwoLayers.choices(RANDOM, TorchType.FLOAT64, 4, EXAMPLES * STEPS, LayerKind.CLASSES)
                        .toArray();
            case ONE_HOT ->
                TwoLayers.oneHot(LayerKind.CLASSES, classes.toLongs()).toArray();
            case SHARES ->
                TwoLayers.oneHot(LayerKind.CLASSES, classes.toLongs())
                        .toArray()
                        .mul(.4)
                        .add(.2);
        };
        return rows.reshape(EXAMPLES, STEPS, rows.size(1)).permute(0, 2, 1).dup('c');
    }
}
