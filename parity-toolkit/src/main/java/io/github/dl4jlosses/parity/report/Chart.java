/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Lines over two axes. Each label stands beside its line, in its colour. A {@link ChartSheet} draws it.
 *
 * @since 0.1.0
 */
public final class Chart {
    private static final double TITLE = 17;
    private static final double TITLE_LINE = 22;
    private static final double ABOVE = 34;
    private static final double BELOW = 48;
    private static final double BESIDE = 18;
    private static final double PADDING = .04;
    private static final double RATIO_PADDING = 1.3;

    /** Numbers that begin below this part of the largest are drawn from 0 on. */
    private static final double NEAR_ZERO = .4;

    private static final double PIXELS_FOR_A_TICK = 68;
    private static final double PIXELS_FOR_A_LINE = 42;
    private static final double SMALL = 13;
    private static final String TITLE_STYLE =
            "font-size=\"" + (int) TITLE + "\" font-weight=\"bold\" fill=\"" + Ink.BLACK.hex() + "\"";
    private static final String TICK_STYLE = "font-size=\"" + (int) SMALL + "\" text-anchor=\"%s\"";

    private final String title;
    private final String across;
    private final String up;
    private final List<ChartLine> lines = new ArrayList<>();
    private final List<ChartLine> bounds = new ArrayList<>();
    private final List<double[]> zones = new ArrayList<>();
    private boolean logarithmicAcross;
    private boolean logarithmicUp;
    private double[] rangeAcross = {};
    private double[] rangeUp = {};

    /**
     * A chart without lines.
     *
     * @param title what it shows, in a sentence
     * @param x what is drawn from left to right
     * @param y what is drawn upwards
     */
    public Chart(String title, String x, String y) {
        this.title = title;
        this.across = x;
        this.up = y;
    }

    /**
     * Makes equal ratios equal distances from left to right.
     *
     * @return this
     */
    public Chart logarithmicX() {
        logarithmicAcross = true;
        return this;
    }

    /**
     * Makes equal ratios equal distances upwards.
     *
     * @return this
     */
    public Chart logarithmicY() {
        logarithmicUp = true;
        return this;
    }

    /**
     * Where the horizontal axis begins and ends, if not with the lines.
     *
     * @param from the first number
     * @param to the last number
     * @return this
     */
    public Chart x(double from, double to) {
        rangeAcross = new double[] {from, to};
        return this;
    }

    /**
     * Where the vertical axis begins and ends, if not with the lines.
     *
     * @param from the lowest number
     * @param to the highest number
     * @return this
     */
    public Chart y(double from, double to) {
        rangeUp = new double[] {from, to};
        return this;
    }

    /**
     * Adds a line; later ones are drawn over earlier ones.
     *
     * @param line any
     * @return this
     */
    public Chart add(ChartLine line) {
        lines.add(line);
        return this;
    }

    /**
     * Adds a dashed vertical line from bottom to top.
     *
     * @param x where
     * @param label what stands beside it
     * @param ink its colour
     * @return this
     */
    public Chart mark(double x, String label, Ink ink) {
        bounds.add(ChartLine.curve(label, ink, new double[] {x, x}, new double[] {Double.NaN, Double.NaN}));
        return this;
    }

    /**
     * Adds a dashed horizontal line from left to right.
     *
     * @param y where
     * @param label what stands beside it
     * @param ink its colour
     * @return this
     */
    public Chart level(double y, String label, Ink ink) {
        bounds.add(ChartLine.curve(label, ink, new double[] {Double.NaN, Double.NaN}, new double[] {y, y}));
        return this;
    }

    /**
     * Colours what lies between two vertical lines.
     *
     * @param from its left end; may be infinite
     * @param to its right end; may be infinite
     * @return this
     */
    public Chart zone(double from, double to) {
        zones.add(new double[] {from, to});
        return this;
    }

    /** How many rows of letters the title needs. */
    int titleRows(double width) {
        return rows(width).size();
    }

    private List<String> rows(double width) {
        List<String> rows = new ArrayList<>();
        for (String word : title.split(" ", -1)) {
            String row = rows.isEmpty() ? "" : rows.get(rows.size() - 1) + " " + word;
            if (row.isEmpty() || Svg.width(row, TITLE) > width - 2 * BESIDE) {
                rows.add(word);
            } else {
                rows.set(rows.size() - 1, row);
            }
        }
        return rows;
    }

