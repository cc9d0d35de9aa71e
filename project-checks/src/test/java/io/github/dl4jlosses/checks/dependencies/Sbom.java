/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.dependencies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The libraries of one module, as CycloneDX has found them. */
record Sbom(Map<String, Sbom.Library> libraries) {
    private static final String REFERENCE = "bom-ref";

    /** A library, with its native parts, and the direct dependency that brings it, which may be itself. */
    record Library(String name, String version, String licence, String through) {}

    /** Of the module in this folder; {@code .ci/dependencies} makes them. */
    static Sbom of(String folder) throws IOException {
        Path file = Poms.ROOT.resolve(folder).resolve("target/bom.json");
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        Map<String, JsonNode> components = new HashMap<>();
        root.path("components")
                .forEach(node -> components.put(node.path(REFERENCE).asText(), node));

        Map<String, Library> libraries = new TreeMap<>();
        through(root).forEach((reference, through) -> {
            JsonNode component = components.get(reference);
            if (component != null) {
                String name = name(component);
                libraries.putIfAbsent(
                        name,
                        new Library(
                                name,
                                component.path("version").asText(),
                                licence(component),
                                name(components.get(through))));
            }
        });
        return new Sbom(libraries);
    }

    /** By which direct dependency each is found first, going outwards. */
    private static Map<String, String> through(JsonNode root) {
        Map<String, JsonNode> edges = new HashMap<>();
        root.path("dependencies").forEach(node -> edges.put(node.path("ref").asText(), node.path("dependsOn")));
        Map<String, String> through = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>();
        for (JsonNode direct :
                edges.get(root.at("/metadata/component/" + REFERENCE).asText())) {
            through.put(direct.asText(), direct.asText());
            open.add(direct.asText());
        }
        while (!open.isEmpty()) {
            String from = open.remove();
            for (JsonNode to : edges.get(from)) {
                if (through.putIfAbsent(to.asText(), through.get(from)) == null) {
                    open.add(to.asText());
                }
            }
        }
        return through;
    }

    private static String name(JsonNode component) {
        return component.path("group").asText() + ":" + component.path("name").asText();
    }

    private static String licence(JsonNode component) {
        String all = StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(Sbom::licenceName)
                .map(name -> name.replaceAll("^\\(|\\)$", ""))
                // what it makes of "BSD" without a number
                .map(name -> name.replace("BSD-4-Clause", "BSD"))
                .distinct()
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "not in its pom" : all;
    }

    private static String licenceName(JsonNode choice) {
        JsonNode licence = choice.path("license");
        return licence.path("id")
                .asText(licence.path("name").asText(choice.path("expression").asText()));
    }
}
