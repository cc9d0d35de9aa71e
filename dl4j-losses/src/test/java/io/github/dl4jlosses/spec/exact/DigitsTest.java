/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import static org.assertj.core.api.Assertions.assertThat;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the results of high precision are made of is BigDecimalMath's, which takes its time. */
class DigitsTest {
    private static final int DRAWS = 60;
    private static final int GUARD = 10;
    private static final BigDecimal TOLERANCE = new BigDecimal("1e-59");

    static Stream<BigDecimal> arguments() {
        Random random = new Random(1);
        DoubleStream drawn = random.doubles(DRAWS, -1, 1).flatMap(x -> DoubleStream.of(x, 30 * x, 800 * x, x * 1e-9));
        DoubleStream bounds = DoubleStream.of(
                0, Double.MIN_VALUE, -Double.MIN_NORMAL, 1e-300, .1, -.1, Math.log(2), 0x1p-53, 2000, 2001, -2001);
        return DoubleStream.concat(drawn, bounds).mapToObj(BigDecimal::new);
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void anExponentialIsThatOfBigDecimalMath(BigDecimal x) {
        assertClose(Digits.exp(x), BigDecimalMath.exp(x, new MathContext(60 + GUARD)));
    }

    static Stream<BigDecimal> positive() {
        return arguments()
                .flatMap(x -> Stream.of(
                        x.abs(),
                        BigDecimal.ONE.add(x),
                        BigDecimal.ONE.add(BigDecimalMath.exp(x.round(MathContext.DECIMAL32), MathContext.DECIMAL128)),
                        BigDecimalMath.exp(x.round(MathContext.DECIMAL32), MathContext.DECIMAL128)))
                .filter(x -> x.signum() > 0);
    }

    @ParameterizedTest
    @MethodSource("positive")
    void aLogarithmIsThatOfBigDecimalMath(BigDecimal x) {
        BigDecimal difference = x.subtract(BigDecimal.ONE);
        int zeros = Math.max(0, difference.scale() - difference.precision());
        assertClose(Digits.log(x), BigDecimalMath.log(x, new MathContext(60 + GUARD + zeros)));
    }

    private static void assertClose(BigDecimal ours, BigDecimal theirs) {
        assertThat(ours.precision()).isLessThanOrEqualTo(60);
        assertThat(ours.subtract(theirs).abs()).isLessThanOrEqualTo(theirs.abs().multiply(TOLERANCE));
    }
}
