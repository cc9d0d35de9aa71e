/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Networks in HALF: score, scores of examples and step against live torch in float64, whose layers see the same numbers.
 */
class HalfNetworkTest {
    private static final Random SEEDS = PrintedSeed.randomFor(HalfNetworkTest.class);
    /** Half a unit in the last place, relative. */
    private static final double ROUNDING = 0x1p-11;

    /** Torch's largest binary cross entropy. */
    private static final double CLAMP = 100;

    /** One after the other: logits, gradient, four products that are summed up, the step, the new parameter. */
    private static final int ROUNDINGS = 8;

    /** Under the first two heads of each loss. */
    static Stream<Scenario> scenarios() {
        return Scenario.all(SEEDS, LayerKind.OUTPUT_LAYER)
                .filter(scenario -> scenario.options().spec().heads().indexOf(scenario.head()) < 2)
                .flatMap(scenario -> Stream.of(true, false)
                        .map(miniBatch ->
                                scenario.drawn(TorchType.FLOAT64, SEEDS).withMiniBatch(miniBatch)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void scoreAndStepOfAHalfNetworkAreTorchsButForItsRounding(Scenario scenario) {
        // GIVEN parameters and features that HALF holds exactly
        Numbers numbers = new Numbers(scenario);
        NetworkStep ours = new NetworkStep(scenario, numbers);
        MultiLayerNetwork network = MultiLayerNetwork.class.cast(ours.network()).convertDataType(DataType.FLOAT16);
        DataSet data = new DataSet(
                ours.dataSet().getFeatures().castTo(DataType.FLOAT16),
                ours.dataSet().getLabels());
        Step torch = new TorchStep(scenario, numbers).in(TorchType.FLOAT64);
        double[] before = TorchTensor.of(network.params().dup()).toDoubles();

        // WHEN
        double scoreOfData = network.score(data);
        INDArray scoresOfExamples = network.scoreExamples(data, false);
        network.fit(data);

        // THEN
        double tolerance = tolerance(scenario, numbers, torch);
        double toleranceOfScores = tolerance + lostByRoundedProbabilities(scenario, numbers);
        assertThat(network.params().dataType()).isEqualTo(DataType.FLOAT16);
        assertThat(network.score()).isCloseTo(torch.score(), within(toleranceOfScores));
        assertThat(scoreOfData).isEqualTo(network.score());
        double[] ofExamples = TorchTensor.of(scoresOfExamples).toDoubles();
        double[] expectedOfExamples = NetworkScoreArrayTest.torchScores(scenario, numbers);
        assertThat(ofExamples).hasSameSizeAs(expectedOfExamples);
        for (int i = 0; i < ofExamples.length; i++) {
            // the score of an example may be far above the mean, and is rounded by its own size
            double ofItsOwn = ROUNDINGS * Math.abs(expectedOfExamples[i]) * ROUNDING;
            assertThat(ofExamples[i])
                    .as("score of example %s", i)
                    .isCloseTo(expectedOfExamples[i], within(Math.max(toleranceOfScores, ofItsOwn)));
        }
        double[] step = TorchTensor.of(network.params()).toDoubles();
        Arrays.setAll(step, i -> before[i] - step[i]);
        assertThat(step).containsExactly(flat(torch), within(tolerance));
    }

    private static double tolerance(Scenario scenario, Numbers numbers, Step torch) {
        double largest =
                Math.max(StepComparison.inputTerm(scenario, new TorchStep(scenario, numbers)), torch.largestTerm());
        return ROUNDINGS * largest * ROUNDING;
    }

    /**
     * What the score of BCE under a sigmoid may lose beyond that. The loss gets a probability that HALF has rounded, as from
     * torch's two modules in a row, and 1 - p has few digits left where p is near 1: if p becomes p + e, its logarithm changes
     * by log(1 - e / (1 - p)), and if p becomes 1, it is torch's clamp. With e a unit in the last place of HALF below 1. The
     * step is free of it: the sigmoid's derivative has the factor 1 - p that the loss's divides by.
     */
    private static double lostByRoundedProbabilities(Scenario scenario, Numbers numbers) {
        if (!(scenario.takesProbabilities() && scenario.head() == SpecHead.SIGMOID)) {
            return 0;
        }
        double largest = 0;
        for (double p : new TorchStep(scenario, numbers).input().toDoubles()) {
            largest = Math.max(largest, ROUNDING < 1 - p ? -Math.log1p(-ROUNDING / (1 - p)) : CLAMP);
        }
        return largest * scenario.options().largestWeight();
    }

    /** DL4J's order: weights column by column, then the bias. */
    private static double[] flat(Step step) {
        int outputs = step.bias().size();
        int inputs = step.weights().size() / outputs;
        double[] flat = new double[step.weights().size() + outputs];
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                flat[o * inputs + i] = step.weights().get(i * outputs + o);
            }
        }
        for (int o = 0; o < outputs; o++) {
            flat[inputs * outputs + o] = step.bias().get(o);
        }
        return flat;
    }
}
