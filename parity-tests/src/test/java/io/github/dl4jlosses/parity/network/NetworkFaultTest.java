/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison itself must be able to fail: each of these faults has to show in both types, in score and step. */
class NetworkFaultTest {

    @Test
    void aWrongNumberOfPositionsIsDetected() {
        // the scale of the table is that of 3 positions, the loss is told 4
        assertDetected(LayerKind.RNN_OUTPUT_LAYER, LossOptions.CE_INDEX_MEAN, new Convention(true, 4, EmptyMean.NAN));
    }

    @Test
    void aMiniBatchThatDisagreesWithTheNetworkIsDetected() {
        assertDetected(LayerKind.OUTPUT_LAYER, LossOptions.NLL_INDEX_MEAN, new Convention(false, 1, EmptyMean.NAN));
    }

    private static void assertDetected(LayerKind layer, LossOptions options, Convention wrong) {
        for (TorchType type : List.of(TorchType.FLOAT64, TorchType.FLOAT32)) {
            Scenario right = Scenario.of(layer, HeadKind.SOFTMAX, options, type, 7);
            Numbers numbers = new Numbers(right);
            Step faulty = new NetworkStep(right.with(wrong), numbers).fit();
            assertThat(StepComparison.differences(right, numbers, faulty))
                    .anyMatch(line -> line.startsWith("score"))
                    .anyMatch(line -> line.startsWith("weights' step"))
                    .anyMatch(line -> line.startsWith("bias' step"));
        }
    }

    @Test
    void aLossWithoutItsWeightsIsDetected() {
        Scenario right = Scenario.of(
                LayerKind.LOSS_LAYER, HeadKind.SIGMOID, LossOptions.BCE_WEIGHTED_MEAN, TorchType.FLOAT32, 7);
        Scenario wrong =
                Scenario.of(LayerKind.LOSS_LAYER, HeadKind.SIGMOID, LossOptions.BCE_MEAN, TorchType.FLOAT32, 7);
        Numbers numbers = new Numbers(right);
        assertThat(StepComparison.differences(right, numbers, new NetworkStep(wrong, numbers).fit()))
                .isNotEmpty();
    }

    @Test
    void aMaskThatIsForgottenIsDetected() {
        Scenario right = Scenario.of(
                        LayerKind.OUTPUT_LAYER, HeadKind.IDENTITY, LossOptions.KL_MEAN, TorchType.FLOAT64, 7)
                .with(Masking.OUTPUTS);
        Numbers unmasked = new Numbers(right.with(Masking.NONE));
        Step forgotten = new NetworkStep(right, unmasked).fit();
        assertThat(StepComparison.differences(right, new Numbers(right), forgotten))
                .isNotEmpty();
    }

    @Test
    void aStepThatIsOffInItsTwelfthDigitIsDetected() {
        Scenario scenario =
                Scenario.of(LayerKind.OUTPUT_LAYER, HeadKind.SOFTMAX, LossOptions.CE_INDEX_MEAN, TorchType.FLOAT64, 7);
        Numbers numbers = new Numbers(scenario);
        Step right = new NetworkStep(scenario, numbers).fit();
        List<Double> bias = new ArrayList<>(right.bias());
        bias.set(1, bias.get(1) + 1e-11 * Math.max(1, Collections.max(bias)));
        assertThat(StepComparison.differences(scenario, numbers, right)).isEmpty();
        assertThat(StepComparison.differences(scenario, numbers, new Step(right.score(), right.weights(), bias)))
                .singleElement()
                .asString()
                .startsWith("bias' step[1]");
    }
}
