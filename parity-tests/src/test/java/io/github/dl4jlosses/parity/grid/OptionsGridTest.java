/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every loss with every combination of its options, in every type, rank and magnitude, against live torch.
 *
 * <p>{@code -Dparity.seed=N} repeats a run; a failing case prints the line that makes it.
 */
class OptionsGridTest {
    private static final long SEED = PrintedSeed.of(OptionsGridTest.class);
    private static final int AT_LEAST = 20_000;
    private static final int FAILURES_SHOWN = 20;

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
}
