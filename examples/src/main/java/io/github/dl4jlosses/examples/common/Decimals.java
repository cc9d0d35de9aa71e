/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.DoubleSummaryStatistics;

/** Numbers as a table shows them. */
public final class Decimals {
    private Decimals() {}

    /** Rounded to so many digits; what rounds to 0 has no sign, as errors of either sign look the same. */
    public static String rounded(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    /** What several seeds gave: their mean, and in brackets the lowest and the highest. */
    public static String meanAndRange(DoubleSummaryStatistics seeds, int digits) {
        return String.format(
                "%s (%s to %s)",
                rounded(seeds.getAverage(), digits), rounded(seeds.getMin(), digits), rounded(seeds.getMax(), digits));
    }
}
