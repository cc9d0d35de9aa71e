/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One step of a network in DL4J's own convention of scales, and with large logits, against live torch. The comparison itself
 * must be able to fail: each fault has to show in both types, in score and step.
 */
class NetworkStepTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkStepTest.class);

    private static final List<TorchType> TYPES = List.of(TorchType.FLOAT64, TorchType.FLOAT32);

    @AfterAll
    static void report() {
        System.out.println("network steps: " + StepComparison.report());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"everyPath", "largeLogits"})
    void scoreAndStepAreTorchsInDl4jsConventionAndForLogitsThatAProbabilityCannotHold(Scenario scenario) {
        assertThat(StepComparison.differences(scenario)).as("%s", scenario).isEmpty();
    }

    /** Under the heads that a loss sees through, where applying the activation first would give infinities. */
    static Stream<Scenario> largeLogits() {
        return Product.of(Scenario.all(SEEDS, LayerKind.OUTPUT_LAYER)
                .filter(scenario -> scenario.options().spec().isFused(scenario.head()))
                .filter(scenario -> !scenario.takesSmallNumbers())
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

    private static final LossOptions CROSS_ENTROPY = LossOptions.defaults(CrossEntropyLoss.class, TargetForm.INDEX);

    @Test
    void aWrongNumberOfPositionsIsDetected() {
        // the scale of the table is that of 3 positions, the loss is told 4
        assertDetected(LayerKind.RNN_OUTPUT_LAYER, CROSS_ENTROPY, new Convention(true, 4, EmptyMean.NAN));
    }

    @Test
    void aMiniBatchThatDisagreesWithTheNetworkIsDetected() {
        assertDetected(
                LayerKind.OUTPUT_LAYER,
                LossOptions.defaults(NLLLoss.class, TargetForm.INDEX),
                new Convention(false, 1, EmptyMean.NAN));
    }

    private static void assertDetected(LayerKind layer, LossOptions options, Convention wrong) {
        for (TorchType type : List.of(TorchType.FLOAT64, TorchType.FLOAT32)) {
            Scenario right = Scenario.of(layer, SpecHead.SOFTMAX, options, type, 7);
            Numbers numbers = new Numbers(right);
            Step faulty = new NetworkStep(right.with(wrong), numbers).fit();
            assertThat(StepComparison.differences(right, numbers, faulty))
                    .anyMatch(line -> line.startsWith("score"))
                    .anyMatch(line -> line.startsWith("weights' step"))
                    .anyMatch(line -> line.startsWith("bias' step"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withOptions")
    void aLossThatForgetsItsOptionsIsDetected(LossOptions options) {
        LossOptions forgotten =
                new LossOptions(options.spec(), options.form(), LossOptions.Values.DEFAULT, options.reduction());
        for (SpecHead head : options.spec().heads()) {
            Scenario right = Scenario.of(LayerKind.LOSS_LAYER, head, options, TorchType.FLOAT32, 7);
            Scenario wrong = Scenario.of(LayerKind.LOSS_LAYER, head, forgotten, TorchType.FLOAT32, 7);
            Numbers numbers = new Numbers(right);
            Finding finding = Finding.of(right, numbers, new NetworkStep(wrong, numbers)::fit);
            assertThat(finding.differences()).as("under %s", head).isNotEmpty();
        }
    }

    static Stream<LossOptions> withOptions() {
        return LossOptions.all().stream()
                .filter(options -> options.values() != LossOptions.Values.DEFAULT)
                .filter(options -> !options.spec().allOptions().isEmpty());
    }

    @Test
    void aMaskThatIsForgottenIsDetected() {
        Scenario right = Scenario.of(
                        LayerKind.OUTPUT_LAYER,
                        SpecHead.IDENTITY,
                        LossOptions.defaults(KLDivLoss.class, TargetForm.DENSE),
                        TorchType.FLOAT64,
                        7)
                .with(Masking.OUTPUTS);
        Numbers unmasked = new Numbers(right.with(Masking.NONE));
        Step forgotten = new NetworkStep(right, unmasked).fit();
        assertThat(StepComparison.differences(right, new Numbers(right), forgotten))
                .isNotEmpty();
    }

    @Test
    void aStepThatIsOffInItsTwelfthDigitIsDetected() {
        Scenario scenario = Scenario.of(LayerKind.OUTPUT_LAYER, SpecHead.SOFTMAX, CROSS_ENTROPY, TorchType.FLOAT64, 7);
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

    /** A bug of DL4J excuses the score that it makes, and no other. */
    @Test
    void aScoreThatIsWrongInAnotherWayThanItsBugIsDetected() {
        Scenario scenario = Scenario.of(LayerKind.LOSS_LAYER, SpecHead.SOFTMAX, CROSS_ENTROPY, TorchType.FLOAT64, 7)
                .withMiniBatch(false, 1);
        Numbers numbers = new Numbers(scenario);
        Step step = new NetworkStep(scenario, numbers).fit();

        assertThat(finding(scenario, numbers, step.score()))
                .isEqualTo(new Finding(Set.of(FrameworkBug.SCORE_DIVIDED), Set.of(), List.of()));
        assertThat(finding(scenario, numbers, scenario.examples() * step.score()))
                .isEqualTo(new Finding(Set.of(), Set.of(), List.of()));
        assertThat(finding(scenario, numbers, 2 * step.score()).differences())
                .singleElement()
                .asString()
                .startsWith("score");
    }

    private static Finding finding(Scenario scenario, Numbers numbers, double score) {
        Step step = new NetworkStep(scenario, numbers).fit();
        return Finding.of(scenario, numbers, () -> new Step(score, step.weights(), step.bias()));
    }

    @Test
    void anExceptionThatNoBugThrowsIsDetected() {
        Scenario scenario =
                Scenario.of(LayerKind.CNN_LOSS_LAYER, SpecHead.SOFTMAX, CROSS_ENTROPY, TorchType.FLOAT64, 7);
        assertThat(Finding.of(scenario).stepBugs()).containsExactly(FrameworkBug.CNN_LABEL_SHAPE);
        assertThat(Finding.thrown(scenario, new IllegalStateException("another"))
                        .differences())
                .containsExactly("no step: java.lang.IllegalStateException: another");
    }
}
