/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** DL4J's own check of a network's gradient, by differences of its score. */
class GradientCheckTest {
    private static final Random RANDOM = PrintedSeed.randomFor(GradientCheckTest.class);
    private static final int EXAMPLES = 5;

    static Stream<Arguments> losses() {
        return LossOptions.all().stream()
                .filter(options -> options.form() == options.spec().forms().get(0))
                .flatMap(options ->
                        Stream.of(false, true).map(graph -> Arguments.of(options.loss(), head(options), graph)));
    }

    /** For a mean the first that gives what the loss takes, for all else one that the loss does not see through. */
    private static SpecHead head(LossOptions options) {
        List<SpecHead> heads = options.spec().heads();
        boolean anything = options.spec().takesAnything(options.loss());
        int first = anything || heads.get(0) != SpecHead.IDENTITY ? 0 : 1;
        return heads.get(options.reduction() == Reduction.MEAN ? first : heads.size() - 1);
    }

    @ParameterizedTest(name = "{0} under {1}, a graph: {2}")
    @MethodSource("losses")
    void gradientsAreDifferencesOfScores(TorchLoss loss, SpecHead head, boolean graph) {
        TwoLayers layers = new TwoLayers(loss, head);
        DataSet batch = layers.batch(RANDOM, EXAMPLES).dataSet();
        Model model = layers.model(
                graph, TwoLayers.builder(RANDOM, new Sgd(1)).l2(0.1).l1(0.01));
        assertThat(NetworkKind.checkGradients(model, batch, Set.of())).isTrue();
        batch.setLabelsMaskArray(TorchTensor.of(TorchType.FLOAT64, new double[] {1, 1, 0, 1, 0}, EXAMPLES, 1)
                .toArray());
        assertThat(NetworkKind.checkGradients(model, batch, Set.of())).isTrue();
    }

    /** The autoencoder's score has the loss's average over its rows. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"MEAN", "SUM"})
    void theGradientOfAnAutoencoderIsThatOfItsScore(Reduction reduction) {
        TorchLoss loss = BCEWithLogitsLoss.builder().reduction(reduction).build();
        MultiLayerNetwork network = VariationalAutoencoderTest.network(loss, SpecHead.SIGMOID);
        network.initGradientsView();
        INDArray inputs =
                FilledArray.of(RANDOM::nextDouble, DataType.DOUBLE, EXAMPLES, VariationalAutoencoderTest.INPUTS);
        assertThat(NetworkKind.inDouble(() -> GradientCheckUtil.checkGradientsPretrainLayer(
                        network.getLayer(0), 1e-6, 1e-3, 1e-8, false, false, inputs, RANDOM.nextInt())))
                .isTrue();
    }

    /** Without this the tests above would say nothing. */
    @Test
    void aWrongGradientIsFound() {
        TwoLayers layers = new TwoLayers(new BCEWithLogitsLoss(), SpecHead.SIGMOID);
        MultiLayerNetwork network = NetworkKind.network(TwoLayers.builder(RANDOM, new Sgd(1))
                .list(TwoLayers.hidden(), layers.output(new TooLong()))
                .build());
        DataSet batch = layers.batch(RANDOM, EXAMPLES).dataSet();
        assertThat(NetworkKind.checkGradients(network, batch, Set.of())).isFalse();
    }

    /** A gradient that is one percent too long. */
    private static final class TooLong extends LossBinaryXENT {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray computeGradient(INDArray labels, INDArray z, IActivation activation, INDArray mask) {
            return super.computeGradient(labels, z, activation, mask).muli(1.01);
        }
    }
}
