/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Defaults, copies and refused values; {@code LossSpecsTest} has the getters of the options that not every loss has. */
class OptionsTest {
    private static Stream<Arguments> options(boolean weights) {
        return LossSpecs.all().stream()
                .flatMap(spec -> spec.allOptions().stream()
                        .filter(option -> option.isWeight() == weights)
                        .map(option -> Arguments.of(spec, option)));
    }

    static Stream<Arguments> weights() {
        return options(true);
    }

    static Stream<Arguments> others() {
        return options(false);
    }

    // ---- defaults and getters ----

    @EachLoss
    void aBuilderStartsWithTheDefaultsOfTheConstructor(LossSpec<?, ?> spec) throws ReflectiveOperationException {
        TorchLoss built = spec.builder().build();
        TorchLoss constructed = spec.type().getConstructor().newInstance();

        assertThat(built).isEqualTo(constructed).hasSameHashCodeAs(constructed).hasToString(constructed.toString());
    }

    @EachLoss
    void commonDefaultsAreTorchsMeanInAMinibatchNetwork(LossSpec<?, ?> spec) {
        TorchLoss loss = spec.defaults();

        assertThat(loss.getReduction()).isEqualTo(Reduction.MEAN);
        assertThat(loss.isMiniBatch()).isTrue();
        assertThat(loss.getPositionsPerExample()).isEqualTo(1);
        assertThat(loss.getEmptyMean()).isEqualTo(EmptyMean.NAN);
        assertThat(loss.getFactor()).isEqualTo(1);
    }

    @EachLoss
    void commonOptionsComeBackFromTheirGetters(LossSpec<?, ?> spec) {
        LossBuilder<?> builder = spec.builder();
        builder.miniBatch(false)
                .positionsPerExample(7)
                .emptyMean(EmptyMean.ZERO)
                .factor(.3);

        for (Reduction reduction : Reduction.values()) {
            builder.reduction(reduction);
            TorchLoss loss = builder.build();

            assertThat(loss.getReduction()).isEqualTo(reduction);
            assertThat(loss.isMiniBatch()).isFalse();
            assertThat(loss.getPositionsPerExample()).isEqualTo(7);
            assertThat(loss.getEmptyMean()).isEqualTo(EmptyMean.ZERO);
            assertThat(loss.getFactor()).isEqualTo(.3);
        }
    }

    @EachLoss
    void nameIsThatOfTheClass(LossSpec<?, ?> spec) {
        assertThat(spec.defaults().name()).isEqualTo(spec.lossName());
    }

    // ---- arrays are copied ----

    @ParameterizedTest
    @MethodSource("weights")
    void changingAnArrayGivenToABuilderChangesNoLoss(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> weight) {
        double[] numbers = {1, 2};
        TorchLoss loss = spec.with(weight, numbers).build();

        numbers[0] = 99;

        assertThat((double[]) spec.valueOf(loss, weight)).containsExactly(1, 2);
    }

    @ParameterizedTest
    @MethodSource("weights")
    void changingAnArrayGotFromALossChangesNoLoss(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> weight) {
        TorchLoss loss = spec.with(weight, new double[] {1, 2}).build();

        ((double[]) spec.valueOf(loss, weight))[0] = 99;

        assertThat((double[]) spec.valueOf(loss, weight)).containsExactly(1, 2);
    }

    @EachLoss
    void aBuilderThatGoesOnChangesNoLossItHasBuilt(LossSpec<?, ?> spec) {
        assertBuilderGoesOn(spec);
    }

    private static <L extends TorchLoss, B extends LossBuilder<B>> void assertBuilderGoesOn(LossSpec<L, B> spec) {
        B builder = spec.example(spec.forms().get(0), 2);
        TorchLoss first = builder.build();

        spec.allOptions().forEach(option -> setOther(builder, option));
        builder.reduction(Reduction.SUM)
                .miniBatch(false)
                .positionsPerExample(9)
                .emptyMean(EmptyMean.ZERO)
                .factor(2);

        assertThat(builder.build()).isNotEqualTo(first);
        assertThat(first).isEqualTo(spec.example(spec.forms().get(0), 2).build());
    }

    /** A value that is not the example of two classes. */
    private static <B extends LossBuilder<B>, T> void setOther(B builder, OptionSpec<?, B, T> option) {
        option.set(
                builder,
                option.isWeight() ? option.domain().example(3) : option.domain().usual());
    }

    // ---- refused options ----

    @ParameterizedTest
    @MethodSource("weights")
    void nullAndEmptyWeightsAreRefusedByName(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> weight) {
        refused(() -> spec.with(weight, null), weight + " must not be null");
        refused(() -> spec.with(weight, new double[0]), weight + " must not be empty");
    }

    @EachLoss
    void valuesOfCommonOptionsAreRefusedByName(LossSpec<?, ?> spec) {
        refused(() -> spec.builder().reduction(null).build(), "reduction must not be null");
        refused(() -> spec.builder().emptyMean(null).build(), "emptyMean must not be null");
        refused(() -> spec.builder().factor(Double.NaN).build(), "factor must be a finite number, got NaN");
        refused(() -> spec.builder().factor(Double.NEGATIVE_INFINITY).build(), "factor must be a finite number");
        refused(() -> spec.builder().positionsPerExample(0).build(), "positionsPerExample must be at least 1, got 0");
        refused(() -> spec.builder().positionsPerExample(-1).build(), "positionsPerExample must be at least 1, got -1");
    }

    @ParameterizedTest
    @MethodSource("others")
    void aNullConstantIsRefused(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> option) {
        if (option.domain().example(2) instanceof Enum) {
            refused(() -> spec.with(option, null).build(), option + " must not be null");
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void aRefusedValueIsNamedWithItsOption(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> option) {
        option.domain()
                .refused()
                .forEach((value, words) -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> spec.with(option, value).build())
                        .withMessageStartingWith(words)
                        .withMessageContaining(option.name())
                        .withMessageMatching("(?s).*\\b[gG]ot:? " + Pattern.quote(value + "") + ".*"));
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
    }
}
