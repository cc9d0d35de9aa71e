/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Locale;

/** How numbers look in a table. */
final class MarkdownTable {
    private MarkdownTable() {}

    /** A time in the unit in which it is short; a dash for what is none. */
    static String time(double nanoseconds) {
        if (!(nanoseconds > 0)) {
            return "-";
        }
        return nanoseconds < 1e3
                ? digits(nanoseconds) + " ns"
                : nanoseconds < 1e6 ? digits(nanoseconds / 1e3) + " us" : digits(nanoseconds / 1e6) + " ms";
    }

    /** Three digits, or two below 10. */
    static String digits(double number) {
        if (Double.isNaN(number)) {
            return "-";
        }
        int decimals = number < 1 ? 2 : number < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }

    /** A ratio, in bold where this library is behind. */
    static String ratio(double ratio) {
        String digits = String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
        return Double.isNaN(ratio) ? "-" : ratio < 1 ? "**" + digits + "**" : digits;
    }
}
