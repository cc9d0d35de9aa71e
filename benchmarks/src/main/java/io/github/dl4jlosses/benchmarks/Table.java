/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;

/** Lines of Markdown. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    Table line(String line) {
        text.append(line).append('\n');
        return this;
    }

    Table heading(String heading) {
        return line("").line(heading).line("");
    }

    Table head(String... titles) {
        return row(titles).row(Collections.nCopies(titles.length, "---").toArray(String[]::new));
    }

    Table row(String... cells) {
        return line(Arrays.stream(cells).reduce("|", (row, cell) -> row + " " + cell + " |"));
    }

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

    @Override
    public String toString() {
        return text.toString();
    }
}
