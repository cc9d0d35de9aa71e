/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every loss with every combination of its options, in every type, against live torch. The grid has each combination once
 * in every rank and magnitude, and each can be found again by what a failing case prints.
 *
 * <p>A build makes one round of the grid, with a part of the ranks and magnitudes in the short types; {@code
 * -Dparity.full=true} makes all of it, and further rounds with new numbers in the other types.
 *
 * <p>{@code -Dparity.seed=N} repeats a run; a failing case prints the line that makes it.
 */
class OptionsGridTest {
    private static final long SEED = PrintedSeed.of(OptionsGridTest.class);
    private static final boolean IS_FULL = Boolean.getBoolean("parity.full");
    private static final int ROUNDS = IS_FULL ? 2 : 1;
    /** No divisor of the 20 ranks and magnitudes of a combination, so that a third of the grid has all of them. */
    private static final int SHORT_TYPES_STEP = IS_FULL ? 1 : 3;

    private static final int FAILURES_SHOWN = 20;
    private static final Pattern CALL =
            Pattern.compile("GridCase\\.random\\(Configuration\\.parse\\(\"([^\"]*)\"\\), (-?\\d+)L\\) of .*");

    private static final List<Configuration> GRID =
            Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16);

    @Test
    void everyCombinationOfOptionsEqualsTorch() {
        List<Configuration> shortTypes = Configuration.grid(TorchType.FLOAT16, TorchType.BFLOAT16);
        List<Configuration> grid = new ArrayList<>();
        for (int i = 0; i < shortTypes.size(); i += SHORT_TYPES_STEP) {
            grid.add(shortTypes.get(i));
        }
        for (int round = 0; round < ROUNDS; round++) {
            grid.addAll(Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32));
        }
        Random seeds = new Random(SEED);
        Map<String, Integer> passed = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        for (Configuration configuration : grid) {
            GridCase example = GridCase.random(configuration, seeds.nextLong());
            List<String> differences = LossCheck.differences(example, Subject.of(example));
            if (differences.isEmpty()) {
                passed.merge(configuration.lossName(), 1, Integer::sum);
            } else if (failures.size() < FAILURES_SHOWN) {
                failures.add(example + "\n    "
                        + String.join("\n    ", differences.subList(0, Math.min(5, differences.size()))));
            }
        }
        System.out.println("options grid: " + grid.size() + " cases, equal to torch: " + passed);
        assertThat(failures)
                .as("cases that differ from torch, -Dparity.seed=%s", SEED)
                .isEmpty();
    }

    @Test
    void eachConfigurationReadsDifferently() {
        assertThat(GRID).extracting(Configuration::toString).doesNotHaveDuplicates();
    }

    @Test
    void eachFormReductionAndOptionOfEachLossIsInTheGrid() {
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            List<Configuration> own =
                    GRID.stream().filter(some -> some.spec() == spec).toList();
            assertThat(own).extracting(Configuration::form).containsAll(spec.forms());
            assertThat(own).extracting(Configuration::reduction).contains(Reduction.values());
            assertThat(spec.options())
                    .allSatisfy(option ->
                            assertThat(own).anyMatch(some -> some.uses(option)).anyMatch(some -> !some.uses(option)));
        }
        assertThat(GRID).anyMatch(some -> some.form() == TargetForm.ONE_HOT);
    }

    @Test
    void whatACasePrintsBringsItBack() {
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            GridCase example = GridCase.random(GRID.get(random.nextInt(GRID.size())), random.nextLong());
            Matcher printed = CALL.matcher(example.toString());
            assertThat(printed.matches()).as(example.toString()).isTrue();

            GridCase again = GridCase.random(Configuration.parse(printed.group(1)), Long.parseLong(printed.group(2)));
            assertThat(again).hasToString(example.toString());
            assertThat(again.loss()).isEqualTo(example.loss());
            assertThat(again.input()).isEqualTo(example.input());
            assertThat(again.target()).isEqualTo(example.target());
        }
    }

    @Test
    void aTextThatIsNoConfigurationIsRefusedWithOneThatIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configuration.parse("a loss"))
                .withMessage(
                        "No configuration of the grid is 'a loss'; one is 'BCELoss: targets, mean, float32, rank 1, magnitude 0.1'");
    }
}
