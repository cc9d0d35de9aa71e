/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** What is right is not reported. */
class LossSwapCheckTest extends CheckedNetworks {
    /** The heads of each description above other layers, and layers that hand their numbers on. */
    static Stream<MultiLayerConfiguration> correct() {
        List<Layer[]> all = new ArrayList<>();
        for (IActivation hidden : new IActivation[] {RELU, TANH, SIGMOID, SOFTMAX}) {
            Layer below = dense(hidden, 4);
            for (LossSpec<?, ?> spec : LossSpecs.all()) {
                usualHeads(spec).forEach(head -> all.add(new Layer[] {below, output(spec.defaults(), head)}));
            }
            all.add(new Layer[] {below, output(new BCEWithLogitsLoss(), SIGMOID, 1)});
            all.add(new Layer[] {below, output(new BCELoss(), SIGMOID, 1)});
            all.add(new Layer[] {below, output(new BCELoss(), SOFTMAX)});
        }
        CrossEntropyLoss ce = new CrossEntropyLoss();
        BCEWithLogitsLoss logits = new BCEWithLogitsLoss();
        NLLLoss nll = new NLLLoss();
        BCELoss bce = new BCELoss();
        all.add(new Layer[] {dense(IDENTITY), loss(ce, IDENTITY)});
        all.add(new Layer[] {dense(IDENTITY), loss(ce, SOFTMAX)});
        all.add(new Layer[] {dense(IDENTITY), loss(logits, SIGMOID)});
        all.add(new Layer[] {dense(IDENTITY), loss(nll, LOG_SOFTMAX)});
        all.add(new Layer[] {dense(LOG_SOFTMAX), loss(nll, IDENTITY)});
        all.add(new Layer[] {dense(LOG_SOFTMAX), loss(ce, IDENTITY)}); // the logarithm of a softmax is its own
        all.add(new Layer[] {dense(SIGMOID), loss(bce, IDENTITY)});
        all.add(new Layer[] {dense(SOFTMAX), loss(bce, IDENTITY)});
        all.add(new Layer[] {dense(IDENTITY), new ActivationLayer(SIGMOID), loss(bce, IDENTITY)});
        all.add(new Layer[] {dense(IDENTITY), new DropoutLayer.Builder(0.5).build(), loss(ce, SOFTMAX)});
        all.add(new Layer[] {dense(SIGMOID), new LossLayer.Builder(new LossMCXENT()).build()});
        all.add(new Layer[] {
            dense(IDENTITY),
            // has the global activation, and never applies it
            new BatchNormalization.Builder().nIn(3).nOut(3).build(),
            loss(ce, SOFTMAX)
        });
        all.add(new Layer[] {centerLoss(ce)});
        return Stream.concat(all.stream().map(CheckedNetworks::layers), sequencesAndImages());
    }

    /** Those that the loss sees through; raw outputs are right only for a loss that takes any number. */
    private static Stream<IActivation> usualHeads(LossSpec<?, ?> spec) {
        return spec.heads().stream()
                .filter(spec::seesThrough)
                .filter(head -> head != SpecHead.IDENTITY || spec.input() == InputRange.ANY)
                .map(SpecHead::inDl4j);
    }

    private static Stream<MultiLayerConfiguration> sequencesAndImages() {
        CrossEntropyLoss perStep =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        return Stream.of(
                layers(
                        new LSTM.Builder().nIn(4).nOut(4).build(),
                        new RnnOutputLayer.Builder(perStep).nIn(4).nOut(3).build()),
                network(
                                new LSTM.Builder().nIn(4).nOut(4).build(),
                                new RnnOutputLayer.Builder(perStep)
                                        .dataFormat(RNNFormat.NWC)
                                        .nIn(4)
                                        .nOut(3)
                                        .build())
                        .backpropType(BackpropType.TruncatedBPTT)
                        .tBPTTLength(STEPS)
                        .build(),
                layers(
                        sequencesBelow(),
                        new RnnLossLayer.Builder(perStep).activation(SOFTMAX).build()),
                images(STEPS * STEPS, IDENTITY),
                images(1, IDENTITY));
    }

    @ParameterizedTest
    @MethodSource("correct")
    void nothingIsReportedWhereNothingIsWrong(MultiLayerConfiguration conf) {
        assertThat(LossSwap.check(conf)).isEmpty();
    }

    @Test
    void anActivationOfTheUsersOwnIsTakenToBeMeant() {
        assertThat(check(output(new NLLLoss(), new OwnActivation()))).isEmpty();
        assertThat(check(dense(new OwnActivation()), loss(new NLLLoss(), IDENTITY)))
                .isEmpty();
        assertThat(check(dense(new ActivationSoftmax() {}), loss(new NLLLoss(), SOFTMAX)))
                .isEmpty();
    }

    private static final class OwnActivation extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return Pair.of(epsilon, null);
        }
    }

    @Test
    void aGraphWithTwoCorrectOutputsHasNothingToReport() {
        assertThat(LossSwap.check(graph(SOFTMAX, SIGMOID))).isEmpty();
    }
}
