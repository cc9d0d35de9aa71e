/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The number of a result that is furthest from torch's, measured against the tolerance.
 *
 * @param isBetter whether torch's float64 result shows that torch's own number is worse
 */
record Mismatch(
        Quantity quantity,
        int place,
        TorchTensor torchs,
        double ours,
        double torch,
        Tolerance tolerance,
        boolean isBetter) {

    /**
     * The worst of a result that has as many numbers as torch's, and at least one.
     *
     * @param inFloat64 torch's float64 result if that decides; otherwise null
     */
    static Mismatch worst(Quantity quantity, TorchTensor torchs, Tolerance tolerance, Supplier<TorchTensor> inFloat64) {
        double[] ours = quantity.numbers();
        double[] theirs = torchs.toDoubles();
        return IntStream.range(0, ours.length)
                .mapToObj(i -> {
                    boolean isBetter = inFloat64 != null
                            && !tolerance.accepts(ours[i], theirs[i])
                            && isBetter(
                                    torchs.type(),
                                    ours[i],
                                    theirs[i],
                                    inFloat64.get().toDoubles()[i],
                                    tolerance);
                    return new Mismatch(quantity, i, torchs, ours[i], theirs[i], tolerance, isBetter);
                })
                .max(Comparator.comparingDouble(Mismatch::excess))
                .orElseThrow();
    }

    private static boolean isBetter(TorchType type, double ours, double torch, double exact, Tolerance tolerance) {
        // a value is a double and may be finite where its type overflows; an array's element cannot be
        double rounded = TorchTensor.scalar(type, exact).item();
        boolean isClose = tolerance.accepts(ours, exact) || tolerance.accepts(ours, rounded);
        return isClose && Tolerance.isNearer(ours, torch, exact);
    }

    TorchType type() {
        return torchs.type();
    }

    double excess() {
        return isBetter ? 0 : tolerance.excess(ours, torch);
    }

    boolean isTooLarge() {
        return excess() > 1;
    }

    double absolute() {
        return excess() == 0 ? 0 : Math.abs(ours - torch);
    }

    double relative() {
        return excess() == 0 ? 0 : absolute() / Math.abs(torch);
    }

    /** The distance in steps of torch's type. */
    long ulps() {
        return type().isFloatingPoint() ? Ulps.distance(type(), ours, torch) : Math.round(absolute());
    }

    /** The index of the number in torch's shape; empty for a single number. */
    long[] index() {
        return ClassLayout.index(place, torchs.shape());
    }
}
