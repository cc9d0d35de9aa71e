/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.dependencies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What the poms of this build name: dependencies, plugins and the programs that plugins run. */
final class Poms {
    static final Path ROOT = Path.of("..");

    private static final List<String> FILES = List.of(
            "dl4j-losses-bom/pom.xml",
            "pom.xml",
            "dl4j-losses/pom.xml",
            "torch-porting/pom.xml",
            "parity-toolkit/pom.xml",
            "parity-tests/pom.xml",
            "examples/pom.xml",
            "benchmarks/pom.xml",
            "project-checks/pom.xml",
            "spark-tests/pom.xml");
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    private final Map<String, Element> projects = new LinkedHashMap<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> managed = new TreeMap<>();

    /** A library that a module asks for. */
    record Dependency(String name, String version, String scope) {}

    Poms() throws IOException {
        for (String file : FILES) {
            Element project = read(ROOT.resolve(file));
            projects.put(file, project);
            children(child(project, "properties"))
                    .forEach(property -> properties.putIfAbsent(property.getTagName(), property.getTextContent()));
        }
        properties.put("project.version", text(projects.get(FILES.get(0)), "version"));
        properties.put("project.groupId", text(projects.get(FILES.get(0)), "groupId"));
        for (Element project : projects.values()) {
            Element management = child(child(project, "dependencyManagement"), "dependencies");
            children(management).forEach(entry -> managed.putIfAbsent(name(entry), filled(text(entry, "version"))));
        }
    }

    private static Element read(Path file) throws IOException {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file.toString(), e);
        }
    }

    /** What this module asks for in every build, by itself or as all do, by names. */
    Map<String, Dependency> dependencies(String module) {
        Map<String, Dependency> dependencies = new LinkedHashMap<>();
        Stream.of("pom.xml", module + "/pom.xml")
                .flatMap(file -> children(child(projects.get(file), "dependencies")).stream())
                .forEach(entry -> {
                    String scope = text(entry, "optional").equals("true") ? "optional" : filled(text(entry, "scope"));
                    String name = name(entry);
                    dependencies.put(name, new Dependency(name, version(entry), scope.isEmpty() ? "compile" : scope));
                });
        return dependencies;
    }

    /** The versions that this build gives to libraries that others bring. */
    Map<String, String> managed() {
        return managed;
    }

    /** The versions of plugins, of what they are given and of what they run, by names. */
    Map<String, String> tools() {
        Map<String, String> tools = new TreeMap<>();
        for (Element project : projects.values()) {
            List<Element> all = new ArrayList<>(descendants(project, "path"));
            for (Element plugin : descendants(project, "plugin")) {
                all.add(plugin);
                all.addAll(children(child(plugin, "dependencies")));
            }
            for (Element tool : all) {
                String version = filled(text(tool, "version"));
                if (!version.isEmpty()) {
                    tools.put(name(tool), version);
                }
            }
        }
        tools.put("com.palantir.javaformat:palantir-java-format", properties.get("palantir.version"));
        return tools;
    }

    /** The names of all plugins that are used anywhere, with or without a version there. */
    List<String> plugins() {
        return projects.values().stream()
                .flatMap(project -> descendants(project, "plugin").stream())
                .map(this::name)
                .distinct()
                .sorted()
                .toList();
    }

    private String version(Element entry) {
        String own = filled(text(entry, "version"));
        if (!own.isEmpty()) {
            return own;
        }
        String name = name(entry);
        // of JUnit the BOM is managed
        return managed.getOrDefault(name, name.startsWith("org.junit.") ? managed.get("org.junit:junit-bom") : "");
    }

    private String name(Element entry) {
        String group = text(entry, "groupId");
        return filled(group.isEmpty() ? "org.apache.maven.plugins" : group) + ":" + text(entry, "artifactId");
    }

    private String filled(String text) {
        Matcher property = PROPERTY.matcher(text);
        return property.find() ? filled(property.replaceFirst(known(property.group(1)))) : text;
    }

    private String known(String property) {
        return Matcher.quoteReplacement(properties.getOrDefault(property, "unknown"));
    }

    private static String text(Element parent, String tag) {
        Element element = child(parent, tag);
        return element == null ? "" : element.getTextContent().strip();
    }

    private static Element child(Element parent, String tag) {
        return children(parent).stream()
                .filter(element -> element.getTagName().equals(tag))
                .findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static List<Element> descendants(Element parent, String tag) {
        var all = parent.getElementsByTagName(tag);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .toList();
    }
}
