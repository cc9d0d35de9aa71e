/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.memory.Layout;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The layer beside DL4J's own with the same loss. */
class FusedRnnOutputLayerTest {
    private static final int SEQUENCES = 3;
    private static final int FEATURES = 2;
    private static final int HIDDEN = 4;
    private static final int OUTPUTS = 3;
    private static final int TIME = 5;
    private static final int STEPS = 3;
    private static final double NEAR = 1e-12;

    /** What a network is trained on. */
    private static final class Task {
        private final String name;
        private final TorchLoss loss;
        private final Activation activation;
        private final RNNFormat format;
        private final DataSet data;

        Task(TorchLoss loss, Activation activation, RNNFormat format, INDArray labels, INDArray mask) {
            this.name = loss + " under " + activation + ", " + format + (mask == null ? "" : ", masked");
            this.loss = loss;
            this.activation = activation;
            this.format = format;
            this.data = new DataSet(ordered(numbers(FEATURES, 1)), ordered(labels), null, mask);
        }

        private INDArray ordered(INDArray sequences) {
            return format == RNNFormat.NCW
                    ? sequences
                    : sequences.permute(0, 2, 1).dup();
        }

        RnnOutputLayer dl4j() {
            return new RnnOutputLayer.Builder(loss)
                    .nOut(OUTPUTS)
                    .activation(activation)
                    .build();
        }

        FusedRnnOutputLayer fused(long chunk) {
            return new FusedRnnOutputLayer.Builder(loss)
                    .nOut(OUTPUTS)
                    .activation(activation)
                    .chunk(chunk)
                    .build();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static INDArray numbers(int channels, long seed) {
        return Nd4j.createFromArray(new Random(seed)
                        .doubles((long) SEQUENCES * channels * TIME, -1, 1)
                        .toArray())
                .reshape(SEQUENCES, channels, TIME);
    }

    private static INDArray indices() {
        double[] classes = {0, 1, 2, 2, 1, 2, 2, -100, 0, 1, 1, 1, 0, 2, 0};
        return Nd4j.createFromArray(classes).reshape(SEQUENCES, 1, TIME);
    }

    private static INDArray mask() {
        return Nd4j.createFromArray(new double[][] {{1, 1, 1, 1, 1}, {1, 1, 0, 0, 0}, {1, 1, 1, 1, 0}});
    }

    private static INDArray maskOfOutputs() {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, SEQUENCES, OUTPUTS, TIME);
        mask.putScalar(0, 1, 2, 0);
        mask.putScalar(2, 2, 4, 0);
        return mask;
    }

