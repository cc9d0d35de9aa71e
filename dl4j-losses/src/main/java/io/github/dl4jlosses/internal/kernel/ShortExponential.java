/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * exp of small numbers in double with a relative error below 2^-46, for results that are rounded to float; needs fused
 * multiply-add.
 *
 * <p>exp(x) = exp(x/32)^32: a polynomial and five squarings, each of which doubles the error. All of it is one loop
 * without bit operations, twice as fast as {@link Exponential}.
 */
final class ShortExponential {
    /** This number times one beyond 24 is infinite, and 0 times infinity is NaN. */
    private static final double OVERFLOW = Double.MAX_VALUE / 24;

    private ShortExponential() {}

    /**
     * Computes exp.
     *
     * @param x numbers
     * @param e the results, NaN for every x that is not within about 24 of 0; may be {@code x} itself
     * @param count how many; numbers after them may be overwritten
     */
    static void of(double[] x, double[] e, int count) {
        expand(x, e, Workspace.padded(count, Math.min(x.length, e.length)));
    }

    private static void expand(double[] x, double[] e, int n) {
        for (int i = 0; i < n; i++) {
            double t = x[i] * 0x1p-5;
            double q = Math.fma(1.6188591349645104e-10, t, 2.1071178831691416e-09);
            q = Math.fma(q, t, 2.5051287564594896e-08);
            q = Math.fma(q, t, 2.755608714991124e-07);
            q = Math.fma(q, t, 2.755732161945237e-06);
            q = Math.fma(q, t, 2.480159089752756e-05);
            q = Math.fma(q, t, 0.00019841269838110785);
            q = Math.fma(q, t, 0.0013888888884146498);
            q = Math.fma(q, t, 0.008333333333334856);
            q = Math.fma(q, t, 0.041666666666689535);
            q = Math.fma(q, t, 0.16666666666666666);
            q = Math.fma(q, t, 0.49999999999999983);
            double p = Math.fma(q, t * t, t) + 1;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            e[i] = Math.fma(x[i] * OVERFLOW, 0, p * p);
        }
    }
}
