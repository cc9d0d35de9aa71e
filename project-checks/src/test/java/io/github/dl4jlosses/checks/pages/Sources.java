/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The classes of the examples and of this module, main and test, without what has no part in what they compute. */
final class Sources {
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
    private static final Pattern FORMAT = Pattern.compile("%[-,0-9.]*[a-z%]");
    private static final Pattern WORD = Pattern.compile("\\w+");

    /** By the simple name. */
    private final Map<String, String> classes = new HashMap<>();

    Sources() {
        Stream.of("examples/src", "project-checks/src")
                .flatMap(folder -> Repository.files(Repository.ROOT.resolve(folder), ".java").stream())
                .forEach(this::read);
        // it names all examples
        classes.remove("Examples");
    }

    private void read(Path file) {
        String code = COMMENT.matcher(Page.of(Repository.nameOf(file)).text()).replaceAll("");
        classes.put(Repository.simpleName(file), FORMAT.matcher(code).replaceAll(""));
    }

    /** The classes whose names stand in a text, and those whose names stand in them. */
    String behind(String text) {
        Set<String> found = new LinkedHashSet<>();
        add(text, found);
        return found.stream().map(classes::get).collect(Collectors.joining("\n"));
    }

    private void add(String text, Set<String> found) {
        Set<String> named = WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(word -> classes.containsKey(word) && !found.contains(word))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        found.addAll(named);
        named.forEach(name -> add(classes.get(name), found));
    }

    /** The lines of a class that are not comments. */
    int linesOf(String name) {
        return classes.get(name)
                .lines()
                .filter(line -> !line.isBlank())
                .toList()
                .size();
    }

    /** What a constant of a class is. */
    double constant(String name, String constant) {
        return Double.parseDouble(Page.first(classes.get(name), "\\b" + constant + " = ([-.\\deE]+);"));
    }
}
