/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.mutation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** One small change of the sources, and what became of it. */
record Mutant(Element xml) {
    private static final String ROOT = "io.github.dl4jlosses.";

    /** All of a run, as PIT's mutations.xml has them. */
    static List<Mutant> read(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            NodeList elements =
                    factory.newDocumentBuilder().parse(file.toFile()).getElementsByTagName("mutation");
            List<Mutant> mutants = new ArrayList<>();
            for (int i = 0; i < elements.getLength(); i++) {
                mutants.add(new Mutant((Element) elements.item(i)));
            }
            return mutants;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " is not what PIT writes", e);
        }
    }

    /** What became of all mutants: a later run, of some classes, stands for them in place of the earlier ones. */
    static List<Mutant> merge(List<List<Mutant>> runs) {
        List<Mutant> merged = new ArrayList<>();
        for (List<Mutant> run : runs) {
            Set<String> again = run.stream().map(Mutant::className).collect(Collectors.toSet());
            merged.removeIf(mutant -> again.contains(mutant.className()));
            merged.addAll(run);
        }
        return merged;
    }

    private String text(String tag) {
        return xml.getElementsByTagName(tag).item(0).getTextContent();
    }

    boolean isKilled() {
        return Boolean.parseBoolean(xml.getAttribute("detected"));
    }

    boolean isTimedOut() {
        return xml.getAttribute("status").equals("TIMED_OUT");
    }

    boolean isCovered() {
        return !xml.getAttribute("status").equals("NO_COVERAGE");
    }

    String packageName() {
        String name = text("mutatedClass");
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** The class without the package that all have, {@code internal.kernel.Sum}. */
    String className() {
        String name = text("mutatedClass");
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
    }

    String method() {
        return text("mutatedMethod");
    }

    int line() {
        return Integer.parseInt(text("lineNumber"));
    }

    /** The kind of change, {@code ConditionalsBoundary}. */
    String mutator() {
        String name = text("mutator");
        return name.substring(name.lastIndexOf('.') + 1).replace("Mutator", "");
    }

    /** What was changed, in PIT's words. */
    String description() {
        return text("description")
                .replace(ROOT.replace('.', '/'), "")
                .replace(ROOT, "")
                .replace("::", ".");
    }
}
