/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A recurrent network on sequences of many lengths, as a whole and in segments, as a network of layers and as a graph,
 * against the same network in torch, which takes each sequence alone for just as long as it is.
 */
class RecurrentNetworkTest {
    private static final int INPUTS = 3;
    /** As many as classes, so that a loss layer can follow at once. */
    private static final int HIDDEN = 3;

    private static final int CLASSES = 3;
    private static final int STEPS = 8;
    private static final int SEGMENT = 3;
    /** DL4J warns of any other where there are no segments. */
    private static final int DEFAULT_SEGMENT = 20;

    private static final long[] LENGTHS = {8, 5, 1, 7};
    private static final double RATE = .5;

    /** Of both layers by DL4J's names, which a graph gives them, too; torch's are in the same order. */
    private static final List<String> PARAMETERS = List.of("0_W", "0_RW", "0_b", "1_W", "1_b");

    private static final List<String> TORCH_NAMES = List.of("W", "RW", "b", "V", "c");

    private static final String[] ARGUMENTS = {"x", "t", "first", "last", "state", "W", "RW", "b", "V", "c"};
    /** The steps first to last of each sequence. */
    private static final String STEPS_OF_SEQUENCES = """
            zs = annotate(List[Tensor], [])
            ts = annotate(List[Tensor], [])
            states = annotate(List[Tensor], [])
            for n in range(x.size(0)):
              h = torch.slice(state, 0, n, n + 1)
              for i in range(int(torch.select(first, 0, n)), int(torch.select(last, 0, n))):
                xi = torch.slice(torch.select(x, 2, i), 0, n, n + 1)
                h = torch.tanh(torch.add(torch.add(torch.matmul(xi, W), torch.matmul(h, RW)), b))
                zs.append(torch.add(torch.matmul(h, V), c))
                ts.append(torch.slice(torch.select(t, 1, i), 0, n, n + 1))
              states.append(h)
            """;

    private static final TorchFunction LOSS =
            TorchFunction.of(STEPS_OF_SEQUENCES + """
            weight = torch.tensor([0.5, 2.0, 3.0], dtype=7)
            torch.cross_entropy_loss(torch.cat(zs, 0), torch.cat(ts, 0), weight, 1, 1, 0.1)
            """, ARGUMENTS).withRespectTo(TORCH_NAMES.toArray(String[]::new));

    private static final TorchFunction STATE = TorchFunction.of(STEPS_OF_SEQUENCES + "torch.cat(states, 0)", ARGUMENTS);

    private final Random random = PrintedSeed.randomFor(RecurrentNetworkTest.class);
    private final TorchTensor features = TwoLayers.numbers(random, 1, LENGTHS.length, INPUTS, STEPS);
    private final TorchTensor classes = TwoLayers.choices(random, TorchType.INT64, CLASSES, LENGTHS.length, STEPS);

    private final Map<String, TorchTensor> parameters = new HashMap<>(Map.of(
            "0_W", TwoLayers.numbers(random, 1, INPUTS, HIDDEN),
            "0_RW", TwoLayers.numbers(random, 1, HIDDEN, HIDDEN),
            "0_b", TwoLayers.numbers(random, 1, 1, HIDDEN),
            "1_W", TwoLayers.numbers(random, 1, HIDDEN, CLASSES),
            "1_b", TwoLayers.numbers(random, 1, 1, CLASSES)));

    @ParameterizedTest(name = "{0}, miniBatch {1}")
    @CsvSource({
        "MULTI_LAYER_NETWORK, true",
        "MULTI_LAYER_NETWORK, false",
        "COMPUTATION_GRAPH, true",
        "COMPUTATION_GRAPH, false"
    })
    void sequencesOfAnyLengthAreAsIfTheyHadNoPadding(NetworkKind kind, boolean miniBatch) {
        Model network = network(kind, loss(miniBatch, STEPS), miniBatch, BackpropType.Standard);
        TwoLayers.fit(network, new DataSet(features.toArray(), labels(), mask(), mask()));

        assertStep(network);
    }

    /** Layers without parameters take the mask of the features for their labels. */
    @Test
    void aMaskOfFeaturesMasksTheLabelsOfALossLayer() {
        Model network = lossNetwork(NetworkKind.MULTI_LAYER_NETWORK);
        TwoLayers.fit(network, new DataSet(features.toArray(), labels(), mask(), null));

        assertStep(network);
    }

