/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The errors of one side, ours or torch's, in ulp of the exact results. */
public final class Errors {
    private final List<Double> ulps = new ArrayList<>();
    private double ofTerm;

    /** Those of several together. */
    static Errors of(Stream<Errors> some) {
        Errors all = new Errors();
        some.forEach(errors -> {
            all.ulps.addAll(errors.ulps);
            all.ofTerm = Math.max(all.ofTerm, errors.ofTerm);
        });
        return all;
    }

    /** Adds an error, given the units of the exact result and of the largest term. */
    void add(double error, double unit, double term) {
        ulps.add(error / unit);
        ofTerm = Math.max(ofTerm, error / term);
    }

    public int count() {
        return ulps.size();
    }

    /** From the smallest to the largest. */
    public double[] sorted() {
        return ulps.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /** The error that a share of the results does not exceed; 0 where no result has one. */
    public double quantile(double share) {
        double[] sorted = sorted();
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** The largest error; 0 where no result has one. */
    public double largest() {
        return quantile(1);
    }

    /** The largest error, in ulp of the largest term that was computed with. */
    public double ofTerm() {
        return ofTerm;
    }
}
