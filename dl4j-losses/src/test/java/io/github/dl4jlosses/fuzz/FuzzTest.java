/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random calls against the plain formulas: every option, shape, order, dtype, target, mask and activation, and wrong ones.
 * {@code -Dfuzz.cases=N} says how many; {@code -Dfuzz.seed=N} runs the one case of each kind that a complaint names.
 */
class FuzzTest {
    private static final int CASES = Integer.getInteger("fuzz.cases", 10_000);
    private static final int LARGE = CASES / 100 + 15;
    private static final Long ONE_SEED = Long.getLong("fuzz.seed");
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

    /** ND4J's softmax backward of these 5,000 outputs in float32 loses more than the loss is allowed to. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {-612779780579935300L, -7946656236178701504L, 624204789994237096L})
    void theFrameworksRoundingIsToldApart(long seed) {
        assertThat(NetworkCheck.complaintOfLarge(seed)).isNull();
    }

    @Test
    void wrongCallsAreRefusedAndChangeNothing() {
        check("arbitrary calls", CASES / 2, WrongCall::complaint);
    }

    private static void check(String what, int cases, LongFunction<String> check) {
        Random random = PrintedSeed.randomFor(FuzzTest.class, "-Dfuzz.cases=" + CASES);
        LongStream seeds =
                ONE_SEED == null ? LongStream.generate(random::nextLong).limit(cases) : LongStream.of(ONE_SEED);
        long[] made = {0};
        List<String> complaints = seeds.peek(seed -> made[0]++)
                .mapToObj(seed -> complaint(check, seed))
                .filter(Objects::nonNull)
                .limit(SHOWN)
                .collect(Collectors.toList());
        // .ci/reliability reads this line
        System.out.printf("FuzzTest: %,d %s, %d of them wrong%n", made[0], what, complaints.size());
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
