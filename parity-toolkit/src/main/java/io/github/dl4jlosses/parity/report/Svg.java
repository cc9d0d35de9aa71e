/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.Locale;

/**
 * The text of a picture in SVG, with decimal points wherever it is made.
 *
 * @since 0.1.0
 */
public final class Svg {
    /** How much of its size a letter is wide: that of the widest among the usual fonts. */
    private static final double LETTER = .58;

    private final StringBuilder text = new StringBuilder();

    /** Begins with nothing. */
    public Svg() {}

    /**
     * A white sheet with a border, which is readable on a dark page, too. {@link #end} closes it.
     *
     * @param width in pixels
     * @param height in pixels
     * @param words what the picture shows, for those who cannot see it
     * @return the picture so far
     */
    public static Svg sheet(double width, double height, String words) {
        Svg svg = new Svg();
        svg.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$.0f %2$.0f\" width=\"%1$.0f\" height=\"%2$.0f\""
                        + " role=\"img\" aria-label=\"%3$s\" font-family=\"sans-serif\" font-size=\"14\" fill=\"#444c56\">",
                width, height, escaped(words));
        svg.add(
                "<rect x=\"1\" y=\"1\" width=\"%.0f\" height=\"%.0f\" rx=\"8\" fill=\"#ffffff\" stroke=\"#d0d7de\"/>",
                width - 2, height - 2);
        return svg;
    }

    /**
     * Adds a line.
     *
     * @param format of {@link String#format}
     * @param values its arguments
     */
    public void add(String format, Object... values) {
        text.append(format(format, values).strip()).append('\n');
    }

    /**
     * Adds words at a place.
     *
     * @param x from the left
     * @param y of the foot of the letters, from the top
     * @param attributes how they look, in SVG
     * @param words any text
     */
    public void text(double x, double y, String attributes, String words) {
        add("<text %s x='%.1f' y='%.1f'>%s</text>", attributes, x, y, escaped(words));
    }

    /**
     * Closes the sheet.
     *
     * @return the whole picture
     */
    public String end() {
        add("</svg>");
        return toString();
    }

    /**
     * About how long words are. The font is the reader's.
     *
     * @param words any text
     * @param size of the font
     * @return pixels, rather too many than too few
     */
    public static double width(String words, double size) {
        return LETTER * size * words.length();
    }

    /**
     * Formats with decimal points.
     *
     * @param format of {@link String#format}
     * @param values its arguments
     * @return the text
     */
    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /**
     * Makes a text safe within SVG and HTML.
     *
     * @param plain any text
     * @return the text with entities
     */
    public static String escaped(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /**
     * The picture so far.
     *
     * @return its lines
     */
    @Override
    public String toString() {
        return text.toString();
    }
}
