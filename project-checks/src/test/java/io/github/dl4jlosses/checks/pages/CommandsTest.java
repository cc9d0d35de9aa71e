/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.examples.Examples;
import io.github.dl4jlosses.examples.Examples.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the commands in pages, workflows and scripts name is there: profiles, properties, modules, tests, programs, scripts, examples. */
class CommandsTest {
    private static final Path ROOT = Repository.ROOT;

    /** Of Maven, its plugins, ND4J's poms and the JVM. */
    private static final Set<String> PROPERTIES_OF_OTHERS = Set.of(
            "altDeploymentRepository",
            "exec.args",
            "exec.classpathScope",
            "exec.mainClass",
            "gpg.skip",
            "javacpp.platform",
            "jvm",
            "maven.main.skip",
            "maven.test.skip",
            "skipTests",
            "spotless.check.skip",
            "surefire.failIfNoSpecifiedTests",
            "targetClasses",
            "test",
            "threads",
            "user.country",
            "user.language");

    private static final List<Path> SOURCES = Repository.files(ROOT, ".java");

    private static String poms;
    private static String sources;

    @BeforeAll
    static void readTheRepository() {
        poms = textOf(Repository.files(ROOT, "pom.xml"));
        sources = textOf(SOURCES);
    }

    static List<Page> pages() throws IOException {
        try (Stream<Path> workflows = Files.list(ROOT.resolve(".github/workflows"));
                Stream<Path> scripts = Files.list(ROOT.resolve(".ci"))) {
            Stream<Page> others = Stream.concat(workflows, scripts.filter(Files::isRegularFile))
                    .sorted()
                    .map(file -> Page.of(ROOT.relativize(file).toString()));
            return Stream.concat(Page.all(), others)
                    .filter(page -> page.text().contains("mvn ") || page.text().contains("bash "))
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theProfilesAreThoseOfAPom(Page page) {
        assertThat(named(page, "-P([a-z][\\w-]*)")).allMatch(profile -> poms.contains("<id>" + profile + "</id>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void thePropertiesAreRead(Page page) {
        assertThat(named(page, "-D([a-zA-Z][\\w.]*)"))
                .allMatch(property -> PROPERTIES_OF_OTHERS.contains(property)
                        || poms.contains("${" + property + "}")
                        || Pattern.compile("<" + Pattern.quote(property) + "/?>")
                                .matcher(poms)
                                .find()
                        || sources.contains("\"" + property + "\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theModulesAreThere(Page page) {
        assertThat(named(page, "-pl ([\\w,-]+)"))
                .allMatch(modules -> Arrays.stream(modules.split(",", -1))
                        .allMatch(module -> Files.exists(ROOT.resolve(module).resolve("pom.xml"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theTestsAreThere(Page page) {
        assertThat(named(page, "-Dtest='?([\\w*,]+)"))
                .flatMap(tests -> Arrays.asList(tests.split(",", -1)))
                .allMatch(test -> SOURCES.stream()
                        .anyMatch(file -> file.getFileName().toString().matches(test.replace("*", ".*") + "\\.java")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theScriptsCanBeRun(Page page) {
        assertThat(named(page, "(?:bash )?(\\.ci/[\\w-]+)"))
                .allMatch(script -> Files.isExecutable(ROOT.resolve(script)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theProgramsAreThere(Page page) {
        assertThat(named(page, "-Dexec\\.mainClass=([\\w.]+)"))
                .allMatch(program -> SOURCES.stream()
                        .anyMatch(file ->
                                file.toString().replace('\\', '/').endsWith(program.replace('.', '/') + ".java")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theExamplesAreInTheList(Page page) {
        Set<String> names = Examples.all().stream().map(Example::name).collect(Collectors.toCollection(TreeSet::new));
        // what a reader puts a name for, and what runs them all
        names.addAll(List.of("NAME", "all"));
        assertThat(named(page, "-Dexample=(\\w+)")).isSubsetOf(names);
    }

    static List<Example> examples() {
        return Examples.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsTwoClicksFromTheFirstPageAndHasOneCommand(Example example) {
        List<String> near = Stream.of(Page.of("README.md"))
                .flatMap(CommandsTest::withLinked)
                .flatMap(CommandsTest::withLinked)
                .map(Page::toString)
                .distinct()
                .toList();
        List<String> showing = Page.all()
                .filter(page -> page.sections().stream()
                        .anyMatch(part ->
                                part.outputBelow("-Dexample=" + example.name()).isPresent()))
                .map(Page::toString)
                .toList();
        assertThat(showing).hasSize(1).isSubsetOf(near);
    }

    private static Stream<Page> withLinked(Page page) {
        return Stream.concat(Stream.of(page), page.linkedPages());
    }

    @Test
    void allOfTheseAreFound() throws IOException {
        String all = pages().stream().map(Page::text).collect(Collectors.joining("\n"));
        assertThat(all)
                .contains("-Pdigits", "-Dparity.seed=", "-pl examples", "-Dtest=", "bash .ci/run", "-Dexec.mainClass=");
        assertThat(poms).contains("<id>digits</id>");
        assertThat(sources).contains("\"parity.seed\"");
    }

    /** The first group, wherever a word begins with the pattern. */
    private static Set<String> named(Page page, String pattern) {
        return new TreeSet<>(page.each("(?<![\\w.-])" + pattern));
    }

    private static String textOf(List<Path> files) {
        return files.stream()
                .map(file -> Page.of(Repository.nameOf(file)).text())
                .collect(Collectors.joining());
    }
}
