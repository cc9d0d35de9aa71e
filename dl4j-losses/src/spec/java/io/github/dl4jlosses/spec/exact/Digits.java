/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Arithmetic of 60 significant digits. Sums and products are exact in BigDecimal, so that only quotients, exponentials
 * and logarithms are rounded and a cancellation loses nothing but what these lack.
 */
public final class Digits {
    private static final int PRECISION = 60;
    private static final MathContext CONTEXT = new MathContext(PRECISION);
    /** As many digits as Java makes a double of quickly; down, so that no bound becomes larger. */
    private static final MathContext SIZE = new MathContext(15, RoundingMode.DOWN);

    private Digits() {}

    public static BigDecimal exact(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("a high-precision result needs finite numbers, got " + value);
        }
        return new BigDecimal(value);
    }

    /** Exact decimal expansions have hundreds of digits, so that each is made once. */
    static BigDecimal[] exactly(double... numbers) {
        return Arrays.stream(numbers).mapToObj(Digits::exact).toArray(BigDecimal[]::new);
    }

    /** How large a number is, to 15 digits: of hundreds of them a double takes as long as an exponential. */
    static double size(BigDecimal number) {
        return Math.abs(number.round(SIZE).doubleValue());
    }

    public static BigDecimal pi() {
        return BigDecimalMath.pi(CONTEXT);
    }

    public static BigDecimal exp(BigDecimal x) {
        return Series.exp(x, CONTEXT);
    }

    /** With 60 digits of the result also where {@code x} is so close to 1 that the logarithm starts far behind the point. */
    public static BigDecimal log(BigDecimal x) {
        return Series.log(x, CONTEXT);
    }

    public static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
        return dividend.divide(divisor, CONTEXT);
    }
}
