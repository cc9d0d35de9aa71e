/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Losses are equal if all their options are. */
class LossEqualityTest {
    /** The loss with its defaults, with one option in use, and with another value of it. */
    private static List<TorchLoss> variants(LossSpec<?, ?> spec) {
        List<LossBuilder<?>> builders = new ArrayList<>();
        for (Reduction reduction : spec.reductions()) {
            builders.add(spec.builder().reduction(reduction));
        }
        builders.add(spec.builder().miniBatch(false));
        builders.add(spec.builder().positionsPerExample(2));
        builders.add(spec.builder().emptyMean(EmptyMean.ZERO));
        for (OptionSpec<?, ?, ?> option : spec.allOptions()) {
            if (option.isWeight()) {
                // the same numbers for each of several weights
                builders.add(spec.with(option, new double[] {1}));
                builders.add(spec.with(option, new double[] {1, 2}));
                builders.add(spec.with(option, new double[] {1, 3}));
            } else {
                builders.add(spec.with(option, option.domain().example(2)));
            }
        }
        return builders.stream().map(LossBuilder::build).collect(Collectors.toList());
    }

    @EachLoss
    void lossesThatDifferInAnOptionAreNotEqual(LossSpec<?, ?> spec) {
        List<TorchLoss> variants = variants(spec);
        for (int i = 0; i < variants.size(); i++) {
            for (int k = 0; k < variants.size(); k++) {
                if (i != k) {
                    assertThat(variants.get(i)).isNotEqualTo(variants.get(k));
                    // nothing here is so unlucky as to collide
                    assertThat(variants.get(i)).doesNotHaveSameHashCodeAs(variants.get(k));
                }
            }
        }
    }

    @EachLoss
    void lossesOfTheSameOptionsAreEqual(LossSpec<?, ?> spec) {
        List<TorchLoss> variants = variants(spec);
        List<TorchLoss> again = variants(spec);
        for (int i = 0; i < variants.size(); i++) {
            assertThat(variants.get(i)).isEqualTo(again.get(i)).hasSameHashCodeAs(again.get(i));
        }
    }

    @EachLoss
    void aLossIsNeitherNullNorSomethingElse(LossSpec<?, ?> spec) {
        TorchLoss loss = spec.defaults();

        assertThat(loss).isNotEqualTo(null).isNotEqualTo("loss").isEqualTo(loss);
        for (LossSpec<?, ?> other : LossSpecs.all()) {
            if (other != spec) {
                assertThat(loss).isNotEqualTo(other.defaults());
                assertThat(loss).doesNotHaveSameHashCodeAs(other.defaults());
            }
        }
    }
}
