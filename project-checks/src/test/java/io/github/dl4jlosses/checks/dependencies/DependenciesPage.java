/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.dependencies;

import io.github.dl4jlosses.checks.dependencies.Sbom.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The parts of {@code docs/dependencies.md} that are made from the SBOMs and the poms, each between its marks. */
record DependenciesPage(Poms poms) {
    static final Path FILE = Poms.ROOT.resolve("docs/dependencies.md");

    /** The modules that every build has. */
    static final List<String> MODULES = List.of(
            "dl4j-losses",
            "torch-porting",
            "parity-toolkit",
            "parity-tests",
            "examples",
            "benchmarks",
            "project-checks");

    static final String SPARK = "spark-tests";

    private static final String OURS = "io.github.dl4jlosses:";

    /** Makes every part anew; the SBOMs must be those of this commit. */
    void write() throws IOException {
        Sbom library = Sbom.of(".ci/users/library");
        Sbom porting = Sbom.of(".ci/users/porting");
        Sbom toolkit = Sbom.of(".ci/users/toolkit");
        Map<String, Library> tested = new TreeMap<>();
        Map<String, Set<String>> where = new TreeMap<>();
        for (String module : MODULES) {
            Sbom.of(module).libraries().forEach((name, found) -> {
                tested.putIfAbsent(name, found);
                where.computeIfAbsent(name, key -> new TreeSet<>()).add(module);
            });
        }

        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("library", users(library, Map.of(), List.of("dl4j-losses"), tested));
        parts.put("newer", newer(library, tested));
        parts.put("porting", users(porting, library.libraries(), List.of("torch-porting"), tested));
        parts.put("toolkit", users(toolkit, library.libraries(), List.of("parity-toolkit", "torch-porting"), tested));
        Set<String> shown = new TreeSet<>(library.libraries().keySet());
        shown.addAll(porting.libraries().keySet());
        shown.addAll(toolkit.libraries().keySet());
        parts.put("build", build(tested, where, shown));
        parts.put("spark", spark(Sbom.of(SPARK), tested));
        parts.put("tools", tools());
        String page = Files.readString(FILE);
        for (Map.Entry<String, String> part : parts.entrySet()) {
            page = with(page, part.getKey(), part.getValue());
        }
        Files.writeString(FILE, page);
    }

    /** What stands between the marks of this name. */
    static String part(String page, String name) {
        Matcher marked = marked(page, name);
        return marked.group(1);
    }

    private static String with(String page, String name, String text) {
        Matcher marked = marked(page, name);
        return page.substring(0, marked.start(1)) + text + page.substring(marked.end(1));
    }

    private static Matcher marked(String page, String name) {
        Matcher marked = Pattern.compile("<!-- begin " + name + " -->\n(.*?)<!-- end " + name + " -->", Pattern.DOTALL)
                .matcher(page);
        if (!marked.find()) {
            throw new IllegalStateException("docs/dependencies.md has no place for " + name);
        }
        return marked;
    }

    /** The first of the modules is what the user has asked for; the others come with it. */
    private String users(Sbom user, Map<String, Library> without, List<String> modules, Map<String, Library> tested) {
        return table(
                List.of("dependency", "version", "this build tests with", "licence", "comes"),
                user.libraries().values().stream()
                        .filter(library -> !library.name().startsWith(OURS) && !same(library, without))
                        .map(library -> List.of(
                                code(library.name()),
                                library.version(),
                                tested.get(library.name()).version(),
                                library.licence(),
                                comes(library, modules, tested)))
                        .toList());
    }

    private String comes(Library library, List<String> modules, Map<String, Library> tested) {
        Optional<String> asking = modules.stream()
                .filter(module -> poms.dependencies(module).containsKey(library.name()))
                .findFirst();
        return asking.map(module -> module.equals(modules.get(0)) ? "directly" : "through " + module)
                .orElseGet(() -> through(library, tested.get(library.name())));
    }

    /** The user has it through one artifact of ours, so the way in this build says more. */
    private static String through(Library users, Library tested) {
        String name = users.through().startsWith(OURS) ? tested.through() : users.through();
        return "through " + name.substring(name.indexOf(':') + 1);
    }

    /** What a user may put into his build to have the versions that are tested here. */
    private static String newer(Sbom user, Map<String, Library> tested) {
        StringBuilder xml = new StringBuilder("```xml\n<dependencyManagement>\n  <dependencies>\n");
        for (Library library : user.libraries().values()) {
            String version = tested.getOrDefault(library.name(), library).version();
            if (!version.equals(library.version())) {
                String[] name = library.name().split(":", 2);
                xml.append(
                        "    <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>%n"
                                .formatted(name[0], name[1], version));
            }
        }
        return xml.append("  </dependencies>\n</dependencyManagement>\n```\n").toString();
    }

    private String build(Map<String, Library> tested, Map<String, Set<String>> where, Set<String> without) {
        Map<String, String> scopes = new TreeMap<>();
        for (String module : MODULES) {
            poms.dependencies(module).values().forEach(entry -> scopes.putIfAbsent(entry.name(), entry.scope()));
        }
        return table(
                List.of("dependency", "version", "licence", "comes", "modules"),
                tested.values().stream()
                        .filter(library -> !library.name().startsWith(OURS) && !without.contains(library.name()))
                        .map(library -> List.of(
                                code(library.name()),
                                library.version(),
                                library.licence(),
                                scopes.containsKey(library.name())
                                        ? "directly, " + scopes.get(library.name())
                                        : through(library, library),
                                String.join(", ", where.get(library.name()))))
                        .toList());
    }

    private static String spark(Sbom spark, Map<String, Library> without) {
        Map<String, List<String>> byLicence = new TreeMap<>();
        for (Library library : spark.libraries().values()) {
            if (!library.name().startsWith(OURS) && !same(library, without)) {
                byLicence
                        .computeIfAbsent(library.licence(), licence -> new ArrayList<>())
                        .add(code(library.name()) + " " + library.version());
            }
        }
        return table(
                List.of("licence", "dependencies"),
                byLicence.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), String.join(", ", entry.getValue())))
                        .toList());
    }

    private static boolean same(Library library, Map<String, Library> others) {
        Library other = others.get(library.name());
        return other != null && other.version().equals(library.version());
    }

    /** The plugins and what they run, from the poms alone. */
    String tools() {
        return table(
                List.of("plugin, or program that one runs", "version"),
                poms.tools().entrySet().stream()
                        .map(tool -> List.of(code(tool.getKey()), tool.getValue()))
                        .toList());
    }

    private static String code(String name) {
        return "`" + name + "`";
    }

    private static String table(List<String> header, List<List<String>> rows) {
        Function<List<String>, String> line = cells -> "| " + String.join(" | ", cells) + " |\n";
        return line.apply(header)
                + line.apply(header.stream().map(cell -> "---").toList())
                + rows.stream().map(line).collect(Collectors.joining());
    }
}
