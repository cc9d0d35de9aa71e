/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The scores of single examples, which DL4J adds up over time steps and pixels, against torch's
 * {@code reduction='none'}.
 */
class NetworkScoreArrayTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkScoreArrayTest.class);
    private static final LossOptions A_DIVERGENCE = LossOptions.defaults(KLDivLoss.class, TargetForm.DENSE);

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void theScoreOfAnExampleIsTorchsUnreducedLoss(Scenario scenario) {
        Numbers numbers = new Numbers(scenario);
        NetworkStep ours = new NetworkStep(scenario, numbers);
        double[] scores = TorchTensor.of(((MultiLayerNetwork) ours.network()).scoreExamples(ours.dataSet(), false))
                .toDoubles();
        double[] expected = torchScores(scenario, numbers);
        double largest =
                Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
        double tolerance = scenario.type() == TorchType.FLOAT64 ? StepComparison.FLOAT64_TOLERANCE : 1e-6;
        assertThat(scores).as("%s", scenario).containsExactly(expected, within(tolerance * largest));
    }

    /** Rows of a class loss as they are; for the others the mean or sum over the unmasked outputs of a row. */
    static double[] torchScores(Scenario scenario, Numbers numbers) {
        TorchTensor unreduced = new TorchStep(scenario, numbers).unreduced();
        double[] losses = unreduced.toDoubles();
        boolean[] kept = numbers.keptByRow();
        boolean perOutput = unreduced.shape().length == scenario.layer().featureShape(1).length;
        boolean mean = scenario.loss().getReduction() == Reduction.MEAN;
        int positions = (int) scenario.layer().positionsPerExample();
        double[] scores = new double[(int) scenario.examples()];
        for (int row = 0; row < scores.length * positions; row++) {
            double sum = 0;
            int count = 0;
            for (int output = 0; output < LayerKind.CLASSES; output++) {
                if (kept[row * LayerKind.CLASSES + output]) {
                    sum += perOutput ? losses[numbers.torchPlace(row, output)] : losses[row];
                    count++;
                }
            }
            // a loss per row has been counted once for each of its outputs
            boolean divides = mean || !perOutput;
            scores[row / positions] += divides && count > 0 ? sum / count : sum;
        }
        return scores;
    }

    /**
     * Framework bugs, by what they say: distances of features are added to scores of another shape, time steps are scored
     * against the layer's own input, and single scores get a shape with the classes in it.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            CENTER_LOSS_OUTPUT_LAYER | operation output shape: [4, 1].addi([4, 4]) != [4, 1]
            RNN_LOSS_LAYER_NWC       | labels have shape [12, 2]
            CNN_LOSS_LAYER_NHWC      | [36] vs [24]. Original shape: [24, 1] New Shape: [4, 1, 3, 3]
            CNN_3D_LOSS_LAYER        | [144] vs [48]. Original shape: [48, 1] New Shape: [4, 2, 3, 2, 3]
            CNN_3D_LOSS_LAYER_NDHWC  | [144] vs [48]. Original shape: [48, 1] New Shape: [4, 2, 3, 2, 3]
            """)
    void theseLayersCannotScoreExamples(LayerKind layer, String message) {
        Scenario scenario =
                Scenario.of(layer, SpecHead.SOFTMAX, A_DIVERGENCE, TorchType.FLOAT64, SEEDS.nextInt(MAX_VALUE));
        NetworkStep ours = new NetworkStep(scenario, new Numbers(scenario));
        MultiLayerNetwork network = (MultiLayerNetwork) ours.network();
        DataSet batch = ours.dataSet();
        assertThatThrownBy(() -> network.scoreExamples(batch, false)).hasMessageContaining(message);
    }

    static Stream<Scenario> scenarios() {
        return Product.of(Scenario.all(
                        SEEDS,
                        LayerKind.OUTPUT_LAYER,
                        LayerKind.LOSS_LAYER,
                        LayerKind.RNN_OUTPUT_LAYER,
                        LayerKind.RNN_OUTPUT_LAYER_NWC,
                        LayerKind.RNN_LOSS_LAYER,
                        LayerKind.CNN_LOSS_LAYER)
                .flatMap(scenario -> masks(scenario)
                        .map(masking -> scenario.drawn(SEEDS)
                                .withMiniBatch(SEEDS.nextBoolean(), 1)
                                .with(masking)))
                .toList());
    }

    private static Stream<Masking> masks(Scenario scenario) {
        LayerKind layer = scenario.layer();
        boolean apart = scenario.canHave(Masking.OUTPUTS) && layer != LayerKind.RNN_OUTPUT_LAYER_NWC;
        return Stream.of(
                Masking.NONE,
                layer.hasPositions() ? Masking.POSITIONS : Masking.EXAMPLES,
                apart ? Masking.OUTPUTS : Masking.EVERYTHING);
    }
}
