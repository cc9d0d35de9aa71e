/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A loss gives a builder with its options, of which one may be changed. */
class ToBuilderTest {
    /** With torch's defaults, and with every option in use for each form of the target. */
    private static List<TorchLoss> losses(LossSpec<?, ?> spec) {
        Stream<TorchLoss> inUse = spec.forms().stream().map(form -> SerializationTest.configured(spec, form));
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
            for (Reduction reduction : spec.reductions()) {
                LossBuilder<?> builder = loss.toBuilder();
                builder.reduction(reduction);
                LossBuilder<?> expected = spec.without(loss, null);
                expected.reduction(reduction);

                assertThat(builder.build()).isEqualTo(expected.build());
            }
            assertThat(loss).isEqualTo(spec.without(loss, null).build());
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
