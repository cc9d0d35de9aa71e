/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import static java.math.BigDecimal.ONE;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Exponentials and logarithms to {@value #DIGITS} digits by their series in integers, many times faster than BigDecimalMath,
 * with which {@code DigitsTest} compares them. What is too large or too small for it is left to BigDecimalMath.
 */
final class Series {
    /** The most digits of a result. */
    static final int DIGITS = 66;

    private static final MathContext INNER = new MathContext(DIGITS + 6);
    /** An integer stands for itself over 2 to this power. */
    private static final int PLACES = 256;

    private static final BigInteger UNIT = BigInteger.ONE.shiftLeft(PLACES);
    private static final int DECIMAL_PLACES = 80;
    private static final BigInteger DECIMAL_UNIT = BigInteger.TEN.pow(DECIMAL_PLACES);

    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal LOG_2 = BigDecimalMath.log(TWO, new MathContext(2 * DIGITS));
    /** Below it a number is near 1. */
    private static final BigDecimal NEAR = new BigDecimal("0.1");

    private static final double LARGEST = 2000;
    private static final double LARGEST_LOGARITHM = 700;
    /** Each halves the argument of the series, and squares its result. */
    private static final int HALVINGS = 8;

    private Series() {}

    /** exp(x) = 2^k exp(r / 2^h)^(2^h), with r = x - k log 2. */
    static BigDecimal exp(BigDecimal x, MathContext context) {
        double size = x.doubleValue();
        if (Math.abs(size) > LARGEST) {
            return BigDecimalMath.exp(x, context);
        }
        int k = (int) Math.rint(size / Math.log(2));
        BigInteger r =
                integer(x.subtract(LOG_2.multiply(BigDecimal.valueOf(k)))).shiftRight(HALVINGS);
        BigInteger sum = UNIT;
        BigInteger term = UNIT;
        for (int n = 1; term.signum() != 0; n++) {
            term = product(term, r).divide(BigInteger.valueOf(n));
            sum = sum.add(term);
        }
        for (int i = 0; i < HALVINGS; i++) {
            sum = product(sum, sum);
        }
        int scale = Math.max(0, INNER.getPrecision() - (int) Math.floor(k * Math.log10(2)));
        return new BigDecimal(
                        sum.multiply(BigInteger.TEN.pow(scale)).shiftLeft(k).shiftRight(PLACES), scale)
                .round(context);
    }

    /** log(x) = y + log(x exp(-y)), with y the logarithm in double: what is left is near 1. */
    static BigDecimal log(BigDecimal x, MathContext context) {
        BigDecimal difference = x.subtract(ONE);
        if (difference.abs().compareTo(NEAR) < 0) {
            return ofOnePlus(difference, context);
        }
        double start = Math.log(x.doubleValue());
        if (!(Math.abs(start) < LARGEST_LOGARITHM)) {
            return BigDecimalMath.log(x, context);
        }
        BigDecimal y = new BigDecimal(start);
        BigDecimal ratio = x.round(INNER).multiply(exp(y.negate(), INNER));
        return y.add(ofOnePlus(ratio.subtract(ONE), INNER)).round(context);
    }

    /** log(1 + d) = 2 atanh(z) = 2 z (1 + z^2 / 3 + z^4 / 5 + ..), with z = d / (2 + d). */
    private static BigDecimal ofOnePlus(BigDecimal d, MathContext context) {
        BigDecimal small = d.round(INNER);
        BigDecimal z = small.divide(small.add(TWO), INNER);
        BigInteger square = integer(z.multiply(z));
        BigInteger sum = UNIT;
        BigInteger power = square;
        for (int n = 3; power.signum() != 0; n += 2) {
            sum = sum.add(power.divide(BigInteger.valueOf(n)));
            power = product(power, square);
        }
        BigDecimal series = new BigDecimal(sum.multiply(DECIMAL_UNIT).shiftRight(PLACES), DECIMAL_PLACES);
        return z.multiply(TWO).multiply(series).round(context);
    }

    private static BigInteger integer(BigDecimal number) {
        return number.setScale(DECIMAL_PLACES, RoundingMode.DOWN)
                .unscaledValue()
                .shiftLeft(PLACES)
                .divide(DECIMAL_UNIT);
    }

    private static BigInteger product(BigInteger a, BigInteger b) {
        return a.multiply(b).shiftRight(PLACES);
    }
}
