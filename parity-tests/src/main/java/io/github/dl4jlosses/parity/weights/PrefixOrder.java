/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.util.ArrayList;
import java.util.Comparator;
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

    /** Sorts the groups if all pairs of them have an order; else leaves them as they are and returns false. */
    static boolean sort(List<TensorGroup> groups) {
        Map<TensorGroup, List<String>> runs =
                groups.stream().collect(Collectors.toMap(group -> group, group -> runs(group.prefix())));
        Comparator<TensorGroup> order = (a, b) -> compare(runs.get(a), runs.get(b));
        List<TensorGroup> sorted = new ArrayList<>(groups);
        for (TensorGroup a : groups) {
            for (TensorGroup b : groups) {
                if (a != b && order.compare(a, b) == 0) {
                    return false;
                }
            }
        }
        sorted.sort(order);
        groups.clear();
        groups.addAll(sorted);
        return true;
    }

    private static List<String> runs(String prefix) {
        return RUN.matcher(prefix).results().map(MatchResult::group).toList();
    }

    /** 0 if the names do not tell. */
    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!a.get(i).equals(b.get(i))) {
                boolean numbers = isNumber(a.get(i)) && isNumber(b.get(i));
                return numbers ? Integer.compare(Integer.parseInt(a.get(i)), Integer.parseInt(b.get(i))) : 0;
            }
        }
        return 0;
    }

    private static boolean isNumber(String run) {
        return run.matches("\\d{1,9}");
    }
}