    /** Framework bug: a graph takes that mask from its loss layer again, before the loss sees it. */
    @Test
    void theLossLayerOfAGraphNeedsAMaskOfLabels() {
        Model network = lossNetwork(NetworkKind.COMPUTATION_GRAPH);
        DataSet batch = new DataSet(features.toArray(), labels(), mask(), null);
        assertThatThrownBy(() -> TwoLayers.fit(network, batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class index NaN is not a whole number");

        Model another = lossNetwork(NetworkKind.COMPUTATION_GRAPH);
        TwoLayers.fit(another, new DataSet(features.toArray(), labels(), mask(), mask()));

        assertStep(another);
    }

    private Model lossNetwork(NetworkKind kind) {
        RnnLossLayer lossLayer = new RnnLossLayer.Builder(loss(true, STEPS))
                .activation(Activation.SOFTMAX)
                .build();
        Model network = network(kind, true, BackpropType.Standard, recurrent(RATE), lossLayer);
        parameters.put("1_W", TorchTensor.of(Nd4j.eye(CLASSES).castTo(DataType.DOUBLE)));
        parameters.put("1_b", TorchTensor.of(TorchType.FLOAT64, new double[CLASSES], 1, CLASSES));
        initialise(network);
        return network;
    }

    /** One step on whole sequences. */
    private void assertStep(Model network) {
        TorchResult torch = torch(filled(0), LENGTHS, zeroState());
        assertThat(network.score()).isCloseTo(torch.value().item(), within(StepComparison.FLOAT64_TOLERANCE));
        step(torch, 1, PARAMETERS);
        assertParameters(network);
    }

    /** The last segment has two steps: a network that divides scales it by the three that the loss was told. */
    @ParameterizedTest(name = "{0}, miniBatch {1}: the last segment has {2} of the weight")
    @CsvSource({
        "MULTI_LAYER_NETWORK, true, 0.6666666666666666",
        "MULTI_LAYER_NETWORK, false, 1",
        "COMPUTATION_GRAPH, true, 0.6666666666666666",
        "COMPUTATION_GRAPH, false, 1"
    })
    void everySegmentOfTruncatedBackPropagationTakesTorchsStep(NetworkKind kind, boolean miniBatch, double lastScale) {
        // GIVEN
        Model network = network(kind, loss(miniBatch, SEGMENT), miniBatch, BackpropType.TruncatedBPTT);
        List<Double> scores = new ArrayList<>();
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                scores.add(model.score());
            }
        });

        // WHEN
        TwoLayers.fit(network, new DataSet(features.toArray(), labels(), null, mask()));

