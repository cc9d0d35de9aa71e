/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every loss with every combination of its options against live torch.
 *
 * <p>{@code -Dparity.seed=N} repeats a run; a failing case prints the line that makes it.
 */
class OptionsGridTest {
    private static final long SEED = PrintedSeed.of(OptionsGridTest.class);
    private static final int AT_LEAST = 20_000;
    private static final int FAILURES_SHOWN = 20;

    @Test
    void everyCombinationOfOptionsEqualsTorch() {
        int cases = run(Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32), AT_LEAST);
        assertThat(cases).isGreaterThanOrEqualTo(AT_LEAST);
    }

    @Test
    void halfPrecisionInputsEqualTorchWithinTheirOwnResolution() {
        run(Configuration.grid(TorchType.FLOAT16, TorchType.BFLOAT16), 1);
    }

    @Test
    void everyLossOfTheLibraryIsInTheGrid() {
        Set<String> losses = new ClassFileImporter()
                .importPackages("io.github.dl4jlosses").stream()
                        .filter(type -> type.isAssignableTo(TorchLoss.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());

        assertThat(Configuration.grid(TorchType.FLOAT64).stream()
                        .map(configuration -> configuration.family().lossName())
                        .collect(Collectors.toSet()))
                .isEqualTo(losses);
    }

    /** Whole rounds of the grid, each with new numbers, until there are enough cases. */
    private static int run(List<Configuration> grid, int atLeast) {
        System.out.println("options grid: " + grid.size() + " configurations");
        Random seeds = new Random(SEED);
        Map<Family, Integer> passed = new EnumMap<>(Family.class);
        List<String> failures = new ArrayList<>();
        int cases = 0;
        while (cases < atLeast) {
            for (Configuration configuration : grid) {
                LossCase example = LossCase.random(configuration, seeds.nextLong());
                List<String> differences = LossCheck.differences(example, Subject.of(example));
                if (differences.isEmpty()) {
                    passed.merge(configuration.family(), 1, Integer::sum);
                } else if (failures.size() < FAILURES_SHOWN) {
                    failures.add(example + "\n    "
                            + String.join("\n    ", differences.subList(0, Math.min(5, differences.size()))));
                }
                cases++;
            }
            System.out.println("options grid: " + cases + " cases, equal to torch: " + passed);
        }
        assertThat(failures)
                .as("cases that differ from torch, -Dparity.seed=%s", SEED)
                .isEmpty();
        return cases;
    }
}
