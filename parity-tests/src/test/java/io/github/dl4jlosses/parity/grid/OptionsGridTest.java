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
 * Every loss with every combination of its options, in every type, rank and magnitude, against live torch. The grid has
 * each combination once, and each can be found again by what a failing case prints.
 *
 * <p>{@code -Dparity.seed=N} repeats a run; a failing case prints the line that makes it.
 */
class OptionsGridTest {
    private static final long SEED = PrintedSeed.of(OptionsGridTest.class);
    private static final int AT_LEAST = 20_000;
    private static final int FAILURES_SHOWN = 20;
    private static final Pattern CALL =
            Pattern.compile("GridCase\\.random\\(Configuration\\.parse\\(\"([^\"]*)\"\\), (-?\\d+)L\\) of .*");

    private static final List<Configuration> GRID =
            Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16);

    /** A round of the grid in the short types, and whole rounds in the others, each with new numbers, until there are enough. */
    @Test
    void everyCombinationOfOptionsEqualsTorch() {
        List<Configuration> grid = Configuration.grid(TorchType.FLOAT16, TorchType.BFLOAT16);
        Random seeds = new Random(SEED);
        Map<String, Integer> passed = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        int cases = 0;
        int inShortTypes = grid.size();
        while (cases < AT_LEAST + inShortTypes) {
            for (Configuration configuration : grid) {
                GridCase example = GridCase.random(configuration, seeds.nextLong());
                List<String> differences = LossCheck.differences(example, Subject.of(example));
                if (differences.isEmpty()) {
                    passed.merge(configuration.lossName(), 1, Integer::sum);
                } else if (failures.size() < FAILURES_SHOWN) {
                    failures.add(example + "\n    "
                            + String.join("\n    ", differences.subList(0, Math.min(5, differences.size()))));
                }
                cases++;
            }
            System.out.println("options grid: " + cases + " cases, equal to torch: " + passed);
            grid = Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32);
        }
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
