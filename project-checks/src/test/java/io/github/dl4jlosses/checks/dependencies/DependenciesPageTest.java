/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.dependencies;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.dependencies.Poms.Dependency;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code docs/dependencies.md} names what this build has.
 *
 * <p>{@code -Ddependencies.update=true} writes the parts of the page that are made, from the SBOMs;
 * {@code .ci/dependencies} makes these before.
 */
class DependenciesPageTest {
    private static final Pattern INSIDE = Pattern.compile("([\\w-]+) (\\d[\\w.-]*) inside `([\\w.:-]+)`");
    /** A row of what is known: a library, a version, advisories. */
    private static final Pattern AFFECTED = Pattern.compile("(?m)^\\| `([\\w.:-]+)` ([\\w.-]+) \\|.*CVE-");

    private static Poms poms;
    private static String page;

    @BeforeAll
    static void read() throws IOException {
        poms = new Poms();
        if (Boolean.getBoolean("dependencies.update")) {
            new DependenciesPage(poms).write();
        }
        page = Files.readString(DependenciesPage.FILE);
    }

    static Stream<Dependency> asked() throws IOException {
        Poms all = new Poms();
        return Stream.concat(DependenciesPage.MODULES.stream(), Stream.of(DependenciesPage.SPARK))
                .flatMap(module -> all.dependencies(module).values().stream())
                .filter(dependency -> !dependency.name().startsWith("io.github.dl4jlosses:"))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("asked")
    void whatAModuleAsksForIsListed(Dependency dependency) {
        assertThat(page.contains(row(dependency.name(), dependency.version()))
                        || DependenciesPage.part(page, "spark")
                                .contains("`" + dependency.name() + "` " + dependency.version()))
                .as(
                        "docs/dependencies.md has %s %s; .ci/dependencies writes it",
                        dependency.name(), dependency.version())
                .isTrue();
    }

    /** How the tables begin a row. */
    private static String row(String name, String version) {
        return "| `" + name + "` | " + version + " |";
    }

    static Stream<Path> jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                // modules of this build are folders, or jars in folders named target
                .filter(path ->
                        path.toString().endsWith(".jar") && !path.getParent().endsWith("target"));
    }

    /** In a repository of Maven a jar lies in a folder of its version, in a folder of its name. */
    @ParameterizedTest
    @MethodSource("jars")
    void whatTheChecksAndTheExamplesRunWithIsListed(Path jar) {
        String version = jar.getParent().getFileName().toString();
        String name = jar.getParent().getParent().getFileName().toString();
        assertThat(page)
                .containsPattern("\\| `[\\w.-]+:" + Pattern.quote(name) + "` \\| ([\\w.-]+ \\| )?"
                        + Pattern.quote(version) + " \\|");
    }

    @Test
    void theVersionsThatThisBuildGivesToOthersAreListed() {
        String listed =
                page.lines().filter(line -> line.startsWith("| `")).reduce("", (all, line) -> all + line + "\n");
        assertThat(poms.managed()).allSatisfy((name, version) -> {
            if (listed.contains("| `" + name + "` |")) {
                assertThat(listed)
                        .containsPattern("\\| `" + Pattern.quote(name) + "` \\|.* " + Pattern.quote(version) + " \\|");
            }
        });
    }

    @Test
    void everyPluginIsListed() {
        assertThat(DependenciesPage.part(page, "tools")).isEqualTo(new DependenciesPage(poms).tools());
        assertThat(poms.tools()).containsKeys(poms.plugins().toArray(String[]::new));
    }

    @Test
    void noPluginOrDependencyHasAVersionThatFloats() throws IOException {
        assertThat(Stream.concat(poms.tools().values().stream(), poms.managed().values().stream())
                        .filter(version -> !version.equals(ownVersion())))
                .allMatch(version -> version.matches("\\d[\\w.-]*") && !version.contains("SNAPSHOT"));
    }

    private static String ownVersion() {
        return poms.managed().get("io.github.dl4jlosses:dl4j-losses");
    }

    @Test
    void whatIsSaidToBeAffectedIsStillThere() {
        List<MatchResult> rows = AFFECTED.matcher(page).results().toList();
        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(affected -> assertThat(page).contains(row(affected.group(1), affected.group(2))));
    }

    @Test
    void everyFolderOfDataIsInTheNotice() throws IOException {
        String data = "examples/src/main/resources/data";
        String notice = Files.readString(Poms.ROOT.resolve("NOTICE"));
        try (Stream<Path> folders = Files.list(Poms.ROOT.resolve(data))) {
            assertThat(folders)
                    .isNotEmpty()
                    .allMatch(folder -> notice.contains(data + "/" + folder.getFileName() + " "));
        }
    }

    static Stream<MatchResult> inside() throws IOException {
        return INSIDE.matcher(Files.readString(DependenciesPage.FILE)).results();
    }

    @ParameterizedTest
    @MethodSource("inside")
    void whatIsSaidToBeInsideAJarIsInside(MatchResult inside) throws IOException {
        String artifact = inside.group(3).substring(inside.group(3).indexOf(':') + 1);
        Path jar = jars().filter(path -> path.getParent().getParent().endsWith(artifact))
                .findFirst()
                .orElseThrow();
        List<String> versions = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            // a jar that is named after what it has inside has two of them
            for (ZipEntry entry : zip.stream()
                    .filter(file -> file.getName().endsWith("/" + inside.group(1) + "/pom.properties"))
                    .toList()) {
                Properties properties = new Properties();
                properties.load(zip.getInputStream(entry));
                versions.add(properties.getProperty("version"));
            }
        }
        assertThat(versions).contains(inside.group(2));
    }
}
