/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.mutation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why mutants may survive, in groups. A group begins with {@code ## Heading} and its reason; then each line
 * {@code * class method mutator n} speaks of n mutants, 1 if there is no number. A line that begins with {@code #} alone is a
 * comment.
 */
final class Explanations {

    /** Mutants that survive for one reason. */
    record Group(String heading, String reason, List<Mutant> mutants) {}

    private final Map<String, StringBuilder> reasons = new LinkedHashMap<>();
    /** For each class, method and mutator the heading of each mutant that may survive. */
    private final Map<String, List<String>> headings = new LinkedHashMap<>();

    /** @param lines of the file */
    Explanations(List<String> lines) {
        String heading = null;
        for (String line : lines) {
            if (line.startsWith("## ")) {
                heading = line.substring(3);
                if (reasons.put(heading, new StringBuilder()) != null) {
                    throw new IllegalArgumentException("Two groups are called: " + heading);
                }
            } else if (line.startsWith("* ") && heading != null) {
                add(heading, line);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                if (heading == null) {
                    throw new IllegalArgumentException("No heading is above: " + line);
                }
                StringBuilder reason = reasons.get(heading);
                reason.append(reason.length() == 0 ? "" : "\n").append(line);
            }
        }
    }

    private void add(String heading, String line) {
        String[] words = line.substring(2).trim().split(" +", -1);
        if (words.length != 3 && words.length != 4) {
            throw new IllegalArgumentException("This should be: * class method mutator n: " + line);
        }
        int n = words.length == 3 ? 1 : Integer.parseInt(words[3]);
        List<String> same =
                headings.computeIfAbsent(String.join(" ", words[0], words[1], words[2]), k -> new ArrayList<>());
        for (int i = 0; i < n; i++) {
            same.add(heading);
        }
    }

    /** The survivors by reason, in the order of the file; those without one are the first group, whose heading is null. */
    List<Group> groups(List<Mutant> survivors) {
        Map<String, Group> groups = new LinkedHashMap<>();
        groups.put(null, new Group(null, "", new ArrayList<>()));
        reasons.forEach(
                (heading, reason) -> groups.put(heading, new Group(heading, reason.toString(), new ArrayList<>())));
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (Mutant mutant : survivors) {
            String key = key(mutant);
            int before = seen.merge(key, 1, Integer::sum) - 1;
            List<String> same = headings.getOrDefault(key, List.of());
            groups.get(before < same.size() ? same.get(before) : null).mutants.add(mutant);
        }
        return new ArrayList<>(groups.values());
    }

    /** Lines that speak of more mutants than survive. */
    List<String> outdated(List<Mutant> survivors) {
        List<String> outdated = new ArrayList<>();
        headings.forEach((key, same) -> {
            long n =
                    survivors.stream().filter(mutant -> key(mutant).equals(key)).count();
            if (n < same.size()) {
                outdated.add(key + ": " + same.size() + " explained, " + n + " survive");
            }
        });
        return outdated;
    }

    private static String key(Mutant mutant) {
        return mutant.className() + " " + mutant.method() + " " + mutant.mutator();
    }
}
