/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of a page depends on the code alone: headings, texts, the titles of tables and the names of their rows. */
final class PageStructure {
    /** Its rows are those that happened to be the worst. */
    private static final String WORST = "## The largest distances";

    private static final String MADE_OF = "## What it was made of";
    private static final Set<String> OF_THE_CODE = Set.of("dl4j-losses", "torch", "DJL", "ND4J");

    private PageStructure() {}

    static List<String> of(String page) {
        List<String> structure = new ArrayList<>();
        String heading = "";
        boolean inTable = false;
        for (String line : page.lines().toList()) {
            heading = line.startsWith("#") ? line : heading;
            if (!line.startsWith("|")) {
                inTable = false;
                addText(structure, line);
            } else if (!inTable) {
                inTable = true;
                structure.add(line);
            } else if (isNamed(heading, line)) {
                structure.add(names(line));
            }
        }
        return structure;
    }

    /** The verdict and the answer hold numbers of the run. */
    private static void addText(List<String> structure, String line) {
        if (!line.startsWith("**It ") && !line.startsWith("* In float") && !line.startsWith("![")) {
            structure.add(line);
        }
    }

    private static boolean isNamed(String heading, String row) {
        return !heading.equals(WORST)
                && (!heading.equals(MADE_OF) || OF_THE_CODE.contains(row.split("\\|", -1)[1].strip()));
    }

    private static String names(String row) {
        String[] cells = row.split("(?<!\\\\)\\|", -1);
        return cells[1].strip() + " | " + cells[2].strip();
    }
}
