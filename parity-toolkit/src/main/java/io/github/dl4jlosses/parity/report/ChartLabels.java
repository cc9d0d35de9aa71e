/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts each label beside its line, where it hides no other line and where no other line is as near. All numbers are
 * pixels.
 */
final class ChartLabels {
    static final double SIZE = 14;

    /** How much wider bold letters are. */
    private static final double BOLD = 1.1;

    private static final double LINE = 17;
    private static final double GAP = 7;
    private static final double NEAR = 16;

    /** How many places along a line are tried. */
    private static final int TRIED = 60;

    private static final double DISTANCE_OF_POINTS = 3;
    private static final double HIDES = 40;
    private static final double HIDES_A_LABEL = 4000;
    private static final double AMBIGUOUS = 4;
    private static final double SHARED = 5;
    private static final double AT_THE_BEGINNING = 12;

    private final Box plot;
    private final List<List<double[]>> lines = new ArrayList<>();
    private final List<Box> taken = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();

    ChartLabels(double left, double top, double right, double bottom) {
        plot = new Box(left, top, right, bottom);
    }

    /** All lines come before they are placed: a label must not hide any. */
    void add(String words, Ink ink, List<List<double[]>> pieces) {
        List<double[]> points = new ArrayList<>();
        pieces.forEach(piece -> sample(piece, points));
        points.removeIf(point -> !plot.has(point));
        lines.add(points);
        labels.add(new Label(words, ink, points));
    }

    private static void sample(List<double[]> piece, List<double[]> points) {
        points.add(piece.get(0));
        for (int i = 1; i < piece.size(); i++) {
            double[] from = piece.get(i - 1);
            double[] to = piece.get(i);
            int steps = (int) Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / DISTANCE_OF_POINTS);
            for (int step = 1; step <= steps; step++) {
                double part = (double) step / steps;
                points.add(new double[] {from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])});
            }
        }
    }

    void write(Svg svg) {
        for (Label label : labels) {
            if (!label.words.isEmpty() && !label.points.isEmpty()) {
                write(svg, label, place(label));
            }
        }
    }

    private static void write(Svg svg, Label label, Box box) {
        String[] rows = label.words.split("\n", -1);
        for (int i = 0; i < rows.length; i++) {
            svg.text(
                    (box.left + box.right) / 2,
                    box.top + LINE * i + SIZE - 1,
                    "text-anchor=\"middle\" font-weight=\"bold\" fill=\"" + label.ink.hex()
                            + "\" stroke=\"#ffffff\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
                    rows[i]);
        }
    }

    private Box place(Label label) {
        Box best = null;
        double least = Double.POSITIVE_INFINITY;
        int every = Math.max(1, label.points.size() / TRIED);
        for (int i = 0; i < label.points.size(); i += every) {
            double late = (double) i / label.points.size();
            double shared = SHARED * Math.max(0, NEAR - fromOthers(label, label.points.get(i)));
            for (Box box : label.around(label.points.get(i))) {
                double cost = cost(label, box) + shared + AT_THE_BEGINNING * (1 - late);
                if (cost < least && plot.has(box)) {
                    least = cost;
                    best = box;
                }
            }
        }
        if (best == null) {
            best = label.around(label.points.get(label.points.size() / 2))
                    .get(0)
                    .within(plot);
        }
        taken.add(best);
        return best;
    }

    /** How far a point of a line is from the other lines: where two are one, neither should have its label. */
    private double fromOthers(Label label, double[] point) {
        double nearest = Double.POSITIVE_INFINITY;
        for (List<double[]> line : lines) {
            for (double[] other : line == label.points ? List.<double[]>of() : line) {
                nearest = Math.min(nearest, Math.hypot(other[0] - point[0], other[1] - point[1]));
            }
        }
        return nearest;
    }

    private double cost(Label label, Box box) {
        double cost = 0;
        for (Box other : taken) {
            cost += box.meets(other) ? HIDES_A_LABEL : 0;
        }
        for (List<double[]> line : lines) {
            double nearest = Double.POSITIVE_INFINITY;
            for (double[] point : line) {
                double distance = box.distance(point);
                nearest = Math.min(nearest, distance);
                cost += distance == 0 ? HIDES : 0;
            }
            if (line != label.points) {
                cost += AMBIGUOUS * Math.max(0, NEAR - nearest);
            }
        }
        return cost;
    }

    private record Label(String words, Ink ink, List<double[]> points) {
        /** Boxes that touch a point from each side. */
        List<Box> around(double[] point) {
            double width = 0;
            String[] rows = words.split("\n", -1);
            for (String row : rows) {
                width = Math.max(width, BOLD * Svg.width(row, SIZE));
            }
            double height = LINE * rows.length;
            List<Box> boxes = new ArrayList<>();
            for (double left : new double[] {point[0] - width / 2, point[0] + GAP, point[0] - GAP - width}) {
                for (double top : new double[] {point[1] - GAP - height, point[1] + GAP, point[1] - height / 2}) {
                    boxes.add(new Box(left, top, left + width, top + height));
                }
            }
            return boxes;
        }
    }

    private record Box(double left, double top, double right, double bottom) {
        boolean has(double[] point) {
            return distance(point) == 0;
        }

        boolean has(Box other) {
            return other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom;
        }

        boolean meets(Box other) {
            return other.left < right && other.right > left && other.top < bottom && other.bottom > top;
        }

        double distance(double[] point) {
            double across = Math.max(0, Math.max(left - point[0], point[0] - right));
            double down = Math.max(0, Math.max(top - point[1], point[1] - bottom));
            return Math.hypot(across, down);
        }

        Box within(Box plot) {
            double x = Math.max(plot.left - left, 0) - Math.max(right - plot.right, 0);
            double y = Math.max(plot.top - top, 0) - Math.max(bottom - plot.bottom, 0);
            return new Box(left + x, top + y, right + x, bottom + y);
        }
    }
}
