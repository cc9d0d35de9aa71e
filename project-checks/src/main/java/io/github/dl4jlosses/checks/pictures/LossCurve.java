/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/** A loss along an axis, from left to right: by this library, by torch, and by DL4J, empty if it has no such loss. */
record LossCurve(String name, DataType type, List<Point> ours, List<Point> torch, List<Point> builtIn) {
    /** What counts as another number to the eye. */
    private static final double VISIBLE = .01;

    /** Two numbers near 0 look the same. */
    private static final double NOTHING = 1e-9;

    private static final double SAME_DOUBLE = 1e-12;

    /** Torch's own tolerances, of {@code torch.testing.assert_close}. */
    private static final double SAME_FLOAT = 1.3e-6;

    private static final double SAME_SMALL_FLOAT = 1e-5;

    /** A loss and its derivative with respect to the logit, at a place of the axis. */
    record Point(double place, double value, double slope) {}

    /** Of the examples at each place, which moves a column of logits in every row. */
    static LossCurve of(String name, DataType type, double[] axis, DoubleFunction<Contrast> at, int column) {
        boolean hasBuiltIn = at.apply(axis[0]).builtIn(type).isPresent();
        return new LossCurve(
                name,
                type,
                points(axis, at, contrast -> contrast.ours(type), column),
                points(axis, at, contrast -> contrast.torch(type), column),
                hasBuiltIn ? points(axis, at, contrast -> contrast.builtIn(type).orElseThrow(), column) : List.of());
    }

    private static List<Point> points(
            double[] axis, DoubleFunction<Contrast> at, Function<Contrast, Contrast.Numbers> numbers, int column) {
        return DoubleStream.of(axis)
                .mapToObj(place -> {
                    Contrast.Numbers here = numbers.apply(at.apply(place));
                    double slope = here.gradient().getColumn(column).sumNumber().doubleValue();
                    return new Point(place, here.value(), slope);
                })
                .toList();
    }

    /** At how many places value and derivative are torch's. */
    long same() {
        return IntStream.range(0, ours.size())
                .filter(i ->
                        isSame(ours.get(i).value, torch.get(i).value) && isSame(ours.get(i).slope, torch.get(i).slope))
                .count();
    }

    private boolean isSame(double number, double expected) {
        double slack = type == DataType.DOUBLE
                ? SAME_DOUBLE * Math.max(1, Math.abs(expected))
                : SAME_SMALL_FLOAT + SAME_FLOAT * Math.abs(expected);
        return Math.abs(number - expected) <= slack;
    }

    /** The stretches where DL4J's built-in is visibly off. */
    private String whereOff(ToDoubleFunction<Point> number) {
        List<String> stretches = new ArrayList<>();
        int first = -1;
        for (int i = 0; i <= torch.size(); i++) {
            boolean off =
                    i < torch.size() && isOff(number.applyAsDouble(builtIn.get(i)), number.applyAsDouble(torch.get(i)));
            if (off && first < 0) {
                first = i;
            } else if (!off && first >= 0) {
                stretches.add("%.2f to %.2f".formatted(torch.get(first).place, torch.get(i - 1).place));
                first = -1;
            }
        }
        return stretches.isEmpty() ? "nowhere" : String.join(", ", stretches);
    }

    private static boolean isOff(double number, double torch) {
        return !(Math.abs(number - torch) <= VISIBLE * Math.abs(torch) + NOTHING);
    }

    /** What is printed of it. */
    List<String> line() {
        return List.of(
                type == DataType.DOUBLE ? "float64" : "float32",
                same() + " of " + ours.size(),
                builtIn.isEmpty() ? "no such option" : whereOff(Point::value),
                builtIn.isEmpty() ? "" : whereOff(Point::slope));
    }
}
