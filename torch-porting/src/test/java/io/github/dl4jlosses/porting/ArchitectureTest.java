/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** What reads files only reads. */
class ArchitectureTest {

    /** Whoever ports a model gets no native library of torch with it. */
    @Test
    void nothingHereNeedsTorch() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..", "io.github.dl4jlosses.parity..")
                .check(new ClassFileImporter().importPackages("io.github.dl4jlosses.porting"));
    }

    /** What a file says must not become code, whatever the reader of pickles could do besides. */
    @Test
    void readersOfFilesLoadNoClassesStartNothingAndMakeNoFiles() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        ClassLoader.class,
                        Method.class,
                        Constructor.class,
                        Field.class,
                        MethodHandle.class,
                        ObjectInputStream.class,
                        OutputStream.class,
                        Process.class,
                        ProcessBuilder.class,
                        Runtime.class,
                        Thread.class)
                .orShould()
                .callMethodWhere(target(nameMatching("forName|newInstance|exec|loadLibrary|createTemp.*"))
                        .and(not(target(owner(resideInAPackage("io.github.dl4jlosses.."))))))
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.github.dl4jlosses.porting"));
    }
}