    private static Stream<Task> tasks() {
        TorchLoss classes = CrossEntropyLoss.builder()
                .weight(1, .5, 2)
                .labelSmoothing(.1)
                .positionsPerExample(TIME)
                .build();
        INDArray yesOrNo = numbers(OUTPUTS, 3).gt(0).castTo(DataType.DOUBLE);
        return Stream.of(
                new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NCW, indices(), null),
                new Task(classes, Activation.SOFTMAX, RNNFormat.NCW, indices(), mask()),
                new Task(classes, Activation.IDENTITY, RNNFormat.NWC, indices(), mask()),
                new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NWC, yesOrNo, null),
                new Task(
                        BCEWithLogitsLoss.builder()
                                .reduction(Reduction.BATCHMEAN)
                                .build(),
                        Activation.SIGMOID,
                        RNNFormat.NCW,
                        yesOrNo,
                        maskOfOutputs()),
                new Task(new MSELoss(), Activation.TANH, RNNFormat.NCW, numbers(OUTPUTS, 4), mask()));
    }

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .updater(new Adam(.01));
    }

    private static MultiLayerNetwork network(
            NeuralNetConfiguration.Builder settings, RNNFormat format, BaseOutputLayer output, int segment) {
        NeuralNetConfiguration.ListBuilder layers = settings.list()
                .layer(new LSTM.Builder().nOut(HIDDEN).dataFormat(format).build())
                .layer(output)
                .setInputType(InputType.recurrent(FEATURES, TIME, format));
        if (segment > 0) {
            layers.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(segment);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork network(RNNFormat format, BaseOutputLayer output) {
        return network(settings(), format, output, 0);
    }

    private static ComputationGraph graph(RNNFormat format, BaseOutputLayer output) {
        ComputationGraphConfiguration conf = settings()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "lstm",
                        new LSTM.Builder().nOut(HIDDEN).dataFormat(format).build(),
                        "in")
                .addLayer("out", output, "lstm")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(FEATURES, TIME, format))
                .build();
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        return graph;
    }

    private static void assertNear(INDArray ours, INDArray wanted) {
        assertThat(ours.shape()).isEqualTo(wanted.shape());
        assertThat(ours.sub(wanted).amaxNumber().doubleValue()).isLessThan(NEAR);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void inOneChunkItTrainsAsDl4jsLayerBitForBit(Task task) {
        MultiLayerNetwork dl4j = network(task.format, task.dl4j());
        MultiLayerNetwork fused = network(task.format, task.fused(SEQUENCES));
        for (int step = 0; step < STEPS; step++) {
            dl4j.fit(task.data);
            fused.fit(task.data);
            assertThat(fused.score()).isEqualTo(dl4j.score());
        }
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(dl4j.params()));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void inChunksItTrainsAsDl4jsLayerToRounding(Task task) {
        for (int chunk : new int[] {1, 2}) {
            MultiLayerNetwork dl4j = network(task.format, task.dl4j());
            MultiLayerNetwork fused = network(task.format, task.fused(chunk));
            for (int step = 0; step < STEPS; step++) {
                dl4j.fit(task.data);
                fused.fit(task.data);
                assertThat(fused.score()).isEqualTo(dl4j.score(), within(NEAR));
            }
            assertNear(fused.params(), dl4j.params());
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aGraphTrainsAsTheSameNetworkDoes(Task task) {
        ComputationGraph dl4j = graph(task.format, task.dl4j());
        ComputationGraph fused = graph(task.format, task.fused(2));
        for (int step = 0; step < STEPS; step++) {
            dl4j.fit(task.data);
            fused.fit(task.data);
            assertThat(fused.score()).isEqualTo(dl4j.score(), within(NEAR));
        }
        assertNear(fused.params(), dl4j.params());
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void whatANetworkAnswersIsWhatItAnswersWithDl4jsLayer(Task task) {
        MultiLayerNetwork dl4j = network(task.format, task.dl4j());
        MultiLayerNetwork fused = network(task.format, task.fused(1));

        assertThat(fused.output(task.data.getFeatures())).isEqualTo(dl4j.output(task.data.getFeatures()));
        assertThat(fused.score(task.data)).isEqualTo(dl4j.score(task.data), within(NEAR));
        assertNear(fused.scoreExamples(task.data, true), dl4j.scoreExamples(task.data, true));
        // DL4J's own layer throws here
        assertNear(
                graph(task.format, task.fused(1)).scoreExamples(task.data, true), dl4j.scoreExamples(task.data, true));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void gradientsAreThoseOfTheScore(Task task) {
        DataType before = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            MultiLayerNetwork fused = network(settings().updater(new NoOp()), task.format, task.fused(1), 0);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(fused)
                            .input(task.data.getFeatures())
                            .labels(task.data.getLabels())
                            .labelMask(task.data.getLabelsMaskArray())))
                    .isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(DataType.FLOAT, before);
        }
    }

    @Test
    void truncatedBackPropagationTrainsAsWithDl4jsLayer() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NCW, indices(), mask());
        MultiLayerNetwork dl4j = network(settings(), task.format, task.dl4j(), 2);
        MultiLayerNetwork fused = network(settings(), task.format, task.fused(SEQUENCES), 2);
        dl4j.fit(task.data);
        fused.fit(task.data);

        assertThat(fused.getIterationCount()).isEqualTo(3);
        assertThat(fused.score()).isEqualTo(dl4j.score());
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(dl4j.params()));
    }

    @Test
    void aMaskOfTheFeaturesAloneMasksNoLabel() {
        DataSet data = new DataSet(numbers(FEATURES, 1), indices(), mask(), null);
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NCW, indices(), null);
        MultiLayerNetwork dl4j = network(task.format, task.dl4j());
        MultiLayerNetwork fused = network(task.format, task.fused(1));
        dl4j.fit(data);
        fused.fit(data);

        assertThat(fused.score()).isEqualTo(dl4j.score(), within(NEAR));
        assertNear(fused.params(), dl4j.params());
    }

    /** RnnOutputLayer has no output without a bias. */
    @Test
    void aLayerWithoutBiasTrainsAndShowsItsOutput() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NCW, indices(), mask());
        MultiLayerNetwork dl4j = network(
                task.format,
                new RnnOutputLayer.Builder(task.loss)
                        .nOut(OUTPUTS)
                        .hasBias(false)
                        .build());
        MultiLayerNetwork fused = network(
                task.format,
                new FusedRnnOutputLayer.Builder(task.loss)
                        .nOut(OUTPUTS)
                        .hasBias(false)
                        .build());
        dl4j.fit(task.data);
        fused.fit(task.data);

        assertNear(fused.params(), dl4j.params());
        INDArray sums = fused.output(task.data.getFeatures()).sum(1);
        assertNear(sums, Nd4j.ones(DataType.DOUBLE, SEQUENCES, TIME));
    }

    @Test
    void withDropoutTheScoreIsThatOfTheGradient() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NCW, indices(), null);
        MultiLayerNetwork dl4j = network(
                task.format,
                new RnnOutputLayer.Builder(task.loss).nOut(OUTPUTS).dropOut(.5).build());
        MultiLayerNetwork fused = network(
                task.format,
                new FusedRnnOutputLayer.Builder(task.loss)
                        .nOut(OUTPUTS)
                        .dropOut(.5)
                        .build());
        double withoutDropout = dl4j.score(task.data);
        Nd4j.getRandom().setSeed(5);
        dl4j.fit(task.data);
        Nd4j.getRandom().setSeed(5);
        fused.fit(task.data);

        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(dl4j.params()));
        assertThat(dl4j.score()).isEqualTo(withoutDropout, within(NEAR));
        assertThat(fused.score()).isNotCloseTo(withoutDropout, within(1e-3));
    }

    @Test
    void sequencesOfOneLabelMakeOneChunk() {
        CTCLoss loss = CTCLoss.builder().positionsPerExample(TIME).build();
        double[] padded = {1, 2, -1, -1, -1, 2, -1, -1, -1, -1, 1, 1, 2, -1, -1};
        DataSet data =
                new DataSet(numbers(FEATURES, 1), Nd4j.createFromArray(padded).reshape(SEQUENCES, 1, TIME));
        MultiLayerNetwork dl4j = network(
                RNNFormat.NCW, new RnnOutputLayer.Builder(loss).nOut(OUTPUTS).build());
        MultiLayerNetwork fused = network(
                RNNFormat.NCW,
                new FusedRnnOutputLayer.Builder(loss).nOut(OUTPUTS).build());
        dl4j.fit(data);
        fused.fit(data);

        assertThat(fused.score()).isEqualTo(dl4j.score());
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(dl4j.params()));
    }

    @Test
    void aConfigurationComesBackFromJsonAndYaml() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NWC, indices(), null);
        MultiLayerConfiguration conf = network(task.format, task.fused(2)).getLayerWiseConfigurations();
        for (MultiLayerConfiguration read : List.of(
                MultiLayerConfiguration.fromJson(conf.toJson()), MultiLayerConfiguration.fromYaml(conf.toYaml()))) {
            FusedRnnOutputLayer layer = (FusedRnnOutputLayer) read.getConf(1).getLayer();
            assertThat(layer)
                    .isEqualTo(conf.getConf(1).getLayer())
                    .hasSameHashCodeAs(conf.getConf(1).getLayer());
            assertThat(layer.getChunk()).isEqualTo(2);
            assertThat(layer.getRnnDataFormat()).isEqualTo(RNNFormat.NWC);
            assertThat(layer.toString()).startsWith("FusedRnnOutputLayer(").endsWith("chunk=2)");
        }
    }

    @Test
    void aLayerMadeOfDl4jsHasItsFormat() {
        RnnOutputLayer layer = new RnnOutputLayer.Builder(new MSELoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .dataFormat(RNNFormat.NWC)
                .build();
        FusedRnnOutputLayer fused = FusedRnnOutputLayer.of(layer);

        assertThat(fused.getRnnDataFormat()).isEqualTo(RNNFormat.NWC);
        assertThat(fused)
                .isEqualTo(new FusedRnnOutputLayer.Builder(new MSELoss())
                        .nIn(HIDDEN)
                        .nOut(OUTPUTS)
                        .dataFormat(RNNFormat.NWC)
                        .build())
                .isNotEqualTo(layer);
        assertThatThrownBy(() -> fused.setLossFn(new LossMCXENT()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got LossMCXENT");
    }

    @Test
    void labelsOfAnotherLengthAreRefused() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, RNNFormat.NCW, indices(), null);
        MultiLayerNetwork network = network(task.format, task.fused(2));

        assertThatThrownBy(
                        () -> network.fit(task.data.getFeatures(), Nd4j.zeros(DataType.DOUBLE, SEQUENCES, 1, TIME + 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Sequence lengths do not match")
                .hasMessageContaining("[3, 4, 5]")
                .hasMessageContaining("[3, 1, 6]");
    }
}
