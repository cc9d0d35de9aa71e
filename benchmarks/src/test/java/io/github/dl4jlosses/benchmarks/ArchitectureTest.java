/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What is internal to the library and to the porting stays there. */
class ArchitectureTest {

    @Test
    void nothingHereTouchesTheInternalsOfOthers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.dl4jlosses.internal..", "io.github.dl4jlosses.porting.internal..")
                .check(new ClassFileImporter().importPackages("io.github.dl4jlosses.benchmarks"));
    }
}
