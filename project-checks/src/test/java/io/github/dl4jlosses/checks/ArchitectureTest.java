/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.checks.pages.Repository;
import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.ParityResult;
import io.github.dl4jlosses.parity.Targets;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/images/architecture.svg shows is what the code is; what is internal stays so; one name is one thing. */
class ArchitectureTest {
    private static final Page PICTURE = Page.of("docs/images/architecture.svg");

    /** Several modules have their own. */
    private static final Set<String> OF_EACH = Set.of("ArchitectureTest", "package-info");

    private static final List<String> DRAWN_IN_FULL =
            List.of("dl4j-losses", "torch-porting", "parity-toolkit", "parity-tests");

    /** From the one that needs to the one that is needed. */
    private record Arrow(String from, String to) {}

    @Test
    void thePictureHasEveryPackageOfTheLibraryThePortingTheToolkitAndTheProofsAndNoOther() {
        Set<String> packages = new TreeSet<>();
        for (String module : DRAWN_IN_FULL) {
            packages.addAll(packagesOf(Repository.ROOT.resolve(module).resolve("src/main/java")));
        }
        assertThat(drawn("data-package")).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void theWordsInThePictureEndTheNamesOfThePackages() {
        for (MatchResult box : find("data-package=\"([^\"]+)\">([^<]+)<")) {
            assertThat(box.group(1)).endsWith(box.group(2));
        }
    }

    @Test
    void theStepsOfACallAreThoseOfThePage() {
        String steps = Page.of("docs/architecture.md").first("\n## One call, down and back\n(.*?)\n## ");
        List<String> numbers = Pattern.compile("(?m)^(\\d+)\\. \\*\\*")
                .matcher(steps)
                .results()
                .map(step -> step.group(1))
                .toList();
        assertThat(drawn("data-step")).isEqualTo(numbers).hasSizeGreaterThan(2);
    }

    /** But for the projects without code that scripts in .ci look at. */
    @Test
    void thePictureHasEveryModule() {
        List<String> modules = Page.of("pom.xml").each("<module>([^<.][^<]*)</module>");
        assertThat(drawn("data-module")).containsExactlyInAnyOrderElementsOf(modules);
    }

    @Test
    void theArrowsOfModulesAreTheDependenciesOfTheirPoms() {
        List<String> modules = drawn("data-module");
        Set<Arrow> needed = new HashSet<>();
        for (String module : modules) {
            Page.of(module + "/pom.xml").each("<artifactId>([^<]+)</artifactId>").stream()
                    .filter(other -> modules.contains(other) && !other.equals(module))
                    .forEach(other -> needed.add(new Arrow(module, other)));
        }
        assertArrows(arrows("-module"), needed);
    }

    @Test
    void theArrowsOfPackagesAreTheDependenciesOfTheirClasses() {
        List<String> packages = drawn("data-package");
        Set<Arrow> needed = new ClassFileImporter()
                .importPackages(packages).stream()
                        .filter(type -> packages.contains(type.getPackageName()))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(ArchitectureTest::arrow)
                        .filter(arrow -> packages.contains(arrow.to) && !arrow.from.equals(arrow.to))
                        .collect(Collectors.toSet());
        assertArrows(arrows(""), needed);
    }

    private static Arrow arrow(Dependency dependency) {
        return new Arrow(
                dependency.getOriginClass().getPackageName(),
                dependency.getTargetClass().getBaseComponentType().getPackageName());
    }

    /** Each arrow is a dependency, and each dependency is an arrow or a way along arrows. */
    private static void assertArrows(Set<Arrow> arrows, Set<Arrow> needed) {
        assertThat(arrows).isNotEmpty().isSubsetOf(needed);
        assertThat(needed).allMatch(arrow -> reachable(arrow.from, arrows).contains(arrow.to));
    }

    private static Set<String> reachable(String from, Set<Arrow> arrows) {
        Set<String> reached = new HashSet<>(Set.of(from));
        boolean more = true;
        while (more) {
            more = reached.addAll(arrows.stream()
                    .filter(arrow -> reached.contains(arrow.from))
                    .map(Arrow::to)
                    .collect(Collectors.toSet()));
        }
        return reached;
    }

    private static Set<Arrow> arrows(String kind) {
        String pattern = "data-from%1$s=\"([^\"]+)\" data-to%1$s=\"([^\"]+)\"".formatted(kind);
        return find(pattern).stream()
                .map(arrow -> new Arrow(arrow.group(1), arrow.group(2)))
                .collect(Collectors.toSet());
    }

    private static List<String> drawn(String attribute) {
        return PICTURE.each("\\b" + attribute + "=\"([^\"]+)\"");
    }

    private static List<MatchResult> find(String pattern) {
        return Pattern.compile(pattern).matcher(PICTURE.text()).results().toList();
    }

    private static Set<String> packagesOf(Path sources) {
        return Repository.files(sources, ".java").stream()
                .map(file -> sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.'))
                .collect(Collectors.toSet());
    }

    /** No other module has it in its code or its tests. */
    @ParameterizedTest
    @ValueSource(
            strings = {"torch-porting", "parity-toolkit", "parity-tests", "examples", "benchmarks", "project-checks"})
    void noModuleTouchesTheInternalsOfOthers(String module) {
        Path built = Repository.ROOT.resolve(module).resolve("target");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dl4j-losses/target/classes",
                "dl4j-losses/target/test-classes/io/github/dl4jlosses/spec",
                "torch-porting/target/classes",
                "parity-toolkit/target/classes",
                "parity-tests/target/classes",
                "examples/target/classes",
                "project-checks/target/classes"
            })
    void noPackagesNeedEachOther(String classes) {
        slices().matching("io.github.(**)")
                .should()
                .beFreeOfCycles()
                .check(new ClassFileImporter().importPath(Repository.ROOT.resolve(classes)));
    }

    /** What a test forgets to finish must not compile in silence: Error Prone reads the annotation by its simple name. */
    @Test
    void theStepsOfACheckAreMarkedAsToBeUsed() {
        JavaClasses toolkit =
                new ClassFileImporter().importPath(Repository.ROOT.resolve("parity-toolkit/target/classes"));

        assertThat(Stream.of(Parity.class, ParityResult.class, Targets.class).map(toolkit::get))
                .allMatch(type -> type.getAnnotations().stream()
                        .anyMatch(each -> each.getRawType().getSimpleName().equals("CheckReturnValue")));
    }

    /** Pages, comments and commands name a class of any module by its simple name. */
    @Test
    void noTwoClassesOfTheRepositoryHaveOneSimpleName() {
        Map<String, List<String>> places = Repository.files(Repository.ROOT, ".java").stream()
                .collect(Collectors.groupingBy(
                        Repository::simpleName,
                        TreeMap::new,
                        Collectors.mapping(Repository::nameOf, Collectors.toList())));
        places.keySet().removeAll(OF_EACH);
        assertThat(places).containsKeys("TorchLoss", "TorchWeights", "Parity", "Certificate", "SparkTest");
        places.values().removeIf(files -> files.size() == 1);
        assertThat(places).isEmpty();
    }
}
