/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the runs behind one cell of the page have found. */
final class Verdict {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private static final String BETWEEN = "⁺";

    private final Set<FrameworkBug> bugs = EnumSet.noneOf(FrameworkBug.class);
    private final List<String> differences = new ArrayList<>();
    private int runs;
    private int passed;

    /** A run that showed these bugs, and differences that are none of DL4J's. */
    void add(Scenario scenario, Set<FrameworkBug> shown, List<String> unexplained) {
        runs++;
        passed += shown.isEmpty() && unexplained.isEmpty() ? 1 : 0;
        bugs.addAll(shown);
        unexplained.forEach(line -> differences.add(scenario + ": " + line));
    }

    int runs() {
        return runs;
    }

    Set<FrameworkBug> bugs() {
        return EnumSet.copyOf(bugs);
    }

    List<String> differences() {
        return List.copyOf(differences);
    }

    /** A tick where a run has passed, and the numbers of the bugs that others have met. */
    String cell() {
        if (!differences.isEmpty()) {
            return "**differs**";
        }
        String notes = bugs.stream().map(Verdict::note).collect(Collectors.joining(BETWEEN));
        return (passed > 0 ? "✓" : "✗") + notes;
    }

    /** Whether a cell that further runs may have marked says nothing else than these runs. */
    boolean agreesWith(String cell) {
        List<String> notes = List.of(cell.substring(1).split(BETWEEN, -1));
        return differences.isEmpty()
                && (passed == 0 || cell.startsWith("✓"))
                && bugs.stream().allMatch(bug -> notes.contains(note(bug)));
    }

    private static String note(FrameworkBug bug) {
        return String.valueOf(bug.number())
                .chars()
                .mapToObj(digit -> SUPERSCRIPTS.substring(digit - '0', digit - '0' + 1))
                .collect(Collectors.joining());
    }
}