        // THEN
        TorchTensor state = zeroState();
        List<Double> expected = new ArrayList<>();
        for (int from = 0; from < STEPS; from += SEGMENT) {
            int to = Math.min(from + SEGMENT, STEPS);
            double scale = to - from == SEGMENT ? 1 : lastScale;
            TorchResult torch = torch(filled(from), ends(to), state);
            expected.add(scale * torch.value().item());
            state = STATE.call(arguments(filled(from), filled(to), state)).value();
            step(torch, scale, PARAMETERS.subList(3, 5));
        }
        assertThat(scores).hasSize(3);
        assertThat(scores)
                .zipSatisfy(
                        expected,
                        (score, torchs) ->
                                assertThat(score).isCloseTo(torchs, within(StepComparison.FLOAT64_TOLERANCE)));
        assertParameters(network);
    }

    static CrossEntropyLoss loss(boolean miniBatch, int positions) {
        return CrossEntropyLoss.builder()
                .weight(.5, 2, 3)
                .ignoreIndex(1)
                .labelSmoothing(.1)
                .miniBatch(miniBatch)
                .positionsPerExample(positions)
                .build();
    }

    private Model network(NetworkKind kind, CrossEntropyLoss loss, boolean miniBatch, BackpropType type) {
        // framework bug: in segments SimpleRnn and LSTM form their own gradient as if each began without a state, so a
        // network in segments trains its output layer alone
        SimpleRnn recurrent = recurrent(type == BackpropType.Standard ? RATE : 0);
        RnnOutputLayer output = new RnnOutputLayer.Builder(loss)
                .nIn(HIDDEN)
                .nOut(CLASSES)
                .dataFormat(RNNFormat.NCW)
                .activation(Activation.SOFTMAX)
                .build();
        Model network = network(kind, miniBatch, type, recurrent, output);
        initialise(network);
        return network;
    }

    /** The layers have their numbers as names in a graph, too. */
    private static Model network(
            NetworkKind kind, boolean miniBatch, BackpropType type, Layer recurrent, Layer output) {
        NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .miniBatch(miniBatch)
                .updater(new Sgd(RATE));
        InputType input = InputType.recurrent(INPUTS, STEPS, RNNFormat.NCW);
        int segment = type == BackpropType.Standard ? DEFAULT_SEGMENT : SEGMENT;
        if (kind == NetworkKind.MULTI_LAYER_NETWORK) {
            return NetworkKind.network(settings.list(recurrent, output)
                    .setInputType(input)
                    .backpropType(type)
                    .tBPTTLength(segment)
                    .build());
        }
        return NetworkKind.network(settings.graphBuilder()
                .addInputs("features")
                .addLayer("0", recurrent, "features")
                .addLayer("1", output, "0")
                .setOutputs("1")
                .setInputTypes(input)
                .backpropType(type)
                .tBPTTLength(segment)
                .build());
    }

    private static SimpleRnn recurrent(double rate) {
        return new SimpleRnn.Builder()
                .nIn(INPUTS)
                .nOut(HIDDEN)
                .activation(Activation.TANH)
                .updater(new Sgd(rate))
                .build();
    }

    private void initialise(Model network) {
        network.paramTable()
                .keySet()
                .forEach(name -> network.setParam(name, parameters.get(name).toArray()));
    }

    /** [N, 1, T]; beyond the end of a sequence there is no class. */
    private INDArray labels() {
        INDArray labels = classes.toArray().castTo(DataType.DOUBLE).reshape(LENGTHS.length, 1, STEPS);
        for (int n = 0; n < LENGTHS.length; n++) {
            labels.get(NDArrayIndex.point(n), NDArrayIndex.all(), NDArrayIndex.interval(LENGTHS[n], STEPS))
                    .assign(Double.NaN);
        }
        return labels;
    }

    private static INDArray mask() {
        double[] mask = new double[LENGTHS.length * STEPS];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % STEPS < LENGTHS[i / STEPS] ? 1 : 0;
        }
        return TorchTensor.of(TorchType.FLOAT64, mask, LENGTHS.length, STEPS).toArray();
    }

    private TorchResult torch(long[] first, long[] last, TorchTensor state) {
        return LOSS.call(arguments(first, last, state));
    }

    private TorchTensor[] arguments(long[] first, long[] last, TorchTensor state) {
        TorchTensor from = TorchTensor.of(TorchType.INT64, first, first.length);
        TorchTensor to = TorchTensor.of(TorchType.INT64, last, last.length);
        return Stream.concat(
                        Stream.of(features, classes, from, to, state),
                        PARAMETERS.stream().map(parameters::get))
                .toArray(TorchTensor[]::new);
    }

    private static TorchTensor zeroState() {
        return TorchTensor.of(TorchType.FLOAT64, new double[LENGTHS.length * HIDDEN], LENGTHS.length, HIDDEN);
    }

    private static long[] filled(long step) {
        long[] steps = new long[LENGTHS.length];
        Arrays.fill(steps, step);
        return steps;
    }

    /** Where each sequence ends in a segment, which may be before its beginning. */
    private static long[] ends(long to) {
        return Arrays.stream(LENGTHS).map(length -> Math.min(length, to)).toArray();
    }

    /** Takes a step of gradient descent on torch's side. */
    private void step(TorchResult torch, double scale, List<String> trained) {
        trained.forEach(name -> parameters.computeIfPresent(name, (same, values) -> {
            double[] numbers = values.toDoubles();
            double[] gradient =
                    torch.gradient(TORCH_NAMES.get(PARAMETERS.indexOf(name))).toDoubles();
            Arrays.setAll(numbers, i -> numbers[i] - RATE * scale * gradient[i]);
            return TorchTensor.of(TorchType.FLOAT64, numbers, values.shape());
        }));
    }

    private void assertParameters(Model network) {
        network.paramTable()
                .forEach((name, values) -> assertThat(TorchTensor.of(values).toDoubles())
                        .as(name)
                        .containsExactly(parameters.get(name).toDoubles(), within(StepComparison.FLOAT64_TOLERANCE)));
    }
}
