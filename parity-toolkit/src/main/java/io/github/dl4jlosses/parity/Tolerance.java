/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/**
 * How far a number may be from torch's: {@code |actual - expected| <= absolute + relative * |expected|}, as in
 * {@code torch.testing.assert_close}.
 *
 * <pre>{@code
 * Tolerance.of(TorchType.FLOAT32).accepts(1.000001, 1); // true: 1.3e-6 relative, 1e-5 absolute
 * }</pre>
 *
 * @param relative the part that grows with torch's number, {@code rtol}; 0 or more
 * @param absolute the part that does not, {@code atol}; 0 or more
 * @since 0.1.0
 */
public record Tolerance(double relative, double absolute) {

    /** Accepts only equal numbers. */
    private static final Tolerance NONE = new Tolerance(0, 0);

    /**
     * Makes a tolerance.
     *
     * @param relative {@code rtol}
     * @param absolute {@code atol}
     * @throws IllegalArgumentException if a part is negative, infinite or NaN
     */
    public Tolerance {
        if (!(relative >= 0 && absolute >= 0 && relative + absolute <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "A tolerance must be finite and not negative, got relative " + relative + ", absolute " + absolute);
        }
    }

    /**
     * The default of {@code torch.testing.assert_close} for a type.
     *
     * @param type the type of torch's number
     * @return relative and absolute 1e-7 for float64, 1.3e-6 and 1e-5 for float32, 1e-3 and 1e-5 for float16, 1.6e-2 and
     *     1e-5 for bfloat16, none for integers and booleans
     */
    public static Tolerance of(TorchType type) {
        return switch (type) {
            case FLOAT64 -> new Tolerance(1e-7, 1e-7);
            case FLOAT32 -> new Tolerance(1.3e-6, 1e-5);
            case FLOAT16 -> new Tolerance(1e-3, 1e-5);
            case BFLOAT16 -> new Tolerance(1.6e-2, 1e-5);
            default -> NONE;
        };
    }

    /**
     * Whether a number is within this tolerance of torch's. A NaN matches only a NaN, an infinity only itself.
     *
     * @param actual the number
     * @param expected torch's
     * @return true if it is
     */
    public boolean accepts(double actual, double expected) {
        return excess(actual, expected) <= 1;
    }

    /**
     * Whether a number is nearer to the exact one than torch's number, which may be NaN or infinite.
     *
     * @param actual the number
     * @param torch torch's
     * @param exact the exact one, or torch's float64 result
     * @return true if it is
     */
    public static boolean isNearer(double actual, double torch, double exact) {
        boolean torchIsFinite = Math.abs(torch) <= Double.MAX_VALUE;
        return !torchIsFinite || Math.abs(actual - exact) < Math.abs(torch - exact);
    }

    /** The difference divided by the allowed one: above 1 it is too large; infinite if no tolerance would do. */
    double excess(double actual, double expected) {
        if (actual == expected || (Double.isNaN(actual) && Double.isNaN(expected))) {
            return 0;
        }
        double difference = Math.abs(actual - expected);
        if (!(difference <= Double.MAX_VALUE)) {
            return Double.POSITIVE_INFINITY;
        }
        double allowed = absolute + relative * Math.abs(expected);
        return difference <= allowed ? Math.min(1, difference / allowed) : difference / allowed;
    }
}