    /** Draws itself into a rectangle of a sheet; the titles of a row have equally many rows. */
    void write(Svg svg, double left, double top, double width, double height, int titleRows) {
        double begin = top + 8 + TITLE_LINE * titleRows + ABOVE;
        double bottom = top + height - BELOW;
        ChartAxis y = axis(logarithmicUp, rangeUp, ChartLine::y, true).between(bottom, begin);
        List<Double> upward = y.ticks((int) Math.max(2, (bottom - begin) / PIXELS_FOR_A_LINE));
        double widest = upward.stream()
                .mapToDouble(tick -> Svg.width(ChartAxis.text(tick), SMALL))
                .max()
                .orElse(0);
        double first = left + BESIDE + widest + 4;
        double last = left + width - BESIDE;
        ChartAxis x = axis(logarithmicAcross, rangeAcross, ChartLine::x, false).between(first, last);
        List<String> rows = rows(width);
        for (int i = 0; i < rows.size(); i++) {
            svg.text(left + BESIDE, top + 8 + TITLE_LINE * (i + 1), TITLE_STYLE, rows.get(i));
        }
        svg.text(left + BESIDE, begin - 14, "", up + beginning(y));
        svg.text((first + last) / 2, bottom + 39, "text-anchor=\"middle\"", across);
        zones(svg, x, begin, bottom);
        grid(svg, x, y, upward);
        svg.add(
                "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"%1$.1f %2$.1f %3$.1f %4$.1f\">",
                first - 5, begin - 5, last - first + 10, bottom - begin + 10);
        ChartLabels labels = new ChartLabels(first + 2, begin, last, bottom);
        for (ChartLine bound : bounds) {
            List<List<double[]>> pieces = List.of(ends(bound, x, y));
            bound.dashed().wide(1.5).write(svg, pieces);
            labels.add(bound.label, bound.ink, pieces);
        }
        for (ChartLine line : lines) {
            List<List<double[]>> pieces = line.pieces(x, y);
            line.write(svg, pieces);
            labels.add(line.label, line.ink, pieces);
        }
        svg.add("</svg>");
        labels.write(svg);
    }

    /** An axis that does not begin at 0 says so. */
    private static String beginning(ChartAxis axis) {
        return !axis.logarithmic() && axis.least() > 0
                ? " (the axis begins at " + ChartAxis.text(axis.least()) + ")"
                : "";
    }

    private void zones(Svg svg, ChartAxis x, double top, double bottom) {
        for (double[] zone : zones) {
            double from = Math.max(zone[0], x.least());
            double to = Math.min(zone[1], x.most());
            if (from < to) {
                svg.add(
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#fbe3e1\"/>",
                        x.at(from), top, x.at(to) - x.at(from), bottom - top);
            }
        }
    }

    private static void grid(Svg svg, ChartAxis x, ChartAxis y, List<Double> upward) {
        for (double tick : upward) {
            svg.add("<path d=\"M%.1f %.1f H%.1f\" stroke=\"#e4e8ec\"/>", x.begin(), y.at(tick), x.end());
            svg.text(x.begin() - 6, y.at(tick) + 4.5, TICK_STYLE.formatted("end"), ChartAxis.text(tick));
        }
        for (double tick : x.ticks((int) Math.max(2, (x.end() - x.begin()) / PIXELS_FOR_A_TICK))) {
            svg.add("<path d=\"M%.1f %.1f V%.1f\" stroke=\"#e4e8ec\"/>", x.at(tick), y.begin(), y.end());
            svg.text(x.at(tick), y.begin() + 18, TICK_STYLE.formatted("middle"), ChartAxis.text(tick));
        }
    }

    private static List<double[]> ends(ChartLine bound, ChartAxis x, ChartAxis y) {
        double place = bound.x()[0];
        return Double.isNaN(place)
                ? List.of(new double[] {x.begin(), y.at(bound.y()[0])}, new double[] {x.end(), y.at(bound.y()[0])})
                : List.of(new double[] {x.at(place), y.begin()}, new double[] {x.at(place), y.end()});
    }

    private ChartAxis axis(boolean logarithmic, double[] range, Function<ChartLine, double[]> numbers, boolean padded) {
        if (range.length > 0) {
            return new ChartAxis(range[0], range[1], logarithmic, 0, 1);
        }
        double[] all = lines.stream()
                .flatMapToDouble(line -> Arrays.stream(numbers.apply(line)))
                .filter(number -> Double.isFinite(number) && (!logarithmic || number > 0))
                .sorted()
                .toArray();
        double least = all.length == 0 ? 1 : all[0];
        double most = all.length == 0 ? 2 : all[all.length - 1];
        if (logarithmic) {
            return new ChartAxis(least / RATIO_PADDING, most * RATIO_PADDING, true, 0, 1);
        }
        double padding = PADDING * (most > least ? most - least : Math.max(1, Math.abs(most)));
        if (!padded) {
            return new ChartAxis(least, most > least ? most : least + padding, false, 0, 1);
        }
        boolean fromZero = least >= 0 && (least <= NEAR_ZERO * most || least == most);
        return new ChartAxis(fromZero ? 0 : least - padding, most + padding, false, 0, 1);
    }

    /**
     * What it shows.
     *
     * @return its title
     */
    @Override
    public String toString() {
        return title;
    }
}
