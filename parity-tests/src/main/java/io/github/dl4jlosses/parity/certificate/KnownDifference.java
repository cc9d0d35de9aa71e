/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A wanted difference from torch. docs/differences.md says what it is and why, and is the only place that does; here it is
 * shown.
 *
 * @param number that of docs/differences.md's list
 * @param text what docs/differences.md says of it
 */
record KnownDifference(int number, String text) {
    private static final String PAGE = "docs/differences.md";
    private static final String HEADING = "## Known differences from torch";
    private static final Pattern ITEM = Pattern.compile("(\\d+)\\. (.*)");

    /** The list of docs/differences.md. */
    static List<KnownDifference> all() {
        Path page = CertificateOptions.root().resolve(PAGE);
        try {
            return of(Files.readAllLines(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The list in the lines of a page; an item ends where the next one begins, or the section. */
    static List<KnownDifference> of(List<String> page) {
        List<String> section = page.stream()
                .dropWhile(line -> !line.equals(HEADING))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
        List<KnownDifference> all = new ArrayList<>();
        for (String line : section) {
            Matcher item = ITEM.matcher(line);
            if (item.matches()) {
                all.add(new KnownDifference(Integer.parseInt(item.group(1)), item.group(2)));
            } else if (!all.isEmpty() && !line.isBlank()) {
                KnownDifference last = all.remove(all.size() - 1);
                all.add(new KnownDifference(last.number, last.text + " " + line.strip()));
            }
        }
        return all;
    }

    /** What is wrong with the demonstrations of a list: there must be one for each item, and it must show something. */
    static List<String> failures(List<KnownDifference> all, List<Demonstration> demonstrations) {
        List<String> failures = new ArrayList<>();
        List<Integer> shown =
                demonstrations.stream().map(Demonstration::number).distinct().toList();
        List<Integer> listed = all.stream().map(KnownDifference::number).collect(Collectors.toList());
        if (!shown.equals(listed)) {
            failures.add(PAGE + " lists the known differences " + listed + ", the certificate shows " + shown);
        }
        for (Demonstration demonstration : demonstrations) {
            if (demonstration.ours().equals(demonstration.torch())) {
                failures.add("known difference " + demonstration.number() + " is none: " + demonstration);
            }
        }
        return failures;
    }
}
