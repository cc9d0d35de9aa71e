/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What DL4J relies on beside the numbers: calls that agree with each other, arguments left alone. */
class NetworkContractTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkContractTest.class);

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputLayers")
    void gradientAndScoreAreTheTwoCallsBitForBit(Scenario scenario) {
        Call call = new Call(scenario);
        for (boolean average : new boolean[] {false, true}) {
            Pair<Double, INDArray> both =
                    call.loss.computeGradientAndScore(call.labels, call.preOutput, call.activation, call.mask, average);
            assertThat(both.getFirst()).as("%s", scenario).isEqualTo(call.score(average));
            assertThat(both.getSecond()).as("%s", scenario).isEqualTo(call.gradient());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputLayers")
    void averageDividesByTheRows(Scenario scenario) {
        Call call = new Call(scenario);
        assertThat(call.score(true)).as("%s", scenario).isEqualTo(call.score(false) / scenario.examples());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputLayers")
    void argumentsAreLeftAlone(Scenario scenario) {
        Call call = new Call(scenario);
        INDArray labels = call.labels.dup();
        INDArray preOutput = call.preOutput.dup();
        INDArray mask = call.mask.dup();
        call.gradient();
        call.score(false);
        call.loss.computeScoreArray(call.labels, call.preOutput, call.activation, call.mask);
        assertThat(call.preOutput).as("%s", scenario).isEqualTo(preOutput);
        assertThat(call.mask).as("%s", scenario).isEqualTo(mask);
        // masked labels may be NaN, which ND4J's equality rejects
        assertThat(call.labels.toStringFull()).as("%s", scenario).isEqualTo(labels.toStringFull());
    }

    /** A loss layer hands its loss the very array that the score is computed from after the gradient. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everyLayer")
    void theScoreOfAFitIsTheScoreOfItsBatch(Scenario scenario) {
        NetworkStep step = new NetworkStep(scenario, new Numbers(scenario));
        MultiLayerNetwork network = (MultiLayerNetwork) step.network();
        try {
            network.fit(step.dataSet());
        } catch (RuntimeException failure) {
            assertThat(FrameworkBug.thatThrow(scenario, failure))
                    .as("%s: %s", scenario, failure)
                    .isNotEmpty();
            return;
        }
        MultiLayerNetwork before = (MultiLayerNetwork) step.network();
        assertThat(network.score()).as("%s", scenario).isEqualTo(before.score(step.dataSet()));
    }

    /** Framework bug: CnnLossLayer.fit compares shapes with its input, where its score does not. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("indices")
    void aConvolutionalLossLayerScoresClassIndicesButDoesNotFitThem(LossOptions options) {
        Scenario scenario = Scenario.of(LayerKind.CNN_LOSS_LAYER, SpecHead.LOG_SOFTMAX, options, TorchType.FLOAT64, 0)
                .drawn(SEEDS);
        Numbers numbers = new Numbers(scenario);
        NetworkStep step = new NetworkStep(scenario, numbers);
        MultiLayerNetwork network = (MultiLayerNetwork) step.network();
        double torch = new TorchStep(scenario, numbers).in(TorchType.FLOAT64).score();
        double ulps = scenario.type() == TorchType.FLOAT64 ? 1e-12 : 4 * 0x1p-24;
        assertThat(network.score(step.dataSet())).isCloseTo(torch, within(ulps * Math.max(1, torch)));
        DataSet batch = step.dataSet();
        assertThatThrownBy(() -> network.fit(batch)).hasMessageContaining("do not have same shape");
    }

    static Stream<LossOptions> indices() {
        return LossOptions.all().stream().filter(options -> options.form() == TargetForm.INDEX);
    }

    /** Every loss under every head, masked where it has examples to spare. */
    static Stream<Scenario> outputLayers() {
        return scenarios(LayerKind.OUTPUT_LAYER).map(scenario -> scenario.with(Masking.EXAMPLES));
    }

    static Stream<Scenario> everyLayer() {
        return Product.of(scenarios(LayerKind.values()).toList());
    }

    private static Stream<Scenario> scenarios(LayerKind... layers) {
        return Scenario.all(SEEDS, layers).map(scenario -> scenario.withMiniBatch(SEEDS.nextBoolean()));
    }

    /** The arguments that an output layer hands to its loss. */
    private static final class Call {
        private final TorchLoss loss;
        private final IActivation activation;
        private final INDArray labels;
        private final INDArray preOutput;
        private final INDArray mask;

        Call(Scenario scenario) {
            Numbers numbers = new Numbers(scenario);
            DataSet dataSet = numbers.dataSet();
            loss = scenario.loss();
            activation = scenario.head().inDl4j();
            labels = dataSet.getLabels();
            mask = dataSet.getLabelsMaskArray();
            preOutput = dataSet.getFeatures().mmul(numbers.weights.toArray()).addRowVector(numbers.bias.toArray());
        }

        double score(boolean average) {
            return loss.computeScore(labels, preOutput, activation, mask, average);
        }

        INDArray gradient() {
            return loss.computeGradient(labels, preOutput, activation, mask);
        }
    }
}
