/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/images/architecture.svg shows is what the code is. */
class ArchitecturePictureTest {
    private static final Page PICTURE = Page.of("docs/images/architecture.svg");
    private static final Path ROOT = Path.of("..");
    private static final List<String> DRAWN_IN_FULL =
            List.of("dl4j-losses", "torch-porting", "parity-toolkit", "parity-tests");

    /** From the one that needs to the one that is needed. */
    private record Arrow(String from, String to) {}

    @Test
    void itHasEveryPackageOfTheLibraryThePortingTheToolkitAndTheProofsAndNoOther() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String module : DRAWN_IN_FULL) {
            packages.addAll(packagesOf(ROOT.resolve(module).resolve("src/main/java")));
        }
        assertThat(drawn("data-package")).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void theWordsInItEndTheNamesOfThePackages() {
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
    void itHasEveryModule() {
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
                        .map(ArchitecturePictureTest::arrow)
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

    private static Set<String> packagesOf(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.'))
                    .collect(Collectors.toSet());
        }
    }
}
