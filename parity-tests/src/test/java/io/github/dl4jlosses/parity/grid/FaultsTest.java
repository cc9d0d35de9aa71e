/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The comparison with torch notices each mistake that it is there to notice. */
class FaultsTest {
    private static final long SEED = PrintedSeed.of(FaultsTest.class);
    private static final int ENOUGH = 200;
    private static final int ROUNDS = 4;

    private static final List<FaultTrial> TRIALS =
            Fault.all().stream().map(FaultTrial::new).toList();

    /** Puts each fault into enough cases of the grid, or of some rounds of it. */
    @BeforeAll
    static void tryFaults() {
        List<Configuration> grid = new ArrayList<>(Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32));
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Collections.shuffle(grid, random);
            for (Configuration configuration : grid) {
                List<FaultTrial> unfinished = TRIALS.stream()
                        .filter(trial -> trial.shown < ENOUGH && trial.fault.concerns(configuration.spec()))
                        .toList();
                if (!unfinished.isEmpty()) {
                    GridCase example = GridCase.random(configuration, random.nextLong());
                    unfinished.forEach(trial -> trial.add(example));
                }
            }
        }
        TRIALS.forEach(System.out::println);
    }

    static List<FaultTrial> trials() {
        return TRIALS;
    }

    @ParameterizedTest
    @MethodSource("trials")
    void aDeliberateFaultIsCaughtInTheGrid(FaultTrial trial) {
        assertThat(trial.caught).isGreaterThan(trial.shown * 9 / 10).isGreaterThan(50);
        assertThat(trial.caught + trial.withoutGradient + trial.unchanged)
                .as("cases that are caught, or cannot be")
                .isGreaterThan(trial.shown * 99 / 100);
    }

    @Test
    void eachOptionOfEachLossIsForgottenOnce() {
        assertThat(Fault.all())
                .extracting(Fault::toString)
                .doesNotHaveDuplicates()
                .contains("sign", "denominator", "NLLLoss.ignoreIndex", "CrossEntropyLoss.labelSmoothing")
                .hasSize(2
                        + LossSpecs.all().stream()
                                .mapToInt(spec -> spec.options().size())
                                .sum());
    }

    @Test
    void aForgottenMaskIsCaught() {
        double[] logits = {1.5, -2, 0.5, 3};
        double[] labels = {1, 0, 0, 1};
        INDArray preOutput = Nd4j.createFromArray(logits).reshape(4, 1);
        INDArray target = Nd4j.createFromArray(labels).reshape(4, 1);
        INDArray mask = Nd4j.createFromArray(1.0, 0, 1, 0).reshape(4, 1);
        BCEWithLogitsLoss loss = BCEWithLogitsLoss.builder().miniBatch(false).build();
        double kept = TorchReference.of(loss)
                .evaluate(column(logits[0], logits[2]), column(labels[0], labels[2]), false)
                .value()
                .item();

        assertThat(loss.computeScore(target, preOutput, new ActivationIdentity(), mask, false))
                .isEqualTo(kept, Offset.offset(1e-15));
        assertThat(Closeness.isClose(
                        TorchType.FLOAT64,
                        loss.computeScore(target, preOutput, new ActivationIdentity(), null, false),
                        kept,
                        1))
                .isFalse();
    }

    private static TorchTensor column(double... numbers) {
        return TorchTensor.of(TorchType.FLOAT64, numbers, numbers.length, 1);
    }
}
