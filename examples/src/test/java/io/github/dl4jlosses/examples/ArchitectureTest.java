/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What is internal to the library stays there. */
class ArchitectureTest {

    @Test
    void nothingHereTouchesTheInternalsOfTheLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.dl4jlosses.internal..")
                .check(new ClassFileImporter().importPackages("io.github.dl4jlosses.examples"));
    }
}
