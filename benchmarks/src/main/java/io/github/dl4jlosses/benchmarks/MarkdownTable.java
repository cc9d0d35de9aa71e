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

    /** As few digits as the number has. */
    static String shortest(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }

    /** Two decimals, or one from 10 on. */
    static String plainRatio(double ratio) {
        return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
    }

    /** A ratio, in bold where this library is behind. */
    static String ratio(double ratio) {
        return ratio < 1 ? "**" + plainRatio(ratio) + "**" : plainRatio(ratio);
    }
}
