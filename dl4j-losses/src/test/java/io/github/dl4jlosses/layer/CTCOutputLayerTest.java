/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.swap.LossSwap;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The layer in networks as their users have them; that its steps are torch's is a matter of the proofs. */
class CTCOutputLayerTest {
    private static final int FEATURES = 3;
    private static final int STEPS = 6;
    private static final int CLASSES = 4;
    private static final double NEAR = 1e-10;

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .updater(new Sgd(.1));
    }

    private static MultiLayerConfiguration configuration(CTCLoss loss, RNNFormat format) {
        return settings()
                .list()
                .layer(new LSTM.Builder().nOut(5).dataFormat(format).build())
                .layer(new CTCOutputLayer.Builder(loss).nOut(CLASSES).build())
                .setInputType(InputType.recurrent(FEATURES, STEPS, format))
                .build();
    }

    private static MultiLayerNetwork network(CTCLoss loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(loss, RNNFormat.NCW));
        network.init();
        return network;
    }

    private static INDArray sequences(int n, int steps) {
        return Nd4j.createFromArray(
                        new Random(7).doubles((long) n * FEATURES * steps).toArray())
                .reshape(n, FEATURES, steps);
    }

    private static INDArray labels(double[][] labels) {
        return Nd4j.createFromArray(labels).reshape(labels.length, 1, labels[0].length);
    }

    @Test
    void aConfigurationComesBackFromJsonAndYaml() {
        CTCLoss loss = CTCLoss.builder()
                .blank(3)
                .zeroInfinity(true)
                .reduction(Reduction.SUM)
                .build();
        MultiLayerConfiguration configuration = configuration(loss, RNNFormat.NWC);

        for (MultiLayerConfiguration read : List.of(
                MultiLayerConfiguration.fromJson(configuration.toJson()),
                MultiLayerConfiguration.fromYaml(configuration.toYaml()))) {
            CTCOutputLayer layer = (CTCOutputLayer) read.getConf(1).getLayer();
            assertThat(layer)
                    .isEqualTo(configuration.getConf(1).getLayer())
                    .hasSameHashCodeAs(configuration.getConf(1).getLayer());
            assertThat(layer.getLossFn()).isEqualTo(loss);
            assertThat(layer.getRnnDataFormat()).isEqualTo(RNNFormat.NWC);
        }
    }

    @Test
    void aSavedNetworkGoesOnTraining(@TempDir Path folder) throws IOException {
        MultiLayerNetwork network = network(new CTCLoss());
        DataSet data = new DataSet(sequences(2, STEPS), labels(new double[][] {{1, 2}, {3, -1}}));
        network.fit(data);
        File file = folder.resolve("network.zip").toFile();
        network.save(file);

        MultiLayerNetwork read = MultiLayerNetwork.load(file, true);
        read.fit(data);
        network.fit(data);

        assertThat(read.params()).isEqualTo(network.params());
    }

    @Test
    void aGraphTrainsAsTheSameNetworkDoes() {
        ComputationGraphConfiguration configuration = settings()
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", new LSTM.Builder().nOut(5).build(), "in")
                .addLayer("out", new CTCOutputLayer.Builder().nOut(CLASSES).build(), "lstm")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(FEATURES))
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        MultiLayerNetwork network = network(new CTCLoss());
        graph.setParams(network.params());
        DataSet data = merged();

        for (int step = 0; step < 3; step++) {
            graph.fit(data);
            network.fit(data);
        }

        assertThat(graph.params()).isEqualTo(network.params());
        assertThat(graph.score()).isEqualTo(network.score());
    }

    /** Sequences and labels of different lengths, as DL4J merges them: zeros behind the ends, and two masks. */
    private static DataSet merged() {
        return DataSet.merge(List.of(
                new DataSet(sequences(1, STEPS), labels(new double[][] {{1, 2, 2}})),
                new DataSet(sequences(1, 4), labels(new double[][] {{3}}))));
    }

    @Test
    void masksSayWhereSequencesAndLabelsEnd() {
        DataSet merged = merged();
        assertThat(merged.getFeaturesMaskArray().shape()).containsExactly(2, STEPS);
        assertThat(merged.getLabelsMaskArray().shape()).containsExactly(2, 3);
        MultiLayerNetwork network = network(new CTCLoss());

        double together = network.score(merged);

        double first = network.score(new DataSet(sequences(1, STEPS), labels(new double[][] {{1, 2, 2}})));
        double second = network.score(new DataSet(sequences(1, 4), labels(new double[][] {{3}})));
        assertThat(together).isCloseTo((first + second) / 2, within(NEAR));
    }

    @Test
    void aMaskIsForgottenWithItsBatch() {
        MultiLayerNetwork network = network(new CTCLoss());
        DataSet plain = new DataSet(sequences(2, STEPS), labels(new double[][] {{1, 2}, {3, -1}}));
        double before = network.score(plain);

        network.score(merged());

        assertThat(network.score(plain)).isEqualTo(before);
    }

    @Test
    void labelsNeedNoThirdDimension() {
        MultiLayerNetwork network = network(new CTCLoss());
        double[][] labels = {{1, 2}, {3, -1}};
        assertThat(network.score(new DataSet(sequences(2, STEPS), Nd4j.createFromArray(labels))))
                .isEqualTo(network.score(new DataSet(sequences(2, STEPS), labels(labels))));
    }

    @Test
    void theFormatOfTheInputIsThatOfTheOutput() {
        MultiLayerNetwork channelsFirst = network(new CTCLoss());
        MultiLayerNetwork channelsLast = new MultiLayerNetwork(configuration(new CTCLoss(), RNNFormat.NWC));
        channelsLast.init();
        channelsLast.setParams(channelsFirst.params());
        INDArray x = sequences(2, STEPS);
        INDArray labels = labels(new double[][] {{1, 2}, {3, -1}});

        INDArray output = channelsLast.output(x.permute(0, 2, 1).dup());
        channelsFirst.fit(new DataSet(x, labels));
        channelsLast.fit(
                new DataSet(x.permute(0, 2, 1).dup(), labels.permute(0, 2, 1).dup()));

        assertThat(output.shape()).containsExactly(2, STEPS, CLASSES);
        assertThat(channelsLast.params().distance2(channelsFirst.params())).isLessThan(NEAR);
    }

    @Test
    void eachExampleHasTheLossOfItsSequence() {
        MultiLayerNetwork network =
                network(CTCLoss.builder().reduction(Reduction.BATCHMEAN).build());
        DataSet data = new DataSet(sequences(2, STEPS), labels(new double[][] {{1, 2}, {3, -1}}));

        INDArray scores = network.scoreExamples(data, false);

        assertThat(scores.shape()).containsExactly(2, 1);
        assertThat(scores.meanNumber().doubleValue()).isCloseTo(network.score(data), within(NEAR));
    }

    @Test
    void oneStepIsASequenceToo() {
        MultiLayerNetwork network = network(new CTCLoss());
        INDArray x = sequences(2, 1);
        double[] p = network.output(x)
                .get(NDArrayIndex.all(), NDArrayIndex.point(1), NDArrayIndex.all())
                .toDoubleVector();

        double score = network.score(new DataSet(x, labels(new double[][] {{1}, {1}})));

        assertThat(score).isCloseTo(-Arrays.stream(p).map(Math::log).average().orElseThrow(), within(NEAR));
    }

    @Test
    void transferLearningKeepsTheLayer() {
        MultiLayerNetwork network = network(CTCLoss.builder().zeroInfinity(true).build());

        MultiLayerNetwork tuned = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(1e-2))
                        .build())
                .setFeatureExtractor(0)
                .build();
        tuned.fit(new DataSet(sequences(2, STEPS), labels(new double[][] {{1, 2}, {3, -1}})));

        assertThat(tuned.getLayer(0).params()).isEqualTo(network.getLayer(0).params());
        assertThat(tuned.getLayer(1).params()).isNotEqualTo(network.getLayer(1).params());
    }

    @Test
    void theCheckOfHeadsKnowsTheLayer() {
        assertThat(LossSwap.check(configuration(new CTCLoss(), RNNFormat.NCW))).isEmpty();
        MultiLayerConfiguration another =
                configuration(CTCLoss.builder().miniBatch(false).build(), RNNFormat.NCW);
        assertThat(LossSwap.check(another)).singleElement().asString().contains("miniBatch");
    }

    @Test
    void labelsOfAnotherShapeAreRefused() {
        MultiLayerNetwork network = network(new CTCLoss());
        DataSet oneHot = new DataSet(sequences(2, STEPS), Nd4j.zeros(DataType.DOUBLE, 2, CLASSES, STEPS));
        assertThatThrownBy(() -> network.fit(oneHot))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have shape [2, S] or [2, 1, S], got [2, 4, 6]");
    }

    @Test
    void aLabelThatIsNoClassIsRefused() {
        MultiLayerNetwork network = network(new CTCLoss());
        DataSet data = new DataSet(sequences(2, STEPS), labels(new double[][] {{1, 2}, {4, -1}}));
        assertThatThrownBy(() -> network.fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("target out of range (labels[1, 0] is 4; the input has 4 classes");
    }

    @Test
    void aLabelsMaskOfOtherNumbersIsRefused() {
        MultiLayerNetwork network = network(new CTCLoss());
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, .5}});
        DataSet data = new DataSet(sequences(1, STEPS), labels(new double[][] {{1, 3}}), null, mask);
        assertThatThrownBy(() -> network.fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the labels mask must be 0 or 1, got 0.5 (example 0, place 1)");
    }

    /** It may hold anything, NaN too. */
    @Test
    void whatLiesBehindALabelIsNotRead() {
        MultiLayerNetwork network = network(new CTCLoss());
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0}});
        DataSet plain = new DataSet(sequences(1, STEPS), labels(new double[][] {{1, -1}}));
        DataSet masked = new DataSet(sequences(1, STEPS), labels(new double[][] {{1, Double.NaN}}), null, mask);
        assertThat(network.score(masked)).isEqualTo(network.score(plain));
    }

    /** Torch's documentation forbids it, and its users pad with 0, for they give lengths. */
    @Test
    void aLabelThatIsPaddedWithTheBlankIsRefused() {
        MultiLayerNetwork network = network(new CTCLoss());
        DataSet data = new DataSet(sequences(2, STEPS), labels(new double[][] {{1, 2}, {3, 0}}));
        assertThatThrownBy(() -> network.fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "a label must not hold the blank, class 0 (labels[1, 1]); pad labels with -1, or give a labels mask");
    }

    @Test
    void aLossThatIsNoCtcLossIsRefused() {
        assertThatThrownBy(() -> new CTCOutputLayer.Builder()
                        .lossFunction(LossFunction.MCXENT)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("CTCOutputLayer takes a CTCLoss, got LossMCXENT");
    }

    @Test
    void theFrameworksLayerNeedsToBeToldTheSteps() {
        MultiLayerNetwork network = new MultiLayerNetwork(settings()
                .list()
                .layer(new RnnOutputLayer.Builder(new CTCLoss()).nOut(CLASSES).build())
                .setInputType(InputType.recurrent(FEATURES))
                .build());
        network.init();
        DataSet data = new DataSet(sequences(1, STEPS), labels(new double[][] {{1, 2, -1, -1, -1, -1}}));
        assertThatThrownBy(() -> network.fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use CTCOutputLayer in place of RnnOutputLayer, or set positionsPerExample(T)");
    }

    @Test
    void aMaskWithAHoleIsRefused() {
        MultiLayerNetwork network = network(new CTCLoss());
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 1, STEPS).putScalar(0, 2, 0);
        DataSet data = new DataSet(sequences(1, STEPS), labels(new double[][] {{1}}), mask, null);
        assertThatThrownBy(() -> network.fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mask of example 0 is 0 at step 2 and 1 at step 3");
    }
}
