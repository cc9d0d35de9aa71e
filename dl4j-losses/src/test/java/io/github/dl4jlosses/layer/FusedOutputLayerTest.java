/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.Variance;
import io.github.dl4jlosses.spec.memory.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The layer beside DL4J's own with the same loss, which the proofs hold against torch. */
class FusedOutputLayerTest {
    private static final int EXAMPLES = 7;
    private static final int FEATURES = 3;
    private static final int HIDDEN = 5;
    private static final int OUTPUTS = 4;
    private static final int STEPS = 3;
    private static final double NEAR = 1e-12;

    /** A loss under an activation, with what its network is trained on. */
    private static final class Task {
        private final String name;
        private final TorchLoss loss;
        private final Activation activation;
        private final DataSet data;

        Task(TorchLoss loss, Activation activation, INDArray labels, INDArray mask) {
            this.name = loss + " under " + activation + (mask == null ? "" : ", masked");
            this.loss = loss;
            this.activation = activation;
            this.data = new DataSet(numbers(FEATURES, 1), labels, null, mask);
        }

        OutputLayer dl4j() {
            return new OutputLayer.Builder(loss)
                    .nIn(HIDDEN)
                    .nOut(OUTPUTS)
                    .activation(activation)
                    .build();
        }

        FusedOutputLayer fused(long chunk) {
            return new FusedOutputLayer.Builder(loss)
                    .nIn(HIDDEN)
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

    private static INDArray numbers(int columns, long seed) {
        return Nd4j.createFromArray(new Random(seed)
                        .doubles((long) EXAMPLES * columns, -2, 2)
                        .toArray())
                .reshape(EXAMPLES, columns);
    }

    private static INDArray indices() {
        return Nd4j.createFromArray(new double[] {0, 3, 1, -100, 2, 3, 1}).reshape(EXAMPLES, 1);
    }

    private static INDArray oneHot() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, OUTPUTS);
        for (int i = 0; i < EXAMPLES; i++) {
            labels.putScalar(i, (i * 3) % OUTPUTS, 1);
        }
        return labels;
    }

    private static INDArray probabilities() {
        INDArray labels = numbers(OUTPUTS, 5).addi(3);
        return labels.diviColumnVector(labels.sum(1));
    }

    private static INDArray mask() {
        return Nd4j.createFromArray(new double[] {1, 0, 1, 1, 0, 1, 1}).reshape(EXAMPLES, 1);
    }

