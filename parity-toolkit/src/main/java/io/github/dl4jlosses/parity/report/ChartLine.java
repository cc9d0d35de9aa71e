/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Points of a {@link Chart}, joined by a line or not, with a label beside them.
 *
 * @since 0.1.0
 */
public final class ChartLine {
    private static final double WIDTH = 2.5;
    private static final double DOT = 3.5;
    private static final double INVISIBLE = .15;
    private static final String ROUND = "stroke-linejoin=\"round\" stroke-linecap=\"round\"";

    final String label;
    final Ink ink;
    final double width;
    final double dot;
    final boolean dashed;
    private final double[] x;
    private final double[] y;

    private ChartLine(String label, Ink ink, double[] x, double[] y, double width, double dot, boolean dashed) {
        this.label = label;
        this.ink = ink;
        this.x = x;
        this.y = y;
        this.width = width;
        this.dot = dot;
        this.dashed = dashed;
    }

    /**
     * A line without marks.
     *
     * @param label what stands beside it; line feeds break it; empty: nothing
     * @param ink its colour
     * @param x the horizontal places, above 0 on a logarithmic axis
     * @param y the vertical places; where one is not finite the line has a gap
     * @return the line
     */
    public static ChartLine curve(String label, Ink ink, double[] x, double[] y) {
        return new ChartLine(label, ink, x.clone(), y.clone(), WIDTH, 0, false);
    }

    /**
     * A line with a mark at each point.
     *
     * @param label what stands beside it; line feeds break it; empty: nothing
     * @param ink its colour
     * @param x the horizontal places
     * @param y the vertical places
     * @return the line
     */
    public static ChartLine marked(String label, Ink ink, double[] x, double[] y) {
        return new ChartLine(label, ink, x.clone(), y.clone(), WIDTH, DOT, false);
    }

    /**
     * Marks without a line.
     *
     * @param label what stands beside them; line feeds break it; empty: nothing
     * @param ink their colour
     * @param x the horizontal places
     * @param y the vertical places
     * @return the marks
     */
    public static ChartLine dots(String label, Ink ink, double[] x, double[] y) {
        return new ChartLine(label, ink, x.clone(), y.clone(), 0, DOT, false);
    }

    /**
     * The same in another width.
     *
     * @param pixels the width of the line, or how far its marks reach
     * @return a copy
     */
    public ChartLine wide(double pixels) {
        return width == 0
                ? new ChartLine(label, ink, x, y, 0, pixels, dashed)
                : new ChartLine(label, ink, x, y, pixels, dot, dashed);
    }

    /**
     * The same in dashes.
     *
     * @return a copy
     */
    public ChartLine dashed() {
        return new ChartLine(label, ink, x, y, width, dot, true);
    }

    double[] x() {
        return x.clone();
    }

    double[] y() {
        return y.clone();
    }

    /** Its pieces between gaps, in pixels. */
    List<List<double[]>> pieces(ChartAxis across, ChartAxis up) {
        List<List<double[]>> pieces = new ArrayList<>();
        List<double[]> piece = new ArrayList<>();
        for (int i = 0; i <= x.length; i++) {
            if (i < x.length && across.has(x[i]) && up.has(y[i])) {
                piece.add(new double[] {across.at(x[i]), up.at(y[i])});
            } else if (!piece.isEmpty()) {
                pieces.add(piece);
                piece = new ArrayList<>();
            }
        }
        return pieces;
    }

    /** Draws itself through places in pixels. */
    void write(Svg svg, List<List<double[]>> pieces) {
        if (width > 0) {
            String style = dashed ? "stroke-dasharray=\"6 5\"" : ROUND;
            path(svg, pieces.stream().map(ChartLine::line).collect(Collectors.joining()), width, style);
        }
        if (dot > 0) {
            // a line without length is drawn as its round ends
            String dots = pieces.stream()
                    .flatMap(List::stream)
                    .map(point -> Svg.format("M%.1f %.1fh0", point[0], point[1]))
                    .collect(Collectors.joining());
            path(svg, dots, 2 * dot, ROUND);
        }
    }

    private void path(Svg svg, String path, double wide, String style) {
        svg.add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" %s/>", path, ink.hex(), wide, style);
    }

    private static String line(List<double[]> piece) {
        return visible(piece).stream()
                .map(point -> Svg.format("%.1f %.1f", point[0], point[1]))
                .collect(Collectors.joining("L", "M", ""));
    }

    /** Without the points that a straight line passes anyway (Douglas and Peucker). */
    private static List<double[]> visible(List<double[]> piece) {
        int last = piece.size() - 1;
        int farthest = 0;
        double distance = INVISIBLE;
        for (int i = 1; i < last; i++) {
            double off = distance(piece.get(i), piece.get(0), piece.get(last));
            if (off > distance) {
                distance = off;
                farthest = i;
            }
        }
        if (farthest == 0) {
            return List.of(piece.get(0), piece.get(last));
        }
        List<double[]> points = new ArrayList<>(visible(piece.subList(0, farthest + 1)));
        points.remove(points.size() - 1);
        points.addAll(visible(piece.subList(farthest, last + 1)));
        return points;
    }

    /** Of a point from the line through two others. */
    private static double distance(double[] point, double[] from, double[] to) {
        double across = to[0] - from[0];
        double down = to[1] - from[1];
        double length = Math.hypot(across, down);
        return length == 0
                ? Math.hypot(point[0] - from[0], point[1] - from[1])
                : Math.abs((point[0] - from[0]) * down - (point[1] - from[1]) * across) / length;
    }
}
