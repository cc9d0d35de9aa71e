/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.PrintedSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Random calls against the plain formulas: every option, shape, order, dtype, target, mask and activation, and wrong ones.
 * {@code -Dfuzz.cases=N} says how many.
 */
class FuzzTest {
    private static final int CASES = Integer.getInteger("fuzz.cases", 10_000);
    private static final int LARGE = CASES / 100 + 15;
    private static final int SHOWN = 10;

    @Test
    void directCallsAreRight() {
        check("direct calls", CASES, DirectCheck::complaint);
    }

    @Test
    void callsOfNetworksAreRight() {
        check("calls of networks", CASES / 2, NetworkCheck::complaint);
    }

    @Test
    void largeDirectCallsAreRight() {
        check("large direct calls", LARGE, DirectCheck::complaintOfLarge);
    }

    @Test
    void largeCallsOfNetworksAreRight() {
        check("large calls of networks", LARGE, NetworkCheck::complaintOfLarge);
    }

    @Test
    void wrongCallsAreRefusedAndChangeNothing() {
        check("arbitrary calls", CASES / 2, WrongCall::complaint);
    }

    private static void check(String what, int cases, LongFunction<String> check) {
        Random seeds = PrintedSeed.randomFor(FuzzTest.class);
        List<String> complaints = new ArrayList<>();
        for (int i = 0; i < cases && complaints.size() < SHOWN; i++) {
            String complaint = complaint(check, seeds.nextLong());
            if (complaint != null) {
                complaints.add(complaint);
            }
        }
        // .ci/reliability reads this line
        System.out.printf("FuzzTest: %,d %s, %d of them wrong%n", cases, what, complaints.size());
        assertThat(complaints).isEmpty();
    }

    private static String complaint(LongFunction<String> check, long seed) {
        try {
            return check.apply(seed);
        } catch (RuntimeException e) {
            return "seed " + seed + ": " + e + " at " + e.getStackTrace()[0];
        }
    }
}
