/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.Tolerance;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;

/**
 * How near a result must be to torch's: the same NaN, the same infinity, and the tolerances of
 * {@code torch.testing.assert_close}; in float32 also 1e-6 of the largest term, so that small numbers count.
 */
public final class Closeness {
    private static final double FLOAT_TERM = 1e-6;

    private Closeness() {}

    /**
     * Whether two results are equal within torch's tolerances; the largest magnitude that the computation meets is at
     * least 1.
     */
    public static boolean isClose(TorchType type, double ours, double torch, double largestTerm) {
        double difference = Math.abs(ours - torch);
        // not so for NaN and infinities, which the tolerance judges
        boolean nearItsTerms = !(difference > FLOAT_TERM * Math.max(largestTerm, Math.abs(torch)));
        return (type != TorchType.FLOAT32 || nearItsTerms) && Tolerance.of(type).accepts(ours, torch);
    }

    /**
     * Whether a result that differs from torch's is the better one: close to torch's float64 result on the same numbers,
     * and closer than torch's own result, which has cancelled, overflowed or been rounded more coarsely. A value is a
     * double and may be finite where its type overflows, so that an infinity for a number is never the better one.
     */
    public static boolean isBetter(TorchType type, double ours, double torch, double exact, double largestTerm) {
        return isClose(type, ours, exact, largestTerm) && Tolerance.isNearer(ours, torch, exact);
    }

    /**
     * The same for an element of an array, which has the array's type: beyond the largest number of that type the exact
     * result, rounded, is an infinity.
     */
    public static boolean isBetterElement(TorchType type, double ours, double torch, double exact, double largestTerm) {
        double rounded = TorchTensor.scalar(type, exact).item();
        // as far from the exact result as any
        boolean overflows = Double.isInfinite(rounded) && ours == rounded;
        boolean isCloseRounded = isClose(type, ours, rounded, largestTerm) && Tolerance.isNearer(ours, torch, exact);
        return overflows || isCloseRounded || isBetter(type, ours, torch, exact, largestTerm);
    }
}
