/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Losses are equal if all their options are; a loss gives a builder with its options, of which one may be changed. */
class LossEqualityTest {
    /** The loss with its defaults, with one option in use, and with another value of it. */
    private static List<TorchLoss> variants(LossSpec<?, ?> spec) {
        List<LossBuilder<?>> builders = new ArrayList<>();
        for (Reduction reduction : Reduction.values()) {
            builders.add(spec.builder().reduction(reduction));
        }
        builders.add(spec.builder().miniBatch(false));
        builders.add(spec.builder().positionsPerExample(2));
        builders.add(spec.builder().emptyMean(EmptyMean.ZERO));
        builders.add(spec.builder().factor(.3));
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

    // ---- its builder ----

    /** With torch's defaults, and with every option in use for each form of the target. */
    private static List<TorchLoss> losses(LossSpec<?, ?> spec) {
        Stream<TorchLoss> inUse = spec.forms().stream().map(form -> spec.inUse(form, 2));
        return Stream.concat(Stream.of(spec.defaults()), inUse).collect(Collectors.toList());
    }

    @EachLoss
    void aLossIsBuiltAgainFromItsBuilder(LossSpec<?, ?> spec) {
        for (TorchLoss loss : losses(spec)) {
            assertThat(loss.toBuilder().build())
                    .isEqualTo(loss)
                    .isNotSameAs(loss)
                    .hasToString(loss.toString());
        }
    }

    @EachLoss
    void theBuilderIsThatOfTheLoss(LossSpec<?, ?> spec) throws NoSuchMethodException {
        Class<?> builder = spec.builder().getClass();

        assertThat(spec.defaults().toBuilder()).isExactlyInstanceOf(builder);
        assertThat(spec.type().getMethod("toBuilder").getReturnType()).isEqualTo(builder);
    }

    @EachLoss
    void oneOptionMayBeChangedAndTheOthersStay(LossSpec<?, ?> spec) {
        for (TorchLoss loss : losses(spec)) {
            for (Reduction reduction : Reduction.values()) {
                LossBuilder<?> builder = loss.toBuilder();
                builder.reduction(reduction);
                LossBuilder<?> expected = spec.without(loss, null, spec.forms().get(0));
                expected.reduction(reduction);

                assertThat(builder.build()).isEqualTo(expected.build());
            }
            assertThat(loss)
                    .isEqualTo(spec.without(loss, null, spec.forms().get(0)).build());
        }
    }

    @EachLoss
    void eachBuilderIsANewOne(LossSpec<?, ?> spec) {
        for (TorchLoss loss : losses(spec)) {
            LossBuilder<?> changed = loss.toBuilder();
            changed.positionsPerExample(99);

            assertThat(loss.getPositionsPerExample()).isNotEqualTo(99);
            assertThat(loss.toBuilder().build()).isEqualTo(loss);
        }
    }

    /** Weights are copied on the way. */
    @EachLoss
    void weightsAreNotShared(LossSpec<?, ?> spec) {
        for (OptionSpec<?, ?, ?> option : spec.options()) {
            if (option.isWeight()) {
                TorchLoss loss = spec.with(option, new double[] {1, 2}).build();
                TorchLoss again = loss.toBuilder().build();

                ((double[]) spec.valueOf(again, option))[0] = 99;

                assertThat(again).isEqualTo(loss);
            }
        }
    }
}
