/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchType;

/**
 * How near a result must be to torch's: the same NaN, the same infinity, and the tolerances of
 * {@code torch.testing.assert_close}; in float32 also 1e-6 of the largest term, so that small numbers count.
 *
 * @since 0.1.0
 */
public final class Closeness {
    private static final double FLOAT_TERM = 1e-6;

    private Closeness() {}

    /**
     * Whether two results are equal within torch's tolerances.
     *
     * @param type the type of the reference
     * @param ours the result
     * @param torch the reference
     * @param largestTerm the largest magnitude that the computation meets, at least 1
     * @return true if they are
     */
    public static boolean isClose(TorchType type, double ours, double torch, double largestTerm) {
        if (Double.isNaN(torch) || Double.isInfinite(torch) || Double.isNaN(ours) || Double.isInfinite(ours)) {
            return Double.compare(ours, torch) == 0;
        }
        double difference = Math.abs(ours - torch);
        if (type == TorchType.FLOAT32 && difference > FLOAT_TERM * Math.max(largestTerm, Math.abs(torch))) {
            return false;
        }
        return difference <= absolute(type) + relative(type) * Math.abs(torch);
    }

    private static double absolute(TorchType type) {
        return type == TorchType.FLOAT64 ? 1e-7 : 1e-5;
    }

    private static double relative(TorchType type) {
        return switch (type) {
            case FLOAT64 -> 1e-7;
            case FLOAT32 -> 1.3e-6;
            case FLOAT16 -> 1e-3;
            case BFLOAT16 -> 1.6e-2;
            default -> throw new IllegalArgumentException("no tolerance for " + type);
        };
    }
}
