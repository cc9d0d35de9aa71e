/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * From numbers to pixels.
 *
 * @param least the number at the beginning
 * @param most the number at the end
 * @param logarithmic whether equal distances are equal ratios
 * @param begin the pixel of the beginning
 * @param end the pixel of the end
 */
record ChartAxis(double least, double most, boolean logarithmic, double begin, double end) {
    private static final double[] ROUND = {1, 2, 5, 10};
    private static final int FEW_DECADES = 2;
    private static final int LARGEST_PLAIN = 4;
    private static final int SMALLEST_PLAIN = -3;
    private static final double ROUNDING = 1e-9;
    private static final int DIGITS = 3;

    /** An axis of the same numbers elsewhere. */
    ChartAxis between(double pixel, double otherPixel) {
        return new ChartAxis(least, most, logarithmic, pixel, otherPixel);
    }

    boolean has(double number) {
        return Double.isFinite(number) && (!logarithmic || number > 0);
    }

    double at(double number) {
        return begin + (end - begin) * (scaled(number) - scaled(least)) / (scaled(most) - scaled(least));
    }

    private double scaled(double number) {
        return logarithmic ? Math.log10(number) : number;
    }

    boolean holds(double number) {
        double slack = ROUNDING * (scaled(most) - scaled(least));
        return scaled(number) >= scaled(least) - slack && scaled(number) <= scaled(most) + slack;
    }

    /** Round numbers, at most so many. */
    List<Double> ticks(int atMost) {
        return logarithmic ? powers(atMost) : multiples(atMost);
    }

    private List<Double> multiples(int atMost) {
        double rough = (most - least) / atMost;
        double decade = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double round : ROUND) {
            double step = round * decade;
            if ((most - least) / step <= atMost) {
                List<Double> ticks = new ArrayList<>();
                for (long i = (long) Math.ceil(least / step - ROUNDING); holds(i * step); i++) {
                    ticks.add(i * step);
                }
                return ticks;
            }
        }
        throw new IllegalStateException("no step for " + this);
    }

    private List<Double> powers(int atMost) {
        double decades = scaled(most) - scaled(least);
        List<Double> ticks = new ArrayList<>();
        int every = Math.max(1, (int) Math.ceil(decades / atMost));
        for (int power = (int) Math.floor(scaled(least)); power <= scaled(most) + ROUNDING; power++) {
            for (double round : decades <= FEW_DECADES ? new double[] {1, 2, 5} : new double[] {1}) {
                double tick = new BigDecimal(round).scaleByPowerOfTen(power).doubleValue();
                if (holds(tick) && Math.floorMod(power, every) == 0) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    /** A round number in few letters: 0.001, but 1e-15. */
    static String text(double tick) {
        if (Math.abs(tick) < Double.MIN_NORMAL) {
            return "0";
        }
        BigDecimal digits = new BigDecimal(tick).round(new MathContext(DIGITS)).stripTrailingZeros();
        int power = digits.precision() - digits.scale() - 1;
        return power > LARGEST_PLAIN || power < SMALLEST_PLAIN
                ? digits.scaleByPowerOfTen(-power).stripTrailingZeros().toPlainString() + "e" + power
                : digits.toPlainString();
    }
}
