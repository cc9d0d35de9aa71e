/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
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
        return Product.of(Scenario.all(SEEDS, LayerKind.OUTPUT_LAYER)
                .filter(scenario -> scenario.options().spec().isFused(scenario.head()))
                .filter(scenario -> !scenario.takesProbabilities())
                .flatMap(scenario ->
                        TYPES.stream().map(type -> scenario.drawn(type, SEEDS).withMagnitude(200)))
                .toList());
    }

    /** What {@code LayersPageTest} does not run: losses that are told nothing of S. */
    static Stream<Scenario> everyPath() {
        return Product.of(Scenario.all(SEEDS, LayerKind.values())
                .filter(scenario -> scenario.layer().hasPositions())
                .flatMap(NetworkStepTest::scales)
                .toList());
    }

    /** A network that does not divide has no use for S: one type is enough. */
    private static Stream<Scenario> scales(Scenario scenario) {
        return Stream.of(
                        scenario.drawn(TorchType.FLOAT64, SEEDS).withMiniBatch(true, 1),
                        scenario.drawn(TorchType.FLOAT64, SEEDS).withMiniBatch(false, 1),
                        scenario.drawn(TorchType.FLOAT32, SEEDS).withMiniBatch(true, 1))
                .map(scale -> scale.in(NetworkKind.drawn(SEEDS)));
    }
}
