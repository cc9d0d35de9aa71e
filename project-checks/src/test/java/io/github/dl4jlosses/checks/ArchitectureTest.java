/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is internal to the library and to the porting stays there: no other module has it in its code or its tests. */
class ArchitectureTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"torch-porting", "parity-toolkit", "parity-tests", "examples", "benchmarks", "project-checks"})
    void noModuleTouchesTheInternalsOfOthers(String module) {
        Path built = Path.of("..", module, "target");
        assumeTrue(
                Files.exists(built) || !module.equals("benchmarks"),
                "a build of this module and of those that it needs has no benchmarks");
        JavaClasses classes =
                new ClassFileImporter().importPaths(built.resolve("classes"), built.resolve("test-classes"));
        assertThat(classes).isNotEmpty();
        String ofPorting = module.equals("torch-porting") ? "none" : "io.github.dl4jlosses.porting.internal..";
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.dl4jlosses.internal..", ofPorting)
                .check(classes);
    }
}
