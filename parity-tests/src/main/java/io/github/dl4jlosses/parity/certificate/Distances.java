/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import java.util.Arrays;

/** How far results are from torch's: the largest differences, and all distances in ulp for their median and tail. */
final class Distances {
    private long[] ulps = new long[64];
    private int size;
    private boolean sorted = true;
    /** The largest absolute difference. */
    double maxAbsolute;
    /** The largest difference as a fraction of torch's result. */
    double maxRelative;
    /** The largest difference in ulp of the largest number that the computation meets. */
    double maxTermUlps;

    /** Adds a pair of finite numbers; pairs of NaN or equal infinities have no distance. */
    void add(TorchType type, double ours, double torch, double largestTerm) {
        add(Ulps.distance(type, ours, torch));
        if (!Double.isFinite(ours) || !Double.isFinite(torch)) {
            return;
        }
        double difference = Math.abs(ours - torch);
        maxAbsolute = Math.max(maxAbsolute, difference);
        maxTermUlps = Math.max(
                maxTermUlps, difference / Ulps.size(type, Math.max(Math.max(1, largestTerm), Math.abs(torch))));
        if (torch != 0) {
            maxRelative = Math.max(maxRelative, difference / Math.abs(torch));
        }
    }

    private void add(long distance) {
        if (size == ulps.length) {
            ulps = Arrays.copyOf(ulps, 2 * size);
        }
        ulps[size++] = distance;
        sorted = false;
    }

    void addAll(Distances other) {
        for (int i = 0; i < other.size; i++) {
            add(other.ulps[i]);
        }
        maxAbsolute = Math.max(maxAbsolute, other.maxAbsolute);
        maxRelative = Math.max(maxRelative, other.maxRelative);
        maxTermUlps = Math.max(maxTermUlps, other.maxTermUlps);
    }

    int size() {
        return size;
    }

    /** The distance that a share of the results does not exceed, in ulp; 1 for the largest. */
    long quantile(double share) {
        if (size == 0) {
            return 0;
        }
        if (!sorted) {
            Arrays.sort(ulps, 0, size);
            sorted = true;
        }
        return ulps[Math.max(0, (int) Math.ceil(share * size) - 1)];
    }
}
