/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The order of a model's layers as far as their names tell it: numbers count up, as in {@code 0, 2, 10} or {@code fc1, fc2};
 * of two words neither comes first.
 */
final class PrefixOrder {

    private static final Pattern RUN = Pattern.compile("\\d{1,9}|\\D+|\\d+");

    private PrefixOrder() {}

    /**
     * Sorts the groups if all pairs of them have an order; else leaves them as they are and returns false.
     *
     * <p>Sorted by any order that agrees with theirs, neighbours suffice: two groups first differ where one of the neighbours
     * between them do.
     */
    static boolean sort(List<TensorGroup> groups) {
        Map<TensorGroup, List<String>> runs =
                groups.stream().collect(Collectors.toMap(group -> group, group -> runs(group.prefix())));
        List<TensorGroup> sorted = new ArrayList<>(groups);
        sorted.sort((a, b) -> compareAnyway(runs.get(a), runs.get(b)));
        for (int i = 1; i < sorted.size(); i++) {
            if (compare(runs.get(sorted.get(i - 1)), runs.get(sorted.get(i))) == 0) {
                return false;
            }
        }
        groups.clear();
        groups.addAll(sorted);
        return true;
    }

    private static List<String> runs(String prefix) {
        return RUN.matcher(prefix).results().map(MatchResult::group).toList();
    }

    /** 0 if the names do not tell. */
    private static int compare(List<String> a, List<String> b) {
        int i = firstDifference(a, b);
        boolean numbers = i < Math.min(a.size(), b.size()) && isNumber(a.get(i)) && isNumber(b.get(i));
        return numbers ? Integer.compare(Integer.parseInt(a.get(i)), Integer.parseInt(b.get(i))) : 0;
    }

    /** As the names tell; where they do not, numbers before texts, texts by their characters, and the shorter name first. */
    private static int compareAnyway(List<String> a, List<String> b) {
        int told = compare(a, b);
        int i = firstDifference(a, b);
        if (told != 0 || i >= Math.min(a.size(), b.size())) {
            return told != 0 ? told : Integer.compare(a.size(), b.size());
        }
        int numbersFirst = Boolean.compare(isNumber(b.get(i)), isNumber(a.get(i)));
        return numbersFirst != 0 ? numbersFirst : a.get(i).compareTo(b.get(i));
    }

    private static int firstDifference(List<String> a, List<String> b) {
        int i = 0;
        while (i < Math.min(a.size(), b.size()) && a.get(i).equals(b.get(i))) {
            i++;
        }
        return i;
    }

    private static boolean isNumber(String run) {
        return run.matches("\\d{1,9}");
    }
}
