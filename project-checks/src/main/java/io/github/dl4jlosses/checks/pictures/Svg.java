/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import java.util.Locale;

/** The text of a picture, with decimal points wherever it is made. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    void add(String format, Object... values) {
        text.append(format(format, values).strip()).append('\n');
    }

    /** Words at a place, of a class that says how they look. */
    void text(double x, double y, String style, String words) {
        add("<text class='%s' x='%.1f' y='%.1f'>%s</text>", style, x, y, words);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
