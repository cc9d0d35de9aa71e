/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A loss that a list of the tests lacks would be tested by nobody. */
@Tag("slow")
class AllLossesTest {
    private static final Set<String> LOSSES = new ClassFileImporter()
            .importPackages("io.github.dl4jlosses").stream()
                    .filter(type -> type.isAssignableTo(TorchLoss.class))
                    .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                    .map(JavaClass::getSimpleName)
                    .collect(Collectors.toSet());

    @Test
    void everyLossIsInTheList() {
        assertThat(names(AllLosses.defaults())).isEqualTo(LOSSES);
    }

    @Test
    void everyLossHasACaseOfNumbers() {
        assertThat(names(Arrays.stream(LossCase.values()).map(example -> example.loss(2))))
                .isEqualTo(LOSSES);
    }

    @Test
    void everyLossIsWrittenAndReadWithAllItsOptions() {
        assertThat(names(SerializationTest.configured())).isEqualTo(LOSSES);
    }

    private static Set<String> names(Stream<TorchLoss> losses) {
        return losses.map(TorchLoss::name).collect(Collectors.toSet());
    }
}
