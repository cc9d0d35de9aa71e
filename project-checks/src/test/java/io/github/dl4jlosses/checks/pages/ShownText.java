/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a page says a program prints, beside what it prints. */
public final class ShownText {
    /** A number that is not a part of a word. */
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])-?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?(?!\\w)");

    /** A number that is written with an exponent and smaller than this is what rounding has left. */
    private static final BigDecimal ROUNDING = new BigDecimal("1e-8");

    /** So much larger or smaller may it be elsewhere. */
    private static final BigDecimal FACTOR = new BigDecimal(100);

    private ShownText() {}

    /** Whether a line is what the page shows, but for blanks at its end. */
    public static boolean isAsShown(String printed, String shown) {
        return printed.stripTrailing().equals(shown);
    }

    /**
     * The same for what a training has led to, where a number with decimals may be off by one in its last digit: the last
     * bits of a training depend on the processor, and now and then they decide how a number is rounded. Text, columns and
     * whole numbers are as shown, and so is a power of ten, which is a bound. What rounding has left, a number like 2.5e-12,
     * is within a factor of a hundred of what is shown.
     */
    public static boolean isNearlyAsShown(String printed, String shown) {
        if (!words(printed).equals(words(shown))) {
            return false;
        }
        List<String> numbers = numbers(printed);
        List<String> expected = numbers(shown);
        for (int i = 0; i < expected.size(); i++) {
            if (!isNear(numbers.get(i), expected.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The same for what another machine measures anew: any numbers, in the same words. */
    public static boolean isMeasuredAsShown(String printed, String shown) {
        return words(printed).equals(words(shown));
    }

    private static boolean isNear(String printed, String shown) {
        if (!shown.contains(".")) {
            return printed.equals(shown);
        }
        BigDecimal here = new BigDecimal(printed);
        BigDecimal there = new BigDecimal(shown);
        if (isRounding(here) && isRounding(there)) {
            return here.compareTo(there.multiply(FACTOR)) <= 0 && there.compareTo(here.multiply(FACTOR)) <= 0;
        }
        return here.scale() == there.scale() && here.subtract(there).abs().compareTo(there.ulp()) <= 0;
    }

    /** Not the tiny likelihoods of the article: those are smaller still. */
    private static boolean isRounding(BigDecimal number) {
        return number.signum() > 0
                && number.compareTo(ROUNDING) < 0
                && number.compareTo(ROUNDING.multiply(ROUNDING)) > 0;
    }

    private static String words(String line) {
        return NUMBER.matcher(line.stripTrailing()).replaceAll("#");
    }

    private static List<String> numbers(String line) {
        return NUMBER.matcher(line).results().map(MatchResult::group).toList();
    }
}
