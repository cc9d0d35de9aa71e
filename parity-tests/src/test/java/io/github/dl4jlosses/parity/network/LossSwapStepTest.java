/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The step after a swap in a network that has been trained with one of DL4J's own losses, against live torch.
 *
 * <p>{@code -Dparity.seed=N} repeats a run.
 */
class LossSwapStepTest {
    private static final Random SEEDS = PrintedSeed.randomFor(LossSwapStepTest.class);

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyLayer")
    void scoreAndStepAfterASwapAreTorchs(Scenario scenario) {
        // GIVEN a network that has been trained with another loss
        Numbers numbers = new Numbers(scenario);
        NetworkStep step = new NetworkStep(scenario, numbers);
        MultiLayerNetwork trained = (MultiLayerNetwork) NetworkKind.network(new NetworkLayers(
                        scenario.layer(), builtIn(scenario), scenario.head().activation())
                .multiLayer(scenario.type(), scenario.networkMiniBatch()));
        trained.fit(step.dataSet());
        trained.setParams(((MultiLayerNetwork) step.network()).params());

        // WHEN a loss is swapped in that has been told the wrong scale
        TorchLoss told = scenario.with(new Convention(
                        !scenario.networkMiniBatch(),
                        scenario.layer().positionsPerExample(),
                        scenario.convention().emptyMean()))
                .loss();
        MultiLayerNetwork swapped = LossSwap.swap(trained, told);

        // THEN the swap has corrected it
        assertThat(StepComparison.differences(scenario, numbers, step.fit(swapped)))
                .as("%s", scenario)
                .isEmpty();
        assertThat(LossSwap.check(swapped.getLayerWiseConfigurations())).isEmpty();
    }

    private static ILossFunction builtIn(Scenario scenario) {
        return scenario.head() == HeadKind.SIGMOID ? new LossBinaryXENT() : new LossMCXENT();
    }

    static Stream<Scenario> everyLayer() {
        List<Scenario> scenarios = new ArrayList<>();
        for (LayerKind layer : LayerKind.values()) {
            // framework bugs: neither trains with a loss of any kind as it should, and a check says so
            if (layer == LayerKind.RNN_LOSS_LAYER_NWC || layer == LayerKind.CNN_LOSS_LAYER_NHWC) {
                continue;
            }
            for (TorchType type : new TorchType[] {TorchType.FLOAT64, TorchType.FLOAT32}) {
                for (boolean miniBatch : new boolean[] {true, false}) {
                    add(
                            scenarios,
                            layer,
                            HeadKind.SOFTMAX,
                            LossOptions.CE_ONE_HOT_WEIGHTED_SMOOTHED_MEAN,
                            type,
                            miniBatch);
                    add(scenarios, layer, HeadKind.SOFTMAX, LossOptions.NLL_ONE_HOT_WEIGHTED_MEAN, type, miniBatch);
                    add(scenarios, layer, HeadKind.SOFTMAX, LossOptions.KL_BATCHMEAN, type, miniBatch);
                    add(
                            scenarios,
                            layer,
                            HeadKind.SIGMOID,
                            LossOptions.LOGITS_WEIGHTED_POS_WEIGHTED_MEAN,
                            type,
                            miniBatch);
                }
            }
        }
        return scenarios.stream();
    }

    private static void add(
            List<Scenario> scenarios,
            LayerKind layer,
            HeadKind head,
            LossOptions options,
            TorchType type,
            boolean miniBatch) {
        scenarios.add(Scenario.of(layer, head, options, type, SEEDS.nextInt(MAX_VALUE))
                .withMiniBatch(miniBatch, layer.positionsPerExample()));
    }
}
