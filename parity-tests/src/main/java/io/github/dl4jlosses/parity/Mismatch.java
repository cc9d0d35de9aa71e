/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The number of one result that is the furthest from torch's, in units of what is allowed. */
record Mismatch(Quantity quantity, int place, TorchTensor torchs, double ours, double torch, Tolerance tolerance) {

    /** The worst of a result that has as many numbers as torch's, and at least one. */
    static Mismatch worst(Quantity quantity, TorchTensor torchs, Tolerance tolerance) {
        double[] ours = quantity.numbers();
        double[] theirs = torchs.toDoubles();
        return IntStream.range(0, ours.length)
                .mapToObj(i -> new Mismatch(quantity, i, torchs, ours[i], theirs[i], tolerance))
                .max(Comparator.comparingDouble(Mismatch::excess))
                .orElseThrow();
    }

    TorchType type() {
        return torchs.type();
    }

    double excess() {
        return tolerance.excess(ours, torch);
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

    /** Steps at the resolution of torch's type. */
    long ulps() {
        return type().isFloatingPoint() ? Ulps.distance(type(), ours, torch) : Math.round(absolute());
    }

    /** Where the number is in the shape that it has on torch's side; empty for a single one. */
    long[] index() {
        return Rows.index(place, torchs.shape());
    }
}
