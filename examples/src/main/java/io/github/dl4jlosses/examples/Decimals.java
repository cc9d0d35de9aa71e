/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.DoubleSummaryStatistics;

/** Numbers as a table shows them. */
public final class Decimals {
    private Decimals() {}

    /**
     * A rounded number. What rounds to 0 has no sign: rounding errors of either sign look the same.
     *
     * @param value finite
     * @param digits behind the point
     * @return such as 0.0000, where {@code %.4f} may also give -0.0000
     */
    public static String rounded(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    /**
     * What several seeds gave.
     *
     * @param seeds a number of each
     * @param digits behind the point
     * @return their mean, and in brackets the lowest and the highest
     */
    public static String meanAndRange(DoubleSummaryStatistics seeds, int digits) {
        return String.format(
                "%s (%s to %s)",
                rounded(seeds.getAverage(), digits), rounded(seeds.getMin(), digits), rounded(seeds.getMax(), digits));
    }
}
