/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The reference itself: digits from tables, and torch in float64 over the options grid. */
class ExactLossTest {
    private static final BigDecimal DIGITS = new BigDecimal("1e-50");
    private static final BigDecimal LOG_2 =
            new BigDecimal("0.69314718055994530941723212145817656807550013436025525412068");
    private static final BigDecimal LOG_3 =
            new BigDecimal("1.09861228866810969139524523692252570464749055782274945173469");
    private static final DoubleUnaryOperator ULP = Math::ulp;
    private static final TorchTensor CLASS_0 = TorchTensor.of(TorchType.INT64, new long[] {0}, 1);

    @Test
    void crossEntropyOfThreeEqualLogitsIsTheLogarithmOfThree() {
        TorchTensor logits = TorchTensor.of(TorchType.FLOAT64, new double[] {5, 5, 5}, 1, 3);
        ExactResult exact = ExactReference.of(new CrossEntropyLoss()).evaluate(logits, CLASS_0);
        assertThat(exact.value(Reduction.MEAN).value().subtract(LOG_3).abs()).isLessThan(DIGITS);
    }

    @Test
    void binaryCrossEntropyOfLogitZeroIsTheLogarithmOfTwo() {
        TorchTensor zero = TorchTensor.scalar(TorchType.FLOAT64, 0);
        ExactResult exact = ExactReference.of(new BCEWithLogitsLoss()).evaluate(zero, zero);
        assertThat(exact.value(Reduction.SUM).value().subtract(LOG_2).abs()).isLessThan(DIGITS);
    }

    @Test
    void aLossFarBelowTheLargestTermKeepsItsDigits() {
        // log(1 + u) = u - u^2/2 + u^3/3 - .. with u = exp(-200): the third term is beyond the digits
        BigDecimal u = Digits.exp(BigDecimal.valueOf(-200));
        TorchTensor logits = TorchTensor.of(TorchType.FLOAT64, new double[] {100, -100}, 1, 2);
        BigDecimal loss = ExactReference.of(new CrossEntropyLoss())
                .evaluate(logits, CLASS_0)
                .value(Reduction.SUM)
                .value();
        BigDecimal series = u.subtract(u.multiply(u).divide(BigDecimal.valueOf(2)));
        assertThat(loss.subtract(series).abs()).isLessThan(u.multiply(DIGITS));
    }

    @Test
    void everyCombinationOfOptionsEqualsTorchInDouble() {
        List<String> differences = new ArrayList<>();
        int n = 0;
        for (Configuration configuration : Configuration.grid(TorchType.FLOAT64)) {
            // each of the five ranks and four magnitudes in turn
            if (n++ % 21 == 0) {
                compare(GridCase.random(configuration, n), differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void compare(GridCase example, List<String> differences) {
        ExactResult exact = ExactReference.of(example.loss()).evaluate(example.torchInput(), example.torchTarget());
        TorchReference reference = TorchReference.of(example.loss());
        TorchResult torch =
                reference.evaluate(example.torchInput(), example.torchTarget(), example.hasTargetGradient());
        Reduction reduction = example.loss().getReduction();
        String name = example.toString();
        if (Double.isFinite(torch.value().item())) {
            compare(name, torch.value(), List.of(exact.value(reduction)), ULP, differences);
            compare(name, torch.gradient("x"), exact.gradient(reduction), ulpOfGradient(example), differences);
        }
        TorchTensor losses = reference.unreduced(example.torchInput(), example.torchTarget());
        compare(name, losses, exact.unreduced(), ULP, differences);
        if (example.hasTargetGradient()) {
            compare(name, torch.gradient("t"), exact.targetGradient(reduction), ULP, differences);
        }
    }

    /** torch makes probabilities of their logarithms, whose size multiplies the error. */
    private static DoubleUnaryOperator ulpOfGradient(GridCase example) {
        double most = 2
                * Arrays.stream(example.torchInput().toDoubles())
                        .map(Math::abs)
                        .max()
                        .orElse(0);
        return example.spec().isPerRow() && most > 1
                ? term -> Math.min(most * Math.ulp(term), Math.ulp(Math.max(most, term)))
                : ULP;
    }

    private static void compare(
            String name,
            TorchTensor torch,
            List<ExactNumber> exact,
            DoubleUnaryOperator ulp,
            List<String> differences) {
        double[] values = torch.toDoubles();
        for (int i = 0; i < values.length; i++) {
            ExactNumber number = exact.get(i);
            // torch cancels by a few ulp of the largest term
            if (number.isFinite() && number.error(values[i]) > 32 * ulp.applyAsDouble(number.largestTerm())) {
                differences.add(name + " [" + i + "]: torch " + values[i] + ", exact " + number);
            }
        }
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() {
        TorchTensor nan = TorchTensor.of(TorchType.FLOAT64, new double[] {Double.NaN, 0}, 1, 2);
        assertThatThrownBy(() -> ExactReference.of(new CrossEntropyLoss()).evaluate(nan, CLASS_0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void anErrorIsCountedInUlpOfTheExactResult() {
        ExactNumber one = new ExactNumber(BigDecimal.ONE, 1);
        assertThat(ExactReference.errorInUlps(one, 1 + 3 * Math.ulp(1.0), TorchType.FLOAT64))
                .isEqualTo(3);
    }
}
