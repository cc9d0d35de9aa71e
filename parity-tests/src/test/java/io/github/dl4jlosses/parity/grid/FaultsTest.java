/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The comparison with torch notices each mistake that it is there to notice. */
class FaultsTest {
    private static final long SEED = PrintedSeed.of(FaultsTest.class);

    @ParameterizedTest
    @EnumSource
    void aDeliberateFaultIsCaughtInTheGrid(Fault fault) {
        List<Configuration> grid = Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32);
        Random random = new Random(SEED);
        FaultTrial trial = new FaultTrial(fault);
        for (int i = 0; i < grid.size(); i += 1 + random.nextInt(3)) {
            trial.add(LossCase.random(grid.get(i), random.nextLong()));
        }
        System.out.println(trial);
        assertThat(trial.caught()).isGreaterThan(trial.shown() * 9 / 10).isGreaterThan(50);
        assertThat(trial.caught() + trial.withoutGradient() + trial.unchanged())
                .as("cases that are caught, or cannot be")
                .isGreaterThan(trial.shown() * 99 / 100);
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
                .isEqualTo(kept, org.assertj.core.data.Offset.offset(1e-15));
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