    private static INDArray maskOfOutputs() {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, EXAMPLES, OUTPUTS);
        mask.putScalar(0, 1, 0);
        mask.putScalar(4, 3, 0);
        mask.putScalar(6, 0, 0);
        return mask;
    }

    private static Stream<Task> tasks() {
        TorchLoss classes = CrossEntropyLoss.builder()
                .weight(1, .5, 2, .25)
                .labelSmoothing(.1)
                .build();
        TorchLoss logits = BCEWithLogitsLoss.builder()
                .weight(1, 2, .5, 1)
                .posWeight(2, 1, 1, 3)
                .build();
        return Stream.of(
                new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null),
                new Task(classes, Activation.SOFTMAX, indices(), null),
                new Task(classes, Activation.IDENTITY, indices(), mask()),
                new Task(classes, Activation.SOFTMAX, indices().reshape(EXAMPLES), null),
                new Task(with(classes, Reduction.SUM), Activation.SOFTMAX, indices(), mask()),
                new Task(with(classes, Reduction.BATCHMEAN), Activation.SOFTMAX, indices(), mask()),
                new Task(
                        CrossEntropyLoss.builder()
                                .weight(1, .5, 2, .25)
                                .ignoreIndex(3)
                                .targetFormat(TargetFormat.ONE_HOT)
                                .build(),
                        Activation.SOFTMAX,
                        oneHot(),
                        mask()),
                new Task(new CrossEntropyLoss(), Activation.SOFTMAX, probabilities(), mask()),
                new Task(logits, Activation.SIGMOID, oneHot(), maskOfOutputs()),
                new Task(with(logits, Reduction.BATCHMEAN), Activation.IDENTITY, oneHot(), mask()),
                new Task(new BCELoss(), Activation.SIGMOID, probabilities(), maskOfOutputs()),
                new Task(new NLLLoss(), Activation.SOFTMAX, indices(), mask()),
                new Task(
                        KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build(),
                        Activation.SOFTMAX,
                        probabilities(),
                        mask()),
                new Task(new MSELoss(), Activation.TANH, numbers(OUTPUTS, 6), maskOfOutputs()),
                new Task(new HuberLoss(), Activation.IDENTITY, numbers(OUTPUTS, 7), null),
                new Task(
                        GaussianNLLLoss.builder().variance(Variance.SOFTPLUS).build(),
                        Activation.IDENTITY,
                        numbers(OUTPUTS / 2, 8),
                        mask()));
    }

    private static TorchLoss with(TorchLoss loss, Reduction reduction) {
        return loss.toBuilder().reduction(reduction).build();
    }

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .updater(new Adam(.01));
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder()
                .nIn(FEATURES)
                .nOut(HIDDEN)
                .activation(Activation.TANH)
                .build();
    }

    private static MultiLayerNetwork network(NeuralNetConfiguration.Builder settings, BaseOutputLayer output) {
        MultiLayerNetwork network = new MultiLayerNetwork(
                settings.list().layer(dense()).layer(output).build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork network(BaseOutputLayer output) {
        return network(settings(), output);
    }

    private static ComputationGraph graph(BaseOutputLayer output) {
        ComputationGraphConfiguration conf = settings()
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(), "in")
                .addLayer("out", output, "dense")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        return graph;
    }

    private static void assertNear(INDArray ours, INDArray wanted) {
        assertThat(ours.shape()).isEqualTo(wanted.shape());
        assertThat(ours.sub(wanted).amaxNumber().doubleValue()).isLessThan(NEAR);
    }

    // ---- training ----

    /** For this few inputs BLAS adds up both layers' products in one order; for more of them their last digits may differ. */
    @ParameterizedTest
    @MethodSource("tasks")
    void inOneChunkItTrainsAsDl4jsLayerBitForBit(Task task) {
        MultiLayerNetwork dl4j = network(task.dl4j());
        MultiLayerNetwork fused = network(task.fused(EXAMPLES));
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
        for (int chunk : new int[] {1, 2, 3, 6}) {
            MultiLayerNetwork dl4j = network(task.dl4j());
            MultiLayerNetwork fused = network(task.fused(chunk));
            for (int step = 0; step < STEPS; step++) {
                dl4j.fit(task.data);
                fused.fit(task.data);
                assertThat(fused.score()).as("chunk %s", chunk).isEqualTo(dl4j.score(), within(NEAR));
            }
            assertNear(fused.params(), dl4j.params());
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aGraphTrainsAsTheSameNetworkDoes(Task task) {
        ComputationGraph dl4j = graph(task.dl4j());
        ComputationGraph fused = graph(task.fused(EXAMPLES));
        for (int step = 0; step < STEPS; step++) {
            dl4j.fit(task.data);
            fused.fit(task.data);
            assertThat(fused.score()).isEqualTo(dl4j.score());
        }
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(dl4j.params()));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void whatANetworkAnswersIsWhatItAnswersWithDl4jsLayer(Task task) {
        MultiLayerNetwork dl4j = network(task.dl4j());
        MultiLayerNetwork fused = network(task.fused(2));
        ComputationGraph graph = graph(task.fused(2));

        assertThat(fused.output(task.data.getFeatures())).isEqualTo(dl4j.output(task.data.getFeatures()));
        assertThat(fused.score(task.data)).isEqualTo(dl4j.score(task.data), within(NEAR));
        assertThat(fused.score(task.data, true)).isEqualTo(dl4j.score(task.data, true), within(NEAR));
        assertThat(graph.score(task.data)).isEqualTo(dl4j.score(task.data), within(NEAR));
        assertNear(fused.scoreExamples(task.data, true), dl4j.scoreExamples(task.data, true));
        assertNear(graph.scoreExamples(task.data, true), dl4j.scoreExamples(task.data, true));
    }

    @Test
    void theScoreAfterFitIsTheOneThatItsPassGives() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), mask());
        MultiLayerNetwork fused = network(task.fused(2));
        double before = fused.score(task.data, true);

        fused.fit(task.data);

        assertThat(fused.score()).isEqualTo(before);
    }

    @Test
    void aNetworkThatDoesNotDivideByItsExamplesTrainsAsWithDl4jsLayer() {
        TorchLoss loss = CrossEntropyLoss.builder().miniBatch(false).build();
        Task task = new Task(loss, Activation.SOFTMAX, indices(), null);
        MultiLayerNetwork dl4j = network(settings().miniBatch(false), task.dl4j());
        MultiLayerNetwork fused = network(settings().miniBatch(false), task.fused(3));
        dl4j.fit(task.data);
        fused.fit(task.data);

        assertThat(fused.score()).isEqualTo(dl4j.score(), within(NEAR));
        assertNear(fused.params(), dl4j.params());
    }

    /** Dropout, DropConnect, L2, constraints, updaters of a bias: what a layer draws, it draws at the same places. */
    @Test
    void itsSettingsActAsInDl4jsLayer() {
        DataSet data = new DataSet(numbers(FEATURES, 1), indices());
        Consumer<BaseOutputLayer.Builder<?>> set = builder -> {
            builder.setNIn(HIDDEN);
            builder.setNOut(OUTPUTS);
            builder.l2(.1);
            builder.dropOut(new Dropout(.5));
            builder.weightNoise(new DropConnect(.7));
            builder.biasUpdater(new Adam(.1));
            builder.constrainWeights(new MaxNormConstraint(.5, 1));
        };
        OutputLayer.Builder plain = new OutputLayer.Builder(new CrossEntropyLoss());
        FusedOutputLayer.Builder builder = new FusedOutputLayer.Builder(new CrossEntropyLoss());
        set.accept(plain);
        set.accept(builder);
        MultiLayerNetwork dl4j = network(plain.build());
        MultiLayerNetwork fused = network(builder.build());
        for (int step = 1; step <= STEPS; step++) {
            // 0 would be no seed
            Nd4j.getRandom().setSeed(step);
            dl4j.fit(data);
            Nd4j.getRandom().setSeed(step);
            fused.fit(data);
            assertThat(fused.score()).isEqualTo(dl4j.score());
        }
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(dl4j.params()));
    }

    @Test
    void aLayerWithoutBiasTrainsAsDl4jsDoes() {
        DataSet data = new DataSet(numbers(FEATURES, 1), indices());
        MultiLayerNetwork dl4j = network(new OutputLayer.Builder(new CrossEntropyLoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .hasBias(false)
                .build());
        MultiLayerNetwork fused = network(new FusedOutputLayer.Builder(new CrossEntropyLoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .hasBias(false)
                .chunk(4)
                .build());
        dl4j.fit(data);
        fused.fit(data);

        assertNear(fused.params(), dl4j.params());
        assertThat(fused.score(data)).isEqualTo(dl4j.score(data), within(NEAR));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void gradientsAreThoseOfTheScore(Task task) {
        DataType before = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            MultiLayerNetwork fused = network(settings().updater(new NoOp()), task.fused(2));
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
    void listenersSeeTheScoresOfDl4jsLayer() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        CollectScoresListener ofDl4j = new CollectScoresListener(1);
        CollectScoresListener ofFused = new CollectScoresListener(1);
        MultiLayerNetwork dl4j = network(task.dl4j());
        MultiLayerNetwork fused = network(task.fused(EXAMPLES));
        dl4j.setListeners(ofDl4j);
        fused.setListeners(ofFused);
        for (int step = 0; step < STEPS; step++) {
            dl4j.fit(task.data);
            fused.fit(task.data);
        }
        assertThat(ofFused.getListScore().toDoubleArray())
                .hasSize(STEPS)
                .isEqualTo(ofDl4j.getListScore().toDoubleArray());
    }

    @Test
    void evaluateReadsItsOutput() {
        DataSet data = new DataSet(numbers(FEATURES, 1), oneHot());
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, oneHot(), null);
        Evaluation ofDl4j = network(task.dl4j()).evaluate(new ExistingDataSetIterator(List.of(data)));
        Evaluation ofFused = network(task.fused(2)).evaluate(new ExistingDataSetIterator(List.of(data)));

        assertThat(ofFused.stats()).isEqualTo(ofDl4j.stats());
    }

    // ---- one pass, in chunks ----

    /** An identity that notes how often it is asked, and for how many rows. */
    @SuppressWarnings("serial")
    private static final class Noted extends BaseActivationFunction {
        private final transient AtomicInteger calls = new AtomicInteger();
        private final transient AtomicInteger mostRows = new AtomicInteger();

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            calls.incrementAndGet();
            mostRows.accumulateAndGet((int) in.size(0), Math::max);
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return new Pair<>(epsilon, null);
        }
    }

    @Test
    void anIterationComputesTheLossOnce() {
        Noted ofDl4j = new Noted();
        Noted ofFused = new Noted();
        DataSet data = new DataSet(numbers(FEATURES, 1), numbers(OUTPUTS, 2));
        MultiLayerNetwork dl4j = network(new OutputLayer.Builder(new MSELoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .activation(ofDl4j)
                .build());
        MultiLayerNetwork fused = network(new FusedOutputLayer.Builder(new MSELoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .activation(ofFused)
                .build());
        dl4j.fit(data);
        fused.fit(data);

        assertThat(ofDl4j.calls).hasValue(2);
        assertThat(ofFused.calls).hasValue(1);
    }

    @Test
    void aGraphComputesTheLossOnceWithAMaskToo() {
        Noted noted = new Noted();
        ComputationGraph fused = graph(new FusedOutputLayer.Builder(new MSELoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .activation(noted)
                .build());
        fused.fit(new DataSet(numbers(FEATURES, 1), numbers(OUTPUTS, 2), null, mask()));

        assertThat(noted.calls).hasValue(1);
    }

    @Test
    void aChunkHasAsManyExamplesAsWereAskedFor() {
        Noted noted = new Noted();
        DataSet data = new DataSet(numbers(FEATURES, 1), numbers(OUTPUTS, 2));
        MultiLayerNetwork fused = network(new FusedOutputLayer.Builder(new MSELoss())
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .activation(noted)
                .chunk(3)
                .build());
        fused.fit(data);
        assertThat(noted.mostRows).hasValue(3);
        assertThat(noted.calls).hasValue(3);

        fused.score(data);
        fused.scoreExamples(data, false);
        assertThat(noted.mostRows).hasValue(3);
    }

    /** 2^24 numbers are 838 rows of 20,000; two chunks alike are chosen for 1,200. */
    @Test
    void aLayerWithManyOutputsChoosesItsChunks() {
        int rows = 1_200;
        int outputs = 20_000;
        Noted noted = new Noted();
        MultiLayerNetwork fused = new MultiLayerNetwork(settings()
                .dataType(DataType.FLOAT)
                .list()
                .layer(new FusedOutputLayer.Builder(new MSELoss())
                        .nIn(1)
                        .nOut(outputs)
                        .activation(noted)
                        .build())
                .build());
        fused.init();
        INDArray labels = Nd4j.zeros(DataType.FLOAT, rows, outputs);
        fused.fit(Nd4j.ones(DataType.FLOAT, rows, 1), labels);

        assertThat(noted.calls).hasValue(2);
        assertThat(noted.mostRows).hasValue(rows / 2);
    }

    // ---- a kept score is never a stale one ----

    /** What a caller may do between gradient and score. */
    @Test
    void aScoreBelongsToWhatTheLayerHolds() {
        INDArray x = numbers(HIDDEN, 1);
        INDArray otherX = numbers(HIDDEN, 2);
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        List<Consumer<Layer>> changes = List.of(
                layer -> layer.setInput(otherX, none),
                layer -> ((IOutputLayer) layer).setLabels(oneHot()),
                layer -> layer.setMaskArray(mask()),
                layer -> layer.feedForwardMaskArray(mask(), MaskState.Active, EXAMPLES),
                layer -> layer.setParam(
                        "W",
                        numbers(HIDDEN, 3).get(NDArrayIndex.interval(0, HIDDEN), NDArrayIndex.interval(0, OUTPUTS))),
                layer -> layer.setParams(
                        Nd4j.valueArrayOf(new long[] {1, (HIDDEN + 1) * OUTPUTS}, .5, DataType.DOUBLE)));
        for (Consumer<Layer> change : changes) {
            assertThat(score(x, true, change)).isEqualTo(score(x, false, change));
        }
    }

    private static double score(INDArray x, boolean gradientFirst, Consumer<Layer> change) {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        MultiLayerNetwork network = network(task.fused(3));
        network.initGradientsView();
        Layer layer = network.getLayer(1);
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        layer.setInput(x, none);
        ((IOutputLayer) layer).setLabels(indices());
        if (gradientFirst) {
            layer.backpropGradient(null, none);
        }
        change.accept(layer);
        return ((IOutputLayer) layer).computeScore(0, true, none);
    }

    /** Whoever asks twice may have changed numbers in place. */
    @Test
    void aKeptScoreIsGivenOnce() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        MultiLayerNetwork network = network(task.fused(3));
        network.initGradientsView();
        Layer layer = network.getLayer(1);
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        layer.setInput(numbers(HIDDEN, 1), none);
        IOutputLayer output = (IOutputLayer) layer;
        output.setLabels(indices());
        layer.backpropGradient(null, none);
        double first = output.computeScore(0, true, none);
        network.params().muli(2);

        assertThat(output.computeScore(0, true, none)).isNotEqualTo(first);
        network.params().divi(2);
        assertThat(output.computeScore(1, true, none)).isEqualTo(first + 1, within(NEAR));
    }

    @Test
    void aLayerByItselfComputesGradientAndScore() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        MultiLayerNetwork dl4j = network(task.dl4j());
        MultiLayerNetwork fused = network(task.fused(3));
        for (MultiLayerNetwork network : List.of(dl4j, fused)) {
            network.initGradientsView();
            Layer layer = network.getLayer(1);
            layer.setInput(numbers(HIDDEN, 1), LayerWorkspaceMgr.noWorkspaces());
            ((IOutputLayer) layer).setLabels(indices());
            layer.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
        }
        assertThat(fused.getLayer(1).score()).isEqualTo(dl4j.getLayer(1).score(), within(NEAR));
        for (String parameter : List.of("W", "b")) {
            assertNear(
                    fused.getLayer(1).gradient().getGradientFor(parameter),
                    dl4j.getLayer(1).gradient().getGradientFor(parameter));
        }
    }

    // ---- configurations and files ----

    @Test
    void aConfigurationComesBackFromJsonYamlAndJava() throws IOException, ClassNotFoundException {
        TorchLoss loss = CrossEntropyLoss.builder().labelSmoothing(.2).build();
        MultiLayerConfiguration conf = network(new Task(loss, Activation.SOFTMAX, indices(), null).fused(3))
                .getLayerWiseConfigurations();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(conf);
        }
        ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        for (MultiLayerConfiguration read : List.of(
                MultiLayerConfiguration.fromJson(conf.toJson()),
                MultiLayerConfiguration.fromYaml(conf.toYaml()),
                (MultiLayerConfiguration) in.readObject())) {
            FusedOutputLayer layer = (FusedOutputLayer) read.getConf(1).getLayer();
            assertThat(layer)
                    .isEqualTo(conf.getConf(1).getLayer())
                    .hasSameHashCodeAs(conf.getConf(1).getLayer());
            assertThat(layer.getLossFn()).isEqualTo(loss);
            assertThat(layer.getChunk()).isEqualTo(3);
        }
    }

    @Test
    void layersWithOtherChunksAreNotEqualNorIsDl4js() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);

        assertThat(task.fused(3))
                .isEqualTo(task.fused(3))
                .isNotEqualTo(task.fused(2))
                .isNotEqualTo(task.dl4j());
        assertThat(task.dl4j()).isNotEqualTo(task.fused(3));
        assertThat(task.fused(3).toString()).startsWith("FusedOutputLayer(").endsWith("chunk=3)");
    }

    @Test
    void aSavedNetworkGoesOnTraining(@TempDir Path folder) throws IOException {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), mask());
        MultiLayerNetwork network = network(task.fused(3));
        network.fit(task.data);
        File file = folder.resolve("network.zip").toFile();
        network.save(file);

        MultiLayerNetwork read = MultiLayerNetwork.load(file, true);
        MultiLayerNetwork clone = network.clone();
        for (MultiLayerNetwork net : List.of(read, clone, network)) {
            net.fit(task.data);
        }
        assertThat(read.params()).isEqualTo(network.params());
        assertThat(clone.params()).isEqualTo(network.params());
    }

    @Test
    void transferLearningKeepsTheLayer() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        MultiLayerNetwork network = network(task.fused(3));
        network.fit(task.data);
        MultiLayerNetwork changed = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(.1))
                        .build())
                .nOutReplace(1, 9, WeightInit.XAVIER)
                .build();
        FusedOutputLayer layer = (FusedOutputLayer)
                changed.getLayerWiseConfigurations().getConf(1).getLayer();
        INDArray labels =
                Nd4j.createFromArray(new double[] {8, 7, 6, 5, 4, 3, 2}).reshape(EXAMPLES, 1);
        DataSet data = new DataSet(task.data.getFeatures(), labels);
        double before = changed.score(data);
        changed.fit(data);

        assertThat(layer.getNOut()).isEqualTo(9);
        assertThat(layer.getChunk()).isEqualTo(3);
        assertThat(changed.score(data)).isLessThan(before);
    }

    /** Fields of DL4J that a later version adds would fail this test. */
    @Test
    void aLayerMadeOfDl4jsHasAllOfItsSettings() throws IllegalAccessException {
        OutputLayer layer = new OutputLayer.Builder(new CrossEntropyLoss())
                .name("out")
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .hasBias(false)
                .biasInit(.25)
                .gainInit(.5)
                .l1(.1)
                .l2Bias(.2)
                .updater(new Adam(.1))
                .biasUpdater(new Adam(.2))
                .weightInit(WeightInit.UNIFORM)
                .weightNoise(new DropConnect(.5))
                .dropOut(.5)
                .activation(Activation.IDENTITY)
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(3)
                .constrainWeights(new MaxNormConstraint(.5, 1))
                .build();
        layer.setTimeDistributedFormat(RNNFormat.NWC);
        FusedOutputLayer fused = FusedOutputLayer.of(layer);
        for (Class<?> type = OutputLayer.class; type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    assertThat(field.get(layer))
                            .as("set in this test: %s", field)
                            .isNotNull();
                    assertThat(field.get(fused)).as("%s", field).isEqualTo(field.get(layer));
                }
            }
        }
    }

    // ---- what is refused ----

    @Test
    void aLossOfAnotherLibraryIsRefused() {
        String message = "a fused output layer takes a loss of this library, got LossMCXENT; LossSwap.swapAll puts them"
                + " in the place of DL4J's own";
        assertThatThrownBy(() -> new FusedOutputLayer.Builder(new CrossEntropyLoss())
                        .lossFunction(new LossMCXENT())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        FusedOutputLayer layer = new FusedOutputLayer.Builder(new CrossEntropyLoss()).build();
        assertThatThrownBy(() -> layer.setLossFn(new LossMCXENT()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> FusedOutputLayer.of(new OutputLayer.Builder().build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aChunkOfNothingIsRefused() {
        FusedOutputLayer.Builder builder = new FusedOutputLayer.Builder(new CrossEntropyLoss());
        assertThatThrownBy(() -> builder.chunk(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunk must be at least 1 example, got 0");
    }

    @Test
    void aChunkOfALossOfSequencesIsRefused() {
        FusedOutputLayer.Builder builder = new FusedOutputLayer.Builder(new CTCLoss()).chunk(4);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunk cannot be set for CTCLoss, which takes whole sequences; leave it out");
    }

    @Test
    void anInputOfAnotherWidthIsNamed() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        MultiLayerNetwork network = network(task.fused(3));
        network.initGradientsView();
        Layer layer = network.getLayer(1);
        layer.setInput(numbers(HIDDEN + 1, 1), LayerWorkspaceMgr.noWorkspaces());
        ((IOutputLayer) layer).setLabels(indices());

        assertThatThrownBy(() -> layer.backpropGradient(null, LayerWorkspaceMgr.noWorkspaces()))
                .hasMessageContaining("Input has shape [7, 6], but must have rank 2 and 5 columns")
                .hasMessageContaining("layer index: 1");
    }

    @Test
    void aLabelThatIsNoClassIsNamedByItsRow() {
        Task task = new Task(new CrossEntropyLoss(), Activation.SOFTMAX, indices(), null);
        INDArray labels = indices();
        labels.putScalar(6, 0, 9);
        MultiLayerNetwork network = network(task.fused(2));
        INDArray before = network.params().dup();

        assertThatThrownBy(() -> network.fit(task.data.getFeatures(), labels))
                .hasMessageContaining("Target 9 is out of bounds. (labels, row 6");
        assertThat(network.params()).isEqualTo(before);
    }
}
