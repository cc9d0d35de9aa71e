/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.dl4jlosses.internal.memory.Precision;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

@Tag("slow")
class ArchitectureTest {
    private static final String ROOT = "io.github.dl4jlosses";
    private static final String INTERNAL = ROOT + ".internal..";
    private static final String VECTORS = "jdk.incubator.vector..";
    private static final String VECTOR_LOOPS = ROOT + ".internal.kernel.VectorFloatLoops";
    private static final int JAVA_11 = 55;

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void theRulesSeeTheLibraryAndNotItsTests() {
        assertThat(LIBRARY.contain(CrossEntropyLoss.class)).isTrue();
        assertThat(LIBRARY.contain(Precision.class)).isTrue();
        assertThat(LIBRARY.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void theLibraryNeedsOnlyTheFrameworkAndTheJdk() {
        // the package without a name is that of the primitive types
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "",
                        ROOT + "..",
                        "java..",
                        "javax.management..",
                        "org.nd4j..",
                        "org.deeplearning4j..",
                        "org.bytedeco.javacpp..",
                        // what the framework itself logs with
                        "org.slf4j..",
                        VECTORS)
                .check(LIBRARY);
    }

    @Test
    void theIncubatingModuleStaysInOneClass() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(VECTOR_LOOPS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(VECTORS)
                .check(LIBRARY);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(VECTOR_LOOPS)
                .because("it is loaded by name, where it can be")
                .check(LIBRARY);
    }

    @Test
    void theLibraryKnowsNoTorchAndNoBackend() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..", "org.nd4j.linalg.cpu..", "org.nd4j.linalg.jcublas..")
                .check(LIBRARY);
    }

    @Test
    void publicSignaturesNameNoInternalType() {
        Stream<JavaCodeUnit> visible = LIBRARY.stream()
                .filter(type -> !type.getPackageName().startsWith(ROOT + ".internal"))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED));

        assertThat(visible.filter(unit -> signature(unit)
                                .anyMatch(type -> type.getBaseComponentType()
                                        .getPackageName()
                                        .startsWith(ROOT + ".internal")))
                        .map(JavaCodeUnit::getFullName))
                .isEmpty();
    }

    private static Stream<JavaClass> signature(JavaCodeUnit unit) {
        return Stream.of(
                        Stream.of(unit.getRawReturnType()),
                        unit.getRawParameterTypes().stream(),
                        unit.getAllInvolvedRawTypes().stream(),
                        unit.getExceptionTypes().stream())
                .flatMap(types -> types);
    }

    @Test
    void kernelsComputeOnPlainArrays() {
        // rounding to the network's dtype is arithmetic too: BCELoss under a sigmoid
        DescribedPredicate<JavaClass> plain = JavaClass.Predicates.resideInAnyPackage(
                        "", "java..", "javax.management..", "org.slf4j..", VECTORS, ROOT + ".internal.kernel..")
                .or(JavaClass.Predicates.type(Precision.class))
                .or(JavaClass.Predicates.type(DataType.class));
        classes()
                .that()
                .resideInAPackage(ROOT + ".internal.kernel..")
                .should()
                .onlyDependOnClassesThat(plain.or(arraysOf(plain)))
                .check(LIBRARY);
    }

    private static DescribedPredicate<JavaClass> arraysOf(DescribedPredicate<JavaClass> component) {
        return DescribedPredicate.describe(
                "arrays of them", type -> type.isArray() && component.test(type.getBaseComponentType()));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void internalsDoNotKnowThePublicApi() {
        noClasses()
                .that()
                .resideInAPackage(INTERNAL)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are outside of " + INTERNAL,
                        type -> type.getPackageName().startsWith(ROOT)
                                && !type.getPackageName().startsWith(ROOT + ".internal")))
                .check(LIBRARY);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Helper|Manager|Util|Utils|Impl)\\d*(\\$.*)?")
                .check(LIBRARY);
    }

    @Test
    void nothingIsPrintedAndTheJdksLoggingIsNotUsed() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(LIBRARY);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(LIBRARY);
    }

    @Test
    void classFilesRunOnJava11() throws IOException {
        Set<Integer> versions = new TreeSet<>();
        for (JavaClass type : LIBRARY) {
            if (!type.getName().equals(VECTOR_LOOPS)) {
                versions.add(majorVersion(type));
            }
        }
        assertThat(versions).containsExactly(JAVA_11);
    }

    private static int majorVersion(JavaClass type) throws IOException {
        try (InputStream file = type.getSource().orElseThrow().getUri().toURL().openStream();
                DataInputStream data = new DataInputStream(file)) {
            data.readInt(); // the magic number
            data.readUnsignedShort(); // the minor version
            return data.readUnsignedShort();
        }
    }
}
