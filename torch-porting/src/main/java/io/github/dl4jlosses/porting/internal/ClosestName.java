/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** The name that was probably meant by one that does not exist. */
final class ClosestName {

    private static final int MOST_COMPARED = 1000;

    private ClosestName() {}

    /** "; did you mean 'fc1'?" where one of the names is close, else nothing. */
    static String hint(String name, Collection<String> names) {
        Optional<String> closest = names.stream()
                .filter(Objects::nonNull)
                .limit(MOST_COMPARED)
                .min(Comparator.comparingInt(other -> distance(name, other)));
        return closest.filter(other -> distance(name, other) < name.length())
                .filter(other -> distance(name, other) <= Math.max(2, name.length() / 3))
                .map(other -> "; did you mean '" + Refused.shown(other) + "'?")
                .orElse("");
    }

    /** The Levenshtein distance: the letters to insert, delete or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
