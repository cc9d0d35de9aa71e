/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.pages;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a page says a program prints, beside what it prints. */
final class ShownText {
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private ShownText() {}

    /**
     * Whether a line is what the page shows, where a number with decimals may be off by one in its last digit: the last bits
     * of a training depend on the processor, and now and then they decide how a number is rounded.
     */
    static boolean isAsShown(String printed, String shown) {
        if (!words(printed).equals(words(shown))) {
            return false;
        }
        List<String> numbers = numbers(printed);
        List<String> expected = numbers(shown);
        for (int i = 0; i < expected.size(); i++) {
            if (!isClose(new BigDecimal(numbers.get(i)), new BigDecimal(expected.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isClose(BigDecimal printed, BigDecimal shown) {
        BigDecimal slack = shown.scale() > 0 ? shown.ulp() : BigDecimal.ZERO;
        return printed.scale() == shown.scale() && printed.subtract(shown).abs().compareTo(slack) <= 0;
    }

    /** The text without its numbers; how many spaces align them does not matter. */
    private static String words(String line) {
        return NUMBER.matcher(line).replaceAll("#").replaceAll("\\s+", " ").strip();
    }

    private static List<String> numbers(String line) {
        return NUMBER.matcher(line).results().map(MatchResult::group).toList();
    }
}
