/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.dl4jlosses.spec.Choice;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What all tests and proofs know of a loss is its description: a loss without one would be tested by nobody. */
@Tag("slow")
class LossSpecsTest {
    private static final Path PAGES = Path.of("..", "docs", "losses");
    private static final int DRAWS = 50;

    /** Every class of the library that is a loss of rows; CTCLoss is one of sequences, with proofs of its own. */
    private static final List<Class<?>> LOSSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.github.dl4jlosses").stream()
                    .filter(type -> type.isAssignableTo(TorchLoss.class))
                    .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                    .map(JavaClass::reflect)
                    .filter(type -> type != CTCLoss.class)
                    .collect(Collectors.toList());

    static List<Class<?>> losses() {
        return LOSSES;
    }

    @Test
    void everyDescriptionIsOfALoss() {
        assertThat(LossSpecs.all().stream().map(spec -> spec.type().getName()).collect(Collectors.toList()))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        LOSSES.stream().map(Class::getName).collect(Collectors.toList()));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyLossHasACompleteDescription(Class<?> loss) {
        LossSpec<?, ?> spec = LossSpecs.of(loss);

        Set<String> options = options(spec);
        assertThat(options).isEqualTo(ownMethods(spec.builder().getClass())).isEqualTo(ownProperties(spec.defaults()));
        spec.allOptions().forEach(option -> assertComesBack(spec, option));
        assertThat(PAGES.resolve(spec.pageName() + ".md")).isRegularFile();
        assertThat(spec.shortName()).isNotBlank();
        assertThat(spec.inWords()).isNotBlank();
        assertThat(spec.forms()).isNotEmpty();
        assertThat(spec.heads()).isNotEmpty();
        assertThat(spec.corners()).isNotEmpty();
        assertThat(spec.refusals()).isNotEmpty();
        assertThat(spec.families()).isNotEmpty();
    }

    private static Set<String> options(LossSpec<?, ?> spec) {
        return spec.allOptions().stream().map(OptionSpec::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of the builder's methods, without those of every loss. */
    private static Set<String> ownMethods(Class<?> builder) {
        Set<String> names = SerializationTest.optionsOf(builder);
        names.removeAll(SerializationTest.optionsOf(LossBuilder.class));
        return names;
    }

    /** The names in the JSON, without those of every loss. */
    private static Set<String> ownProperties(TorchLoss loss) {
        ObjectNode json = NeuralNetConfiguration.mapper().valueToTree(loss);
        json.remove(List.of("@class", "reduction", "miniBatch", "positionsPerExample", "emptyMean", "factor"));
        Set<String> names = new TreeSet<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** From the getter comes what the builder was given, and the default of the description where that was nothing. */
    private static <T> void assertComesBack(LossSpec<?, ?> spec, OptionSpec<?, ?, T> option) {
        Domain<T> domain = option.domain();
        assertThat(spec.valueOf(spec.defaults(), option))
                .as("%s by default", option)
                .isEqualTo(domain.usual());
        for (T value : valuesOf(domain)) {
            assertThat(spec.valueOf(spec.with(option, value).build(), option))
                    .as(option.name())
                    .isEqualTo(value);
        }
        assertThat(domain.example(2)).as("the example of %s", option).isNotEqualTo(domain.usual());
    }

    private static <T> List<T> valuesOf(Domain<T> domain) {
        List<T> values = new ArrayList<>(domain.extremes());
        values.addAll(domain.taken());
        values.add(domain.example(1));
        values.add(domain.example(3));
        Random random = new Random(1);
        for (int i = 0; i < DRAWS; i++) {
            T drawn = domain.draw(random, 3);
            Choice<T> choice = domain.choices().get(i % domain.choices().size());
            T chosen = choice.value(random, 3);
            Stream.of(drawn, chosen).filter(value -> value != null).forEach(values::add);
        }
        return values;
    }

    @Test
    void aLossWithoutADescriptionIsNamed() {
        assertThatThrownBy(() -> LossSpecs.of(TorchLoss.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("TorchLoss has no description: write one in io.github.dl4jlosses.spec.losses");
    }
}
