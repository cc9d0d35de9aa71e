/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.util.Random;

/** The numbers of a target of the input's shape. */
public enum TargetRange {
    /** From 0 to 1; all else is refused. */
    TRUTHS(
            (random, magnitude, hard) -> hard ? random.nextInt(2) : random.nextDouble(),
            0,
            -0.0,
            1e-45,
            .25,
            .5,
            .75,
            1 - 0x1p-24,
            1),
    /** From 0 to 1, and now and then any number, which is taken as it is. */
    ANY_TRUTHS(
            (random, magnitude, hard) ->
                    hard ? random.nextInt(2) : oneInTen(random) ? 2 * random.nextGaussian() : random.nextDouble(),
            0,
            -0.0,
            1e-45,
            .25,
            .5,
            .75,
            1,
            -1,
            2,
            Double.NaN),
    /** Probabilities of classes, not normalized. */
    CLASS_PROBABILITIES((random, magnitude, hard) -> oneInTen(random) ? random.nextInt(2) : random.nextDouble()),
    /** Probabilities that a divergence is measured from; 0 is a corner of its own. */
    DISTRIBUTION(
            (random, magnitude, hard) -> oneInTen(random) ? 0 : random.nextDouble(),
            0,
            -0.0,
            1e-45,
            1e-30,
            .5,
            1,
            2,
            1e10,
            -1,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN),
    /** The logarithms of such. */
    LOG_DISTRIBUTION((random, magnitude, hard) -> -Math.abs(3 * random.nextGaussian()), InputRange.ANY.extremes()),
    /** 1 and -1, and now and then any number, which is taken as it is. */
    SIGNS(
            (random, magnitude, hard) ->
                    !hard && oneInTen(random) ? 2 * random.nextGaussian() : 2 * random.nextInt(2) - 1,
            1,
            -1,
            0,
            -0.0,
            1e-45,
            .5,
            -2,
            Double.NaN),
    /** Counts, and now and then any number, which is taken as it is. */
    COUNTS(
            (random, magnitude, hard) ->
                    !hard && oneInTen(random) ? 2 * random.nextGaussian() : random.nextInt(hard ? 3 : 20),
            0,
            -0.0,
            .5,
            1,
            1.25,
            2,
            20,
            1e4,
            -1,
            Double.NaN),
    /** Classes, and -1 where a list of them ends. */
    CLASS_LISTS((random, magnitude, hard) -> -1) {
        @Override
        public double draw(Random random, double magnitude, boolean hard, int classes) {
            return random.nextInt(3) == 0 ? -1 : random.nextInt(classes);
        }
    },
    /** Numbers like the input: distances small, large, of 0 and of exactly 1. */
    LIKE_INPUT(
            (random, magnitude, hard) ->
                    hard || oneInTen(random) ? random.nextInt(2) : magnitude * random.nextGaussian(),
            InputRange.ANY.extremes());

    private interface Draw {
        double from(Random random, double magnitude, boolean hard);
    }

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final Draw draw;

    @SuppressWarnings("ImmutableEnumChecker") // never handed out itself
    private final double[] extremes;

    TargetRange(Draw draw, double... extremes) {
        this.draw = draw;
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
     * @param classes the classes of the input
     */
    public double draw(Random random, double magnitude, boolean hard, int classes) {
        return draw.from(random, magnitude, hard);
    }

    /** Whether the values at 0 and 1 are ends, beyond which there is an error or a pole. */
    public boolean isBounded() {
        return this == TRUTHS || this == DISTRIBUTION;
    }

    private static boolean oneInTen(Random random) {
        return random.nextInt(10) == 0;
    }
}
