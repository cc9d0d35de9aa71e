/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients against central differences of the value, (f(x+h) - f(x-h)) / 2h, in float64.
 *
 * <p>The difference is off by h^2/6 f''' from the formula and by e f / h from rounding, with e = 2^-53: h near the cube
 * root of e, here 2^-17, makes both about 1e-11. Where f''' grows as 1/d^3 with the distance d from a pole (log p at 0,
 * log(1-p) at 1), h is 2^-17 d; f''' h^2 is then 2^-34 / d. The factors left to the tolerance are those of weights up to 3,
 * pos_weights up to 3 and the few ulp of each value.
 */
class FiniteDifferencesTest {
    private static final long SEED = PrintedSeed.of(FiniteDifferencesTest.class);
    private static final int EVERY = 8;
    private static final int PLACES = 8;
    private static final double STEP = 0x1p-17;
    private static final double WIDE_STEP = 2 * STEP;
    private static final double LARGEST_MAGNITUDE = 10;
    private static final double THIRD_DERIVATIVE = 20;
    /** Nearer to 0 or 1 torch bounds 1 / (p (1-p)) by 1e12 and logarithms by -100: no slope of the value. */
    private static final double SMALLEST_ROOM = 1e-11;

    private static final double VALUE_ULPS = 16;
    /** Where nothing bends, the slopes on both sides of a step of 2^-17 differ by far less. */
    private static final double KINK = 0x1p-7;

    static Stream<GridCase> cases() {
        Random random = new Random(SEED);
        return Configuration.grid(TorchType.FLOAT64).stream()
                .filter(configuration -> configuration.magnitude() <= LARGEST_MAGNITUDE)
                .filter(configuration -> random.nextInt(EVERY) == 0)
                .map(configuration -> GridCase.random(configuration, random.nextLong()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientIsTheSlopeOfTheValue(GridCase example) {
        TorchLoss loss = example.loss();
        compare(
                example,
                example.torchInput(),
                loss.gradient(example.input(), example.target()),
                place -> roomOfInput(example, place),
                input -> loss.value(input, example.target()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTargetGradientIsTheSlopeOfTheValueAlongTheTarget(GridCase example) {
        if (!example.hasTargetGradient()) {
            return;
        }
        TorchLoss loss = example.loss();
        compare(
                example,
                example.torchTarget(),
                loss.targetGradient(example.input(), example.target()),
                place -> roomOfTarget(example, place),
                target -> loss.value(example.input(), target));
    }

    /** How far it is to where the loss refuses an input or has a pole, 1 at most; none where a gradient goes past a clamp. */
    private static double roomOfInput(GridCase example, int place) {
        double x = example.torchInput().toDoubles()[place];
        long[] shape = example.torchInput().shape();
        LossSpec<?, ?> spec = example.spec();
        if (spec.isClampedAt(example.loss(), x - WIDE_STEP, place, shape)
                || spec.isClampedAt(example.loss(), x + WIDE_STEP, place, shape)) {
            return 0;
        }
        return switch (spec.inputAt(example.loss(), place, shape)) {
            case PROBABILITIES -> Math.min(x, 1 - x);
            case POSITIVE -> Math.min(x, 1);
            default -> 1;
        };
    }

    private static double roomOfTarget(GridCase example, int place) {
        double t = example.torchTarget().toDoubles()[place];
        return example.spec().targetsOf(example.loss()).isBounded() ? Math.min(t, 1 - t) : 1;
    }

    /** The room is what a number must stay within. */
    private static void compare(
            GridCase example,
            TorchTensor argument,
            INDArray gradient,
            IntToDoubleFunction roomAt,
            ToDoubleFunction<INDArray> value) {
        double[] slopes = Trial.doubles(gradient);
        double[] numbers = argument.toDoubles();
        double f = value.applyAsDouble(argument.toArray());
        if (Double.isNaN(f)) {
            return;
        }
        double terms = Math.max(1, Math.abs(f) * cancellation(example));
        Random places = new Random(numbers.length);
        for (int k = 0; k < PLACES; k++) {
            int i = places.nextInt(numbers.length);
            double room = roomAt.applyAsDouble(i);
            if (room <= SMALLEST_ROOM || !Double.isFinite(slopes[i])) {
                continue;
            }
            double up = numbers[i] + STEP * room;
            double down = numbers[i] - STEP * room;
            // the step is what rounding has left of it
            double above = at(up, i, argument, value);
            double below = at(down, i, argument, value);
            double slope = (above - below) / (up - down);
            double tolerance = VALUE_ULPS * 0x1p-53 * terms / (STEP * room)
                    + THIRD_DERIVATIVE * STEP * STEP / room
                    + bend((f - below) / (numbers[i] - down), (above - f) / (up - numbers[i]));
            if (Math.abs(slope - slopes[i]) > tolerance) {
                // high powers bend more: a step of twice the size has four times the term of h^2
                double top = numbers[i] + WIDE_STEP * room;
                double bottom = numbers[i] - WIDE_STEP * room;
                double wide = (at(top, i, argument, value) - at(bottom, i, argument, value)) / (top - bottom);
                slope = (4 * slope - wide) / 3;
            }
            assertThat(Math.abs(slope - slopes[i]))
                    .as("[%s] of %s, -Dparity.seed=%s: %s instead of %s", i, example, SEED, slopes[i], slope)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    /** Half of what the slopes on both sides differ by at a kink, where any number between them is a gradient; else 0. */
    private static double bend(double left, double right) {
        double difference = Math.abs(right - left);
        return difference > KINK * Math.max(1, Math.max(Math.abs(left), Math.abs(right))) ? difference / 2 : 0;
    }

    /**
     * How many times the losses' magnitudes add up to more than the losses: with targets outside of [0, 1] they have both
     * signs, and a value has the rounding of its terms.
     */
    private static double cancellation(GridCase example) {
        double sum = 0;
        double magnitudes = 0;
        for (double loss : Trial.doubles(example.loss().unreduced(example.input(), example.target()))) {
            sum += loss;
            magnitudes += Math.abs(loss);
        }
        return sum == 0 ? 1 : magnitudes / Math.abs(sum);
    }

    private static double at(double number, int place, TorchTensor argument, ToDoubleFunction<INDArray> value) {
        double[] numbers = argument.toDoubles();
        numbers[place] = number;
        return value.applyAsDouble(
                TorchTensor.of(TorchType.FLOAT64, numbers, argument.shape()).toArray());
    }
}
