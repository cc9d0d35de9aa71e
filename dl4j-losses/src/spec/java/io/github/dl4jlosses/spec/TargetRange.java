/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.util.Random;

/** The numbers of a target of the input's shape. */
public enum TargetRange {
    /** From 0 to 1; all else is refused. */
    TRUTHS(0, -0.0, 1e-45, .25, .5, .75, 1 - 0x1p-24, 1) {
        @Override
        public double draw(Random random, double magnitude, boolean hard) {
            return hard ? random.nextInt(2) : random.nextDouble();
        }
    },
    /** From 0 to 1, and now and then any number, which is taken as it is. */
    ANY_TRUTHS(0, -0.0, 1e-45, .25, .5, .75, 1, -1, 2, Double.NaN) {
        @Override
        public double draw(Random random, double magnitude, boolean hard) {
            return hard ? random.nextInt(2) : oneInTen(random) ? 2 * random.nextGaussian() : random.nextDouble();
        }
    },
    /** Probabilities of classes, not normalized. */
    CLASS_PROBABILITIES() {
        @Override
        public double draw(Random random, double magnitude, boolean hard) {
            return oneInTen(random) ? random.nextInt(2) : random.nextDouble();
        }
    },
    /** Probabilities that a divergence is measured from; 0 is a corner of its own. */
    DISTRIBUTION(
            0, -0.0, 1e-45, 1e-30, .5, 1, 2, 1e10, -1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN) {
        @Override
        public double draw(Random random, double magnitude, boolean hard) {
            return oneInTen(random) ? 0 : random.nextDouble();
        }
    },
    /** The logarithms of such. */
    LOG_DISTRIBUTION(InputRange.ANY.extremes()) {
        @Override
        public double draw(Random random, double magnitude, boolean hard) {
            return -Math.abs(3 * random.nextGaussian());
        }
    },
    /** Numbers like the input: distances small, large, of 0 and of exactly 1. */
    LIKE_INPUT(InputRange.ANY.extremes()) {
        @Override
        public double draw(Random random, double magnitude, boolean hard) {
            return hard || oneInTen(random) ? random.nextInt(2) : magnitude * random.nextGaussian();
        }
    };

    // never handed out itself
    @SuppressWarnings("ImmutableEnumChecker")
    private final double[] extremes;

    TargetRange(double... extremes) {
        this.extremes = extremes;
    }

    /** Numbers at the ends of the range, and those beyond it that are taken. */
    public double[] extremes() {
        return extremes.clone();
    }

    /**
     * A number such as the loss gets.
     *
     * @param magnitude the standard deviation of the logits
     * @param hard whether this target holds only zeros and ones, where the range has such targets
     */
    public abstract double draw(Random random, double magnitude, boolean hard);

    /** Whether the values at 0 and 1 are ends, beyond which there is an error or a pole. */
    public boolean isBounded() {
        return this == TRUTHS || this == DISTRIBUTION;
    }

    private static boolean oneInTen(Random random) {
        return random.nextInt(10) == 0;
    }
}
