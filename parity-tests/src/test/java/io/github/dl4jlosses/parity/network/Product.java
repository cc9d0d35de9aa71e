/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The runs of a product of many factors (losses, layers, masks, ..): all of them with {@code -Dparity.full=true}, else so
 * few that still every pair of values which occurs in the product occurs in some run. A failure that takes three values
 * together is left to the full product.
 */
final class Product {
    private Product() {}

    static boolean isFull() {
        return Boolean.getBoolean("parity.full");
    }

    /** What a build runs of the scenarios of a product. */
    static Stream<Scenario> of(List<Scenario> all) {
        return of(all, Scenario::factors).stream();
    }

    /**
     * What a build runs of a product.
     *
     * @param factors the values of a run, those of each factor at the same place
     */
    static <T> List<T> of(List<T> all, Function<T, List<?>> factors) {
        return isFull() ? all : pairwise(all, factors);
    }

    /** Takes the run with the most pairs that are new, the first of them, until no pair is missing. */
    static <T> List<T> pairwise(List<T> all, Function<T, List<?>> factors) {
        PriorityQueue<Candidate<T>> candidates =
                new PriorityQueue<>(Comparator.<Candidate<T>>comparingInt(candidate -> -candidate.fresh)
                        .thenComparingInt(candidate -> candidate.place));
        for (int place = 0; place < all.size(); place++) {
            candidates.add(new Candidate<>(all.get(place), place, pairs(factors.apply(all.get(place)))));
        }
        List<Candidate<T>> chosen = new ArrayList<>();
        Set<Pair> shown = new HashSet<>();
        while (!candidates.isEmpty()) {
            Candidate<T> best = candidates.remove();
            int before = best.fresh;
            best.forget(shown);
            if (best.fresh == before) {
                chosen.add(best);
                shown.addAll(best.pairs);
            } else if (best.fresh > 0) {
                // what a run adds only becomes less, so whoever still leads is the best
                candidates.add(best);
            }
        }
        // in the order of the product, whose neighbours have much in common
        chosen.sort(Comparator.comparingInt(candidate -> candidate.place));
        return chosen.stream().map(candidate -> candidate.run).toList();
    }

    /** Two values of a run; the places tell factors apart whose values are of one type. */
    record Pair(int first, Object one, int second, Object other) {}

    static List<Pair> pairs(List<?> values) {
        List<Pair> pairs = new ArrayList<>();
        for (int second = 1; second < values.size(); second++) {
            for (int first = 0; first < second; first++) {
                pairs.add(new Pair(first, values.get(first), second, values.get(second)));
            }
        }
        return pairs;
    }

    private static final class Candidate<T> {
        private final T run;
        private final int place;
        private List<Pair> pairs;
        private int fresh;

        Candidate(T run, int place, List<Pair> pairs) {
            this.run = run;
            this.place = place;
            this.pairs = pairs;
            this.fresh = pairs.size();
        }

        void forget(Set<Pair> shown) {
            pairs = pairs.stream().filter(pair -> !shown.contains(pair)).toList();
            fresh = pairs.size();
        }
    }
}
