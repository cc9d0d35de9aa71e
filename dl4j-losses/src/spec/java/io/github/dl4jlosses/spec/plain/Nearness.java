/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

import org.nd4j.linalg.api.buffer.DataType;

/** How near a result must be to the one of the plain formulas, whose own rounding is a few units in the last place. */
public final class Nearness {
    private Nearness() {}

    /**
     * Whether a result is right: the same NaN, the same infinity, else within the rounding of the dtype.
     *
     * @param type the dtype of the numbers that went in
     * @param result the dtype of the result
     * @param ours the result
     * @param expected by the plain formulas
     * @param largestTerm how large the terms are that were added up: finite
     */
    public static boolean isNear(DataType type, DataType result, double ours, double expected, double largestTerm) {
        if (!Double.isFinite(largestTerm)) {
            throw new IllegalArgumentException("a bound of " + largestTerm + " would let everything pass");
        }
        if (!Double.isFinite(expected)) {
            return Double.compare(ours, expected) == 0;
        }
        double size = Math.max(largestTerm, Math.abs(expected));
        if (Double.isInfinite(ours)) {
            return Math.abs(expected) + computing(type) * size >= smallestInfinite(result)
                    && Math.signum(ours) == Math.signum(expected);
        }
        double tolerance = Math.max(computing(type), rounding(result));
        return Math.abs(ours - expected) <= tolerance * size + halfOfSmallest(result);
    }

    /** What the kernels lose: float inputs may be computed in float. */
    private static double computing(DataType type) {
        return type == DataType.FLOAT ? 2e-6 : 2e-13;
    }

    private static double rounding(DataType type) {
        if (type == DataType.FLOAT16) {
            return 0x1p-11;
        }
        return type == DataType.BFLOAT16 ? 0x1p-8 : type == DataType.FLOAT ? 0x1p-24 : 0;
    }

    /** What rounding to a subnormal number loses. */
    private static double halfOfSmallest(DataType type) {
        if (type == DataType.FLOAT16) {
            return 0x1p-25;
        }
        return type == DataType.BFLOAT16 ? 0x1p-134 : type == DataType.FLOAT ? 0x1p-150 : 0;
    }

    /** The smallest number that rounds to infinity: halfway to the power of two that the dtype does not have. */
    private static double smallestInfinite(DataType type) {
        if (type == DataType.FLOAT16) {
            return 65_520;
        }
        if (type == DataType.BFLOAT16) {
            return 0x1.ffp127;
        }
        return type == DataType.FLOAT ? 0x1.ffffffp127 : Double.POSITIVE_INFINITY;
    }
}
