/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.util.Arrays;
import java.util.Random;

/** The numbers that a loss takes for its input. */
public enum InputRange {
    /** Logits, predictions: any number. */
    ANY((random, magnitude) -> magnitude * random.nextGaussian()),
    /** Any number but infinities, which torch makes NaN of where the exact result is a number. */
    FINITE((random, magnitude) -> magnitude * random.nextGaussian()),
    /** From 0 to 1, corners included; all else is refused. */
    PROBABILITIES((random, magnitude) ->
            random.nextInt(10) == 0 ? random.nextInt(2) : 1 / (1 + Math.exp(-magnitude * random.nextGaussian()))),
    /** 0 or more; all else is refused, but for NaN. */
    POSITIVE((random, magnitude) -> Math.abs(magnitude * random.nextGaussian())),
    /** Not above 0; any number is taken. */
    LOG_PROBABILITIES((random, magnitude) -> -Math.abs(magnitude * random.nextGaussian()));

    private static final double[] NEAR_1 = {0, -0.0, 1e-45, 1e-20, -1e-20, .5, -.5, 1, -1};
    private static final double[] WHERE_EXPONENTIALS_END = {
        14.5, -14.6, 16.6, -16.7, 17, -17, 33.2, -33.3, 36.7, -36.8, 50, -50, 88.7, -88.8, 89, 100, -100, 104, -104
    };
    private static final double[] LARGE = {500, -500, 709, -710, 745, -746, 1000, -1000, 1e4, -1e4, 1e10, -1e10};
    private static final double LARGEST_OF_HALF = 65_504;
    private static final double[] NOT_FINITE = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};

    private static final double[] SMALL_SHARES = {0, -0.0, 1e-45, 1e-44, 1e-38, 1e-30, 1e-12, 1e-7};
    private static final double[] OTHER_SHARES = {
        .25, .4999999, .5, .5000001, .75, 1 - 0x1p-23, 1 - 0x1p-24, 1 - 0x1p-53, 1
    };

    private interface Draw {
        double from(Random random, double magnitude);
    }

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final Draw draw;

    InputRange(Draw draw) {
        this.draw = draw;
    }

    /**
     * A number such as the loss gets.
     *
     * @param magnitude the standard deviation of the logits behind it
     */
    public double draw(Random random, double magnitude) {
        return draw.from(random, magnitude);
    }

    /** Numbers around which arithmetic changes, and those that it must survive. */
    public double[] extremes() {
        if (this == FINITE) {
            // of those that are finite in float16, too
            double[] all = joined(NEAR_1, WHERE_EXPONENTIALS_END, LARGE, NOT_FINITE);
            return Arrays.stream(all)
                    .filter(x -> !(Math.abs(x) > LARGEST_OF_HALF))
                    .toArray();
        }
        if (this == POSITIVE) {
            double[] all = joined(NEAR_1, WHERE_EXPONENTIALS_END, LARGE, NOT_FINITE);
            return Arrays.stream(all).filter(x -> !(x < 0)).toArray();
        }
        return takesAnything()
                ? joined(NEAR_1, WHERE_EXPONENTIALS_END, LARGE, NOT_FINITE)
                : joined(SMALL_SHARES, OTHER_SHARES);
    }

    private static double[] joined(double[]... groups) {
        return Arrays.stream(groups).flatMapToDouble(Arrays::stream).toArray();
    }

    /** Whether the description is of this number, too. */
    public boolean describes(double number) {
        return this != FINITE || !Double.isInfinite(number);
    }

    /** Whether NaN, infinities and numbers of any size are taken too. */
    public boolean takesAnything() {
        return this != PROBABILITIES && this != POSITIVE;
    }
}
