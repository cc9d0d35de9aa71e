/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One step of a network in DL4J's own convention of scales, and with large logits, against live torch. */
class NetworkStepTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkStepTest.class);

    private static final List<TorchType> TYPES = List.of(TorchType.FLOAT64, TorchType.FLOAT32);

    @AfterAll
    static void report() {
        System.out.println("network steps: " + StepComparison.report());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyPath")
    void scoreAndStepAreTorchsInDl4jsConvention(Scenario scenario) {
        assertThat(StepComparison.differences(scenario)).as("%s", scenario).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("largeLogits")
    void scoreAndStepAreTorchsForLogitsThatAProbabilityCannotHold(Scenario scenario) {
        assertThat(StepComparison.differences(scenario)).as("%s", scenario).isEmpty();
    }

    /** Under the heads that a loss sees through, where applying the activation first would give infinities. */
    static Stream<Scenario> largeLogits() {
        List<Scenario> scenarios = new ArrayList<>();
        for (LossOptions options : LossOptions.all()) {
            for (SpecHead head : options.spec().heads()) {
                for (TorchType type : TYPES) {
                    Scenario scenario =
                            Scenario.of(LayerKind.OUTPUT_LAYER, head, options, type, SEEDS.nextInt(MAX_VALUE));
                    if (options.spec().isFused(head) && !scenario.takesProbabilities()) {
                        scenarios.add(scenario.withMagnitude(200));
                    }
                }
            }
        }
        return Product.of(scenarios);
    }

    /** What {@code LayersPageTest} does not run: losses that are told nothing of S. */
    static Stream<Scenario> everyPath() {
        List<Scenario> paths = new ArrayList<>();
        for (LayerKind layer : LayerKind.values()) {
            for (LossOptions options : LossOptions.all()) {
                for (SpecHead head : options.spec().heads()) {
                    if (layer.hasPositions()) {
                        addScales(paths, layer, options, head);
                    }
                }
            }
        }
        return Product.of(paths);
    }

    private static void addScales(List<Scenario> paths, LayerKind layer, LossOptions options, SpecHead head) {
        for (TorchType type : TYPES) {
            // a network that does not divide has no use for S: one type is enough
            for (boolean miniBatch : type == TorchType.FLOAT64 ? new boolean[] {true, false} : new boolean[] {true}) {
                paths.add(Scenario.of(layer, head, options, type, SEEDS.nextInt(MAX_VALUE))
                        .in(SEEDS.nextBoolean() ? NetworkKind.MULTI_LAYER_NETWORK : NetworkKind.COMPUTATION_GRAPH)
                        .withMiniBatch(miniBatch, 1));
            }
        }
    }
}
