/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The bugs of DL4J that docs/dl4j.md lists are there: where a version of DL4J mends one, the list gets shorter. What crashes
 * the JVM, or never returns, is not tried.
 */
class FrameworkBugsTest {
    private static final double LOG_2 = Math.log(2);
    private static final CrossEntropyLoss UNSCALED = CrossEntropyLoss.builder()
            .miniBatch(false)
            .targetFormat(TargetFormat.ONE_HOT)
            .build();
    private static final Layer IDENTITY =
            new DenseLayer.Builder().activation(Activation.IDENTITY).nOut(2).build();
    private static final DataSet PLAIN =
            new DataSet(Nd4j.ones(DataType.DOUBLE, 2, 1), Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}}));

    @Test
    void aLossLayerDividesTheScoreAllTheSame() {
        MultiLayerNetwork network = zeros(
                false,
                InputType.feedForward(1),
                IDENTITY,
                new LossLayer.Builder(UNSCALED).activation(Activation.SOFTMAX).build());
        network.fit(PLAIN);

        assertThat(network.score()).isCloseTo(LOG_2 / 2, within(1e-15));
        // softmax minus one-hot, at a learning rate of 1
        assertThat(network.getParam("0_b").toDoubleVector()).containsExactly(.5, -.5);
    }

    @Test
    void theScoreOfAnExampleOfLossMaeIsNotDividedByTheOutputs() {
        MultiLayerNetwork network = zeros(true, InputType.feedForward(1), output(new LossMAE()));

        // each of two outputs is off by one half
        assertThat(network.score(PLAIN)).isCloseTo(.5, within(1e-15));
        assertThat(network.scoreExamples(PLAIN, false).toDoubleVector()).containsExactly(1, 1);
    }

    @Test
    void aCheckpointCountsOneIterationLessThanItHolds(@TempDir File folder) {
        MultiLayerNetwork network = zeros(true, InputType.feedForward(1), output(new LossMCXENT()));
        network.addListeners(
                new CheckpointListener.Builder(folder).saveEveryNIterations(1).build());
        network.fit(PLAIN);
        network.fit(PLAIN);

        MultiLayerNetwork read = CheckpointListener.loadLastCheckpointMLN(folder);
        assertThat(read.params()).isEqualTo(network.params());
        assertThat(read.getIterationCount()).isEqualTo(1);
        assertThat(network.getIterationCount()).isEqualTo(2);
    }

    @Test
    void aPreProcessorOfSequencesNeedsAMiniBatch() {
        DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, 2, 3, 4), oneHot(2, 4));
        Layer below = new DenseLayer.Builder().nOut(3).build();
        Layer lstm = new LSTM.Builder().nOut(3).build();
        Layer output = rnnOutput(UNSCALED);

        MultiLayerNetwork network = zeros(false, InputType.recurrent(3), below, lstm, output);
        assertThatThrownBy(() -> network.fit(data)).hasMessageContaining("input=[1, 3, 8] vs. label=[2, 2, 4]");

        ComputationGraph graph = new ComputationGraph(graph(false, below, lstm, output)
                .setInputTypes(InputType.recurrent(3))
                .build());
        graph.init();
        assertThatCode(() -> graph.fit(data)).doesNotThrowAnyException();
    }

    @Test
    void aMaskOfTheFeaturesDoesNotReachAnRnnOutputLayer() {
        MultiLayerNetwork network = zeros(false, InputType.recurrent(3), rnnOutput(new LossMCXENT()));
        INDArray none = Nd4j.zeros(DataType.DOUBLE, 2, 4);
        DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, 2, 3, 4), oneHot(2, 4), none, null);

        assertThat(network.score(data)).isCloseTo(2 * 4 * LOG_2, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGraphDoesNotScoreTheExamplesOfSequences(boolean weights) {
        Layer output = weights
                ? rnnOutput(new LossMCXENT())
                : new RnnLossLayer.Builder(new LossMCXENT())
                        .activation(Activation.SOFTMAX)
                        .build();
        Layer below = new SimpleRnn.Builder().nIn(3).nOut(weights ? 3 : 2).build();
        ComputationGraph graph = new ComputationGraph(graph(true, below, output).build());
        graph.init();
        DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, 2, 3, 4), oneHot(2, 4));

        assertThatThrownBy(() -> graph.scoreExamples(data, false)).hasMessageContaining("leaked workspace pointer");
    }

    /** In segments of one step the recurrent weights work on nothing but the state from before. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRecurrentLayerForgetsTheStateBeforeASegmentInItsGradient(boolean lstm) {
        MultiLayerNetwork network = inSegmentsOfOneStep(lstm);
        INDArray weights = network.getParam("0_RW").dup();
        INDArray inputWeights = network.getParam("0_W").dup();
        MultiLayerNetwork other = inSegmentsOfOneStep(lstm);
        other.getParam("0_RW").assign(0);
        DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, 2, 3, 4), oneHot(2, 4));
        network.fit(data);
        other.fit(data);

        assertThat(network.getParam("0_RW")).isEqualTo(weights);
        assertThat(network.getParam("0_W")).isNotEqualTo(inputWeights);
        assertThat(network.score()).isNotCloseTo(other.score(), within(1e-6));
    }

    private static MultiLayerNetwork inSegmentsOfOneStep(boolean lstm) {
        Layer recurrent = lstm
                ? new LSTM.Builder().nIn(3).nOut(3).build()
                : new SimpleRnn.Builder().nIn(3).nOut(3).build();
        MultiLayerNetwork network = new MultiLayerNetwork(builder(true)
                .seed(1)
                .list(recurrent, rnnOutput(new LossMCXENT()))
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(1)
                .build());
        network.init();
        return network;
    }

    @Test
    void aLossLayerDoesNotMaskItsOutputByFlagsOrByOutputs() {
        MultiLayerNetwork network = zeros(
                true,
                InputType.feedForward(1),
                IDENTITY,
                new LossLayer.Builder(new BCEWithLogitsLoss())
                        .activation(Activation.SIGMOID)
                        .build());
        INDArray flags = Nd4j.ones(DataType.DOUBLE, 2, 1).castTo(DataType.BOOL);
        for (INDArray mask : new INDArray[] {flags, Nd4j.ones(DataType.DOUBLE, 2, 2)}) {
            DataSet masked = new DataSet(PLAIN.getFeatures(), PLAIN.getLabels(), null, mask);
            assertThatCode(() -> network.fit(masked)).doesNotThrowAnyException();
            assertThatThrownBy(() -> network.output(PLAIN.getFeatures(), false, null, mask))
                    .isInstanceOf(RuntimeException.class);
        }
    }

    /** Four examples at the first output, two at the second: half the step, but for a network that does not divide. */
    @ParameterizedTest(name = "miniBatch {0}: a step of {1}")
    @CsvSource({"true, 0.25", "false, 0.5"})
    void allOutputsOfAGraphAreDividedByTheExamplesOfTheFirst(boolean miniBatch, double step) {
        ILossFunction loss = miniBatch ? new LossMCXENT() : UNSCALED;
        ComputationGraph graph = new ComputationGraph(builder(miniBatch)
                .graphBuilder()
                .addInputs("four", "two")
                .layer("first", output(loss), "four")
                .layer("second", output(loss), "two")
                .setOutputs("first", "second")
                .build());
        graph.init();
        graph.setParams(Nd4j.zeros(DataType.DOUBLE, 1, graph.numParams()));
        graph.fit(new MultiDataSet(
                new INDArray[] {Nd4j.ones(DataType.DOUBLE, 4, 1), Nd4j.ones(DataType.DOUBLE, 2, 1)},
                new INDArray[] {Nd4j.vstack(PLAIN.getLabels(), PLAIN.getLabels()), PLAIN.getLabels()}));

        assertThat(graph.score()).isCloseTo(2 * LOG_2, within(1e-15));
        assertThat(graph.getParam("first_b").toDoubleVector()).containsExactly(.5, -.5);
        assertThat(graph.getParam("second_b").toDoubleVector()).containsExactly(step, -step);
    }

    @Test
    void aCopiedGraphHasLostTheNumberOfItsIterations() throws Exception {
        ComputationGraph graph =
                new ComputationGraph(graph(true, output(new LossMCXENT())).build());
        graph.init();
        graph.fit(PLAIN);
        ComputationGraph read = (ComputationGraph) copied(graph);

        assertThat(graph.getIterationCount()).isOne();
        assertThat(graph.clone().getIterationCount()).isZero();
        assertThat(read.getIterationCount()).isZero();
        assertThatThrownBy(() -> read.fit(PLAIN)).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theScoreOfTheBestModelOfEarlyStoppingIsZero(boolean ofGraph) {
        EarlyStoppingResult<?> result = ofGraph ? stoppedGraph() : stoppedNetwork();

        assertThat(result.getBestModelScore()).isZero();
        assertThat(result.getScoreVsEpoch().get(result.getBestModelEpoch())).isPositive();
    }

    private static EarlyStoppingResult<ComputationGraph> stoppedGraph() {
        ComputationGraph graph =
                new ComputationGraph(graph(true, output(new LossMCXENT())).build());
        graph.init();
        return new EarlyStoppingGraphTrainer(untilThird(), graph, batches()).fit();
    }

    private static EarlyStoppingResult<MultiLayerNetwork> stoppedNetwork() {
        MultiLayerNetwork network = zeros(true, InputType.feedForward(1), output(new LossMCXENT()));
        return new EarlyStoppingTrainer(untilThird(), network, batches()).fit();
    }

    private static <T extends Model> EarlyStoppingConfiguration<T> untilThird() {
        return new EarlyStoppingConfiguration.Builder<T>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(3))
                .scoreCalculator(new DataSetLossCalculator(batches(), true))
                .build();
    }

    private static DataSetIterator batches() {
        return new ExistingDataSetIterator(List.of(PLAIN));
    }

    @Test
    void aNetworkReadByJavaSerialisationHasNoListeners() throws Exception {
        MultiLayerNetwork read =
                (MultiLayerNetwork) copied(zeros(true, InputType.feedForward(1), output(new LossMCXENT())));
        assertThatThrownBy(() -> read.fit(PLAIN)).isInstanceOf(NullPointerException.class);
        assertThatCode(() -> read.clone().fit(PLAIN)).doesNotThrowAnyException();
    }

    private static Object copied(Object written) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(written);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    /** [n, 2, steps], all of the first class. */
    private static INDArray oneHot(int n, int steps) {
        return Nd4j.concat(1, Nd4j.ones(DataType.DOUBLE, n, 1, steps), Nd4j.zeros(DataType.DOUBLE, n, 1, steps));
    }

    private static OutputLayer output(ILossFunction loss) {
        return new OutputLayer.Builder(loss)
                .activation(Activation.SOFTMAX)
                .nIn(1)
                .nOut(2)
                .build();
    }

    private static RnnOutputLayer rnnOutput(ILossFunction loss) {
        return new RnnOutputLayer.Builder(loss)
                .activation(Activation.SOFTMAX)
                .dataFormat(RNNFormat.NCW)
                .nIn(3)
                .nOut(2)
                .build();
    }

    private static NeuralNetConfiguration.Builder builder(boolean miniBatch) {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(1))
                .miniBatch(miniBatch);
    }

    /** Each layer on the one before. */
    private static ComputationGraphConfiguration.GraphBuilder graph(boolean miniBatch, Layer... layers) {
        ComputationGraphConfiguration.GraphBuilder graph =
                builder(miniBatch).graphBuilder().addInputs("0");
        for (int i = 0; i < layers.length; i++) {
            graph.layer(Integer.toString(i + 1), layers[i], Integer.toString(i));
        }
        return graph.setOutputs(Integer.toString(layers.length));
    }

    private static MultiLayerNetwork zeros(boolean miniBatch, InputType input, Layer... layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(
                builder(miniBatch).list(layers).setInputType(input).build());
        network.init();
        network.setParams(Nd4j.zeros(DataType.DOUBLE, 1, network.numParams()));
        return network;
    }
}
