/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code toString()} says: the reduction, and what differs from the default, in torch's order. */
class LossTextTest {
    static Stream<Arguments> options() {
        return LossSpecs.all().stream()
                .flatMap(spec -> spec.allOptions().stream().map(option -> Arguments.of(spec, option)));
    }

    @EachLoss
    void everyOptionInUseIsNamed(LossSpec<?, ?> spec) {
        assertThat(spec.example(spec.forms().get(0), 2).build()).hasToString(spec.inWords());
    }

    @EachLoss
    void defaultsAreNotNamed(LossSpec<?, ?> spec) {
        assertThat(spec.defaults()).hasToString(withOnly(spec, null));
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionInUseIsNamedWhereItsPlaceIs(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> option) {
        TorchLoss loss = spec.with(option, option.domain().example(2)).build();

        assertThat(loss).hasToString(withOnly(spec, option));
    }

    /** The words of all options, but for those that are at their default. */
    private static String withOnly(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> used) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String word : spec.inWords().replaceAll("^\\w+\\(|\\)$", "").split(", (?=\\w+=)", -1)) {
            words.put(word.substring(0, word.indexOf('=')), word);
        }
        for (OptionSpec<?, ?, ?> option : spec.allOptions()) {
            Domain<?> domain = option.domain();
            if (option == used) {
                // what all options in use do not name comes last
                words.put(option.name(), option + "=" + text(domain.example(2)));
            } else if (domain.isNamedAlways()) {
                words.put(option.name(), option + "=" + text(domain.usual()));
            } else {
                words.remove(option.name());
            }
        }
        return spec.lossName() + "(" + String.join(", ", words.values()) + ")";
    }

    private static String text(Object value) {
        return value instanceof double[] ? Arrays.toString((double[]) value) : String.valueOf(value);
    }

    @EachLoss
    void everyReductionIsNamed(LossSpec<?, ?> spec) {
        for (Reduction reduction : Reduction.values()) {
            assertThat(spec.builder().reduction(reduction).build())
                    .hasToString(withOnly(spec, null).replace("reduction=MEAN", "reduction=" + reduction));
        }
    }

    @EachLoss
    void commonOptionsComeLast(LossSpec<?, ?> spec) {
        for (LossBuilder<?> builder : List.of(
                spec.builder(),
                spec.example(spec.forms().get(0), 2),
                spec.example(spec.forms().get(spec.forms().size() - 1), 2))) {
            String before = builder.build().toString();
            builder.miniBatch(false)
                    .positionsPerExample(7)
                    .emptyMean(EmptyMean.ZERO)
                    .factor(.3);

            assertThat(builder.build())
                    .hasToString(before.substring(0, before.length() - 1)
                            + ", miniBatch=false, positionsPerExample=7, emptyMean=ZERO, factor=0.3)");
        }
    }
}
