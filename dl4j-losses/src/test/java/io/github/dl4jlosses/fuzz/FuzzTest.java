/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.random.RandomCall;
import io.github.dl4jlosses.spec.random.RandomNetworkCall;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random calls against the plain formulas: every option, shape, order, dtype, target, mask and activation, and wrong ones.
 * {@code -Dfuzz.cases=N} says how many; {@code -Dfuzz.seed=N} runs the one case of each kind that a complaint names.
 */
class FuzzTest {
    private static final int CASES =
            Integer.getInteger("fuzz.cases", Boolean.getBoolean("parity.full") ? 10_000 : 4_000);
    private static final int LARGE = CASES / 100 + 15;
    private static final Long ONE_SEED = Long.getLong("fuzz.seed");
    private static final int SHOWN = 10;
    private static final long MOST_OF_SOFTMAX = 200;

    @Test
    void directCallsAreRight() {
        check("direct calls", CASES, DirectCheck::run);
    }

    @Test
    void callsOfNetworksAreRight() {
        checkNetworks("calls of networks", CASES / 2, NetworkCheck::run);
    }

    @Test
    void largeDirectCallsAreRight() {
        check("large direct calls", LARGE, DirectCheck::runLarge);
    }

    @Test
    void largeCallsOfNetworksAreRight() {
        checkNetworks("large calls of networks", LARGE, NetworkCheck::runLarge);
    }

    /** ND4J's softmax backward of 5,000 outputs in float32 loses more than the loss is allowed to. */
    @Tag("slow")
    @Test
    void theFrameworksRoundingIsToldApart() {
        LossSpec<?, ?> spec = LossSpecs.of(BCELoss.class);
        NetworkCheck.roundedByFramework();
        long met = 0;
        for (long seed = 1; met < 5 && seed <= MOST_OF_SOFTMAX; seed++) {
            RandomNetworkCall call = RandomNetworkCall.of(seed, spec, SpecHead.SOFTMAX, 4, 5000);
            NetworkCheck.run(call, seed);
            met += NetworkCheck.roundedByFramework();
        }
        assertThat(met)
                .as("gradients near those of ND4J's own activation alone")
                .isPositive();
    }

    @Test
    void everyLossIsDrawnWithTargetsOfEachForm() {
        Set<String> all = new TreeSet<>();
        LossSpecs.all().forEach(spec -> spec.forms().forEach(form -> all.add(spec + " " + form)));

        assertThat(drawn(RandomCall::direct)).isEqualTo(all);
        assertThat(drawn(seed -> RandomNetworkCall.random(seed).rows())).isEqualTo(all);
    }

    private static Set<String> drawn(LongFunction<RandomCall> calls) {
        Set<String> drawn = new TreeSet<>();
        for (long seed = 0; seed < 500; seed++) {
            RandomCall call = calls.apply(seed);
            drawn.add(call.spec() + " " + call.form());
        }
        return drawn;
    }

    @Test
    void wrongCallsAreRefusedAndChangeNothing() {
        check("arbitrary calls", CASES / 2, WrongCall::run);
    }

    private static void checkNetworks(String what, int cases, LongConsumer check) {
        NetworkCheck.roundedByFramework();
        check(what, cases, check);
        long rounded = NetworkCheck.roundedByFramework();
        System.out.printf("FuzzTest: %,d gradients of %s only near those of ND4J's own activation%n", rounded, what);
        assertThat(rounded).as("the plain formulas decide almost always").isLessThan(cases / 20 + 5L);
    }

    private static void check(String what, int cases, LongConsumer check) {
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

    /** Null where all is right. */
    private static String complaint(LongConsumer check, long seed) {
        try {
            check.accept(seed);
            return null;
        } catch (AssertionError e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            return "seed " + seed + ": " + e + " at " + e.getStackTrace()[0];
        }
    }
}
