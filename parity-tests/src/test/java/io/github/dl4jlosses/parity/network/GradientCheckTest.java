/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.GraphConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** DL4J's own check of a network's gradient, by differences of its score. */
class GradientCheckTest {
    private static final Random RANDOM = PrintedSeed.randomFor(GradientCheckTest.class);
    private static final int EXAMPLES = 5;

    private static DataType before;

    /** GradientCheckUtil refuses to run otherwise. */
    @BeforeAll
    static void computeInDouble() {
        before = Nd4j.dataType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void computeAsBefore() {
        Nd4j.setDefaultDataTypes(before, before);
    }

    static Stream<Arguments> losses() {
        return LossOptions.all().stream()
                .filter(options -> options.form() == options.spec().forms().get(0))
                .map(options -> Arguments.of(options.loss(), head(options)));
    }

    /** For a mean the usual one, for all else one that the loss does not see through. */
    private static SpecHead head(LossOptions options) {
        List<SpecHead> heads = options.spec().heads();
        return heads.get(options.reduction() == Reduction.MEAN ? 0 : heads.size() - 1);
    }

    @ParameterizedTest(name = "{0} under {1}")
    @MethodSource("losses")
    void gradientsOfLayersAreDifferencesOfScores(TorchLoss loss, SpecHead head) {
        TwoLayers layers = new TwoLayers(loss, head);
        TwoLayers.Batch batch = layers.batch(RANDOM, EXAMPLES);
        MultiLayerNetwork network =
                layers.network(TwoLayers.builder(RANDOM, new Sgd(1)).l2(0.1).l1(0.01));

        assertThat(check(network, batch, null)).isTrue();
        assertThat(check(network, batch, rowMask())).isTrue();
    }

    @ParameterizedTest(name = "{0} under {1}")
    @MethodSource("losses")
    void gradientsOfAGraphAreDifferencesOfScores(TorchLoss loss, SpecHead head) {
        TwoLayers layers = new TwoLayers(loss, head);
        TwoLayers.Batch batch = layers.batch(RANDOM, EXAMPLES);
        ComputationGraph graph =
                layers.graphNetwork(TwoLayers.builder(RANDOM, new Sgd(1)).l2(0.1));

        assertThat(GradientCheckUtil.checkGradients(new GraphConfig()
                        .net(graph)
                        .inputs(new INDArray[] {batch.dataSet().getFeatures()})
                        .labels(new INDArray[] {batch.dataSet().getLabels()})
                        .labelMask(new INDArray[] {rowMask()})
                        .print(PrintMode.FAILURES_ONLY)))
                .isTrue();
    }

    /** The autoencoder's score has the loss's average over its rows. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"MEAN", "SUM"})
    void theGradientOfAnAutoencoderIsThatOfItsScore(Reduction reduction) {
        TorchLoss loss = BCEWithLogitsLoss.builder().reduction(reduction).build();
        MultiLayerNetwork network = new MultiLayerNetwork(TwoLayers.builder(RANDOM, new Sgd(1))
                .list(new VariationalAutoencoder.Builder()
                        .nIn(TwoLayers.INPUTS)
                        .nOut(2)
                        .encoderLayerSizes(4)
                        .decoderLayerSizes(4)
                        .activation(Activation.TANH)
                        .pzxActivationFunction(Activation.IDENTITY)
                        .reconstructionDistribution(new LossFunctionWrapper(SpecHead.SIGMOID.inDl4j(), loss))
                        .build())
                .build());
        network.init();
        network.initGradientsView();
        double[] inputs = RANDOM.doubles(EXAMPLES * TwoLayers.INPUTS).toArray();

        assertThat(GradientCheckUtil.checkGradientsPretrainLayer(
                        network.getLayer(0),
                        1e-6,
                        1e-3,
                        1e-8,
                        false,
                        false,
                        TorchTensor.of(TorchType.FLOAT64, inputs, EXAMPLES, TwoLayers.INPUTS)
                                .toArray(),
                        RANDOM.nextInt()))
                .isTrue();
    }

    /** Without this the tests above would say nothing. */
    @Test
    void aWrongGradientIsFound() {
        TwoLayers layers = new TwoLayers(new CrossEntropyLoss(), SpecHead.SOFTMAX);
        MultiLayerNetwork network = new MultiLayerNetwork(TwoLayers.builder(RANDOM, new Sgd(1))
                .list(TwoLayers.hidden(), layers.output(new TooLong(new CrossEntropyLoss())))
                .build());
        network.init();

        assertThat(check(network, layers.batch(RANDOM, EXAMPLES), null)).isFalse();
    }

    private static boolean check(MultiLayerNetwork network, TwoLayers.Batch batch, INDArray mask) {
        return GradientCheckUtil.checkGradients(new MLNConfig()
                .net(network)
                .input(batch.dataSet().getFeatures())
                .labels(batch.dataSet().getLabels())
                .labelMask(mask)
                .print(PrintMode.FAILURES_ONLY));
    }

    private static INDArray rowMask() {
        return TorchTensor.of(TorchType.FLOAT64, new double[] {1, 1, 0, 1, 0}, EXAMPLES, 1)
                .toArray();
    }

    /** A gradient that is one percent too long. */
    private static final class TooLong implements ILossFunction {
        private static final long serialVersionUID = 1L;
        private final TorchLoss loss;

        TooLong(TorchLoss loss) {
            this.loss = loss;
        }

        @Override
        public double computeScore(
                INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
            return loss.computeScore(labels, z, activation, mask, average);
        }

        @Override
        public INDArray computeScoreArray(INDArray labels, INDArray z, IActivation activation, INDArray mask) {
            return loss.computeScoreArray(labels, z, activation, mask);
        }

        @Override
        public INDArray computeGradient(INDArray labels, INDArray z, IActivation activation, INDArray mask) {
            return loss.computeGradient(labels, z, activation, mask).muli(1.01);
        }

        @Override
        public Pair<Double, INDArray> computeGradientAndScore(
                INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
            return Pair.of(
                    computeScore(labels, z, activation, mask, average), computeGradient(labels, z, activation, mask));
        }

        @Override
        public String name() {
            return "TooLong";
        }
    }
}
