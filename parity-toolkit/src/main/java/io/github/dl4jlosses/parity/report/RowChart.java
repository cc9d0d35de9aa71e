/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Rows of numbers on logarithmic axes side by side: a bar from 1 for each ratio, or a pair of dots, ours and torch's.
 *
 * @since 0.1.0
 */
public final class RowChart {
    private static final double WIDTH = 840;
    private static final double HEAD = 118;
    private static final double FOOT = 20;
    private static final double ROW = 21;
    private static final double BETWEEN = 6;
    private static final double MARGIN = 18;
    private static final double GAP = 26;

    /** For the number beside a bar or dot. */
    private static final double NUMBER = 48;

    private static final double PIXELS_FOR_A_TICK = 40;
    private static final double THICK = 12;
    private static final double DOT = 5;
    private static final double SMALL = 12;
    private static final String TITLE_STYLE = "font-size='17' font-weight='bold' fill='" + Ink.BLACK.hex() + "'";
    private static final String PANEL_STYLE = "font-weight='bold' fill='" + Ink.BLACK.hex() + "'";
    private static final String NUMBER_STYLE = "font-size='" + (int) SMALL + "' text-anchor='%s' fill='%s'";

    private final String title;
    private final String reading;
    private final List<Panel> panels = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private record Panel(String title, double least, double most) {}

    private record Row(String group, String name, boolean isPair, List<Double> numbers) {}

    /**
     * A chart without rows.
     *
     * @param title what it shows, in a sentence
     * @param reading how to read it
     */
    public RowChart(String title, String reading) {
        this.title = title;
        this.reading = reading;
    }

    /**
     * Adds an axis, to the right of those before.
     *
     * @param title what it measures
     * @param least where it begins, above 0
     * @param most where it ends; what is beyond is drawn there
     * @return this
     */
    public RowChart panel(String title, double least, double most) {
        panels.add(new Panel(title, least, most));
        return this;
    }

    /**
     * Adds a row of bars, in another colour where the ratio is below 1.
     *
     * @param group what several rows have in common; is written at the first
     * @param name the row's own name; may be empty
     * @param ratios one for each axis; NaN: none
     * @return this
     */
    public RowChart bars(String group, String name, double... ratios) {
        rows.add(new Row(group, name, false, list(ratios)));
        return this;
    }

    /**
     * Adds a row of pairs of dots.
     *
     * @param group what several rows have in common; is written at the first
     * @param name the row's own name; may be empty
     * @param numbers ours and torch's for each axis; NaN: none
     * @return this
     */
    public RowChart pairs(String group, String name, double... numbers) {
        rows.add(new Row(group, name, true, list(numbers)));
        return this;
    }

    /**
     * Draws it.
     *
     * @return the text of the picture
     */
    public String svg() {
        double height = HEAD + FOOT;
        for (int i = 0; i < rows.size(); i++) {
            height += ROW + (beginsGroup(i) ? BETWEEN : 0);
        }
        Svg svg = Svg.sheet(WIDTH, height, title);
        svg.text(MARGIN, 32, TITLE_STYLE, title);
        svg.text(MARGIN, 54, "", reading);
        double groups = widest(rows.stream().map(Row::group).toList());
        double names = widest(rows.stream().map(Row::name).toList());
        double first = MARGIN + groups + (names > 0 ? GAP / 2 : 0) + names + GAP / 2;
        double width = (WIDTH - MARGIN - first - GAP * (panels.size() - 1)) / panels.size();
        List<ChartAxis> axes = new ArrayList<>();
        for (int i = 0; i < panels.size(); i++) {
            double left = first + i * (width + GAP);
            axes.add(axis(svg, panels.get(i), left, left + width, height - FOOT));
        }
        double y = HEAD;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (beginsGroup(i)) {
                y += BETWEEN;
                svg.text(MARGIN, y + 15, "font-size='13'", row.group);
            }
            svg.text(first - GAP / 2, y + 15, "font-size='13' text-anchor='end'", row.name);
            for (int panel = 0; panel < axes.size(); panel++) {
                if (row.isPair) {
                    pair(svg, axes.get(panel), y + ROW / 2, row.numbers.get(2 * panel), row.numbers.get(2 * panel + 1));
                } else {
                    bar(svg, axes.get(panel), y + ROW / 2, row.numbers.get(panel));
                }
            }
            y += ROW;
        }
        return svg.end();
    }

    private static List<Double> list(double... numbers) {
        return DoubleStream.of(numbers).boxed().toList();
    }

    private boolean beginsGroup(int row) {
        return row == 0 || !rows.get(row).group.equals(rows.get(row - 1).group);
    }

    private static double widest(List<String> words) {
        return words.stream().mapToDouble(word -> Svg.width(word, SMALL)).max().orElse(0);
    }

    private static ChartAxis axis(Svg svg, Panel panel, double left, double right, double bottom) {
        ChartAxis axis = new ChartAxis(panel.least, panel.most, true, left + NUMBER, right - NUMBER);
        svg.text(left, 84, PANEL_STYLE, panel.title);
        for (double tick : axis.ticks((int) Math.max(2, (axis.end() - axis.begin()) / PIXELS_FOR_A_TICK))) {
            boolean isOne = tick == 1;
            svg.add(
                    "<path d='M%.1f %.1f V%.1f' stroke='%s'/>",
                    axis.at(tick), HEAD - 4, bottom + 4, isOne ? Ink.BUILT_IN.hex() : "#e4e8ec");
            svg.text(axis.at(tick), HEAD - 10, NUMBER_STYLE.formatted("middle", "#444c56"), ChartAxis.text(tick));
        }
        return axis;
    }

    private static void bar(Svg svg, ChartAxis axis, double y, double ratio) {
        if (Double.isNaN(ratio)) {
            return;
        }
        Ink ink = ratio < 1 ? Ink.TORCH : Ink.OURS;
        double from = axis.at(1);
        double to = axis.at(within(axis, ratio));
        svg.add(
                "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>",
                Math.min(from, to), y - THICK / 2, Math.abs(to - from), THICK, ink.hex());
        number(svg, to, y, ratio < 1, ink, ratio);
    }

    private static void pair(Svg svg, ChartAxis axis, double y, double ours, double torch) {
        if (Double.isNaN(ours) || Double.isNaN(torch)) {
            return;
        }
        double left = axis.at(within(axis, ours));
        double right = axis.at(within(axis, torch));
        svg.add("<path d='M%.1f %.1f H%.1f' stroke='#b6bec7' stroke-width='3'/>", left, y, right);
        // torch's around ours: where both are as far, each is seen
        svg.add("<circle cx='%.1f' cy='%.1f' r='%.1f' fill='%s'/>", right, y, DOT + 1.5, Ink.TORCH.hex());
        svg.add("<circle cx='%.1f' cy='%.1f' r='%.1f' fill='%s'/>", left, y, DOT - 1, Ink.OURS.hex());
        boolean oursFirst = left <= right;
        number(svg, left, y, oursFirst, Ink.OURS, ours);
        number(svg, right, y, !oursFirst, Ink.TORCH, torch);
    }

    private static double within(ChartAxis axis, double number) {
        return Math.min(axis.most(), Math.max(axis.least(), number));
    }

    private static void number(Svg svg, double x, double y, boolean before, Ink ink, double number) {
        svg.text(
                before ? x - DOT - 5 : x + DOT + 5,
                y + 4.5,
                NUMBER_STYLE.formatted(before ? "end" : "start", ink.hex()),
                Double.isInfinite(number) ? "inf" : ChartAxis.text(number));
    }
}
