/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One-hot rows of zeros have no class, in losses without an index for such rows too. */
class RowWithoutClassTest {
    private static final INDArray INPUT =
            Nd4j.createFromArray(new double[][] {{-0.5, -1, -2}, {Double.NaN, -3, -1}, {-1.5, -0.25, -1}});
    private static final INDArray ONE_HOT = Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0, 0, 0}, {1, 0, 0}});

    static Stream<TorchLoss> losses() {
        return LossSpecs.all().stream()
                .filter(spec -> spec.forms().contains(TargetForm.ONE_HOT))
                .map(spec -> spec.example(TargetForm.ONE_HOT, 3).build());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aOneHotRowOfZerosIsAsIfItWereAbsent(TorchLoss loss) {
        INDArray others = INPUT.getRows(0, 2);
        INDArray classes = ONE_HOT.getRows(0, 2);

        LossAndGradient all = loss.valueAndGradient(INPUT, ONE_HOT);
        LossAndGradient kept = loss.valueAndGradient(others, classes);

        assertThat(all.value()).isPositive().isCloseTo(kept.value(), within(1e-15));
        assertThat(all.gradient().getRows(0, 2).equalsWithEps(kept.gradient(), 1e-15))
                .isTrue();
        assertThat(all.gradient().getRow(1).toDoubleVector()).containsOnly(0);
        assertThat(loss.unreduced(INPUT, ONE_HOT).getDouble(1)).isZero();
    }
}
