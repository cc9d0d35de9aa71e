/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One name, one thing: pages, comments and commands name a class of any module by its simple name. */
class SimpleNamesTest {
    private static final Path ROOT = Path.of("..");

    /** Several modules have their own. */
    private static final Set<String> OF_EACH = Set.of("ArchitectureTest", "package-info");

    @Test
    void noTwoClassesOfTheRepositoryHaveOneSimpleName() throws IOException {
        Map<String, List<String>> places = places();
        assertThat(places).containsKeys("TorchLoss", "TorchWeights", "Parity", "Certificate", "SparkTest");
        places.values().removeIf(files -> files.size() == 1);
        assertThat(places).isEmpty();
    }

    /** The files of all modules by simple names. */
    private static Map<String, List<String>> places() throws IOException {
        Map<String, List<String>> places = new TreeMap<>();
        for (Path sources : folders()) {
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .sorted()
                        .forEach(file -> places.computeIfAbsent(name(file), name -> new ArrayList<>())
                                .add(ROOT.relativize(file).toString().replace('\\', '/')));
            }
        }
        places.keySet().removeAll(OF_EACH);
        return places;
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        }
    }
}
