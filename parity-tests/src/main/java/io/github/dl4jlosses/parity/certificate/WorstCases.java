/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.LossCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results that are farthest from torch's, a few for each loss and type, from different cases. */
final class WorstCases {
    private final int most;
    private final Map<String, List<Candidate>> kept = new LinkedHashMap<>();

    /** Begins without cases; so many are kept for each loss and type. */
    WorstCases(int most) {
        this.most = most;
    }

    /** Looks on at a case and remembers the result farthest from torch's. */
    static final class Candidate implements LossCheck.Observer {
        private final GridCase example;
        private final TorchType type;
        private long distance;
        private String result;
        private int index;
        private double ours;
        private double torch;

        Candidate(GridCase example, TorchType type) {
            this.example = example;
            this.type = type;
        }

        @Override
        public void compared(
                String newResult, int place, double our, double theirs, double largestTerm, LossCheck.Verdict verdict) {
            long ulps = Ulps.distance(type, our, theirs);
            if (ulps > distance) {
                distance = ulps;
                result = newResult;
                index = place;
                ours = our;
                torch = theirs;
            }
        }
    }

    /** Keeps what is farther than what is kept of its loss and type. */
    void add(String loss, Candidate candidate) {
        if (candidate.distance == 0) {
            return;
        }
        List<Candidate> cases = kept.computeIfAbsent(loss + candidate.type, key -> new ArrayList<>());
        cases.add(candidate);
        cases.sort(Comparator.comparingLong((Candidate other) -> other.distance).reversed());
        if (cases.size() > most) {
            cases.remove(most);
        }
    }

    /** The farthest first, loss by loss, with their exact results. */
    List<WorstCase> all() {
        return kept.values().stream()
                .flatMap(List::stream)
                .map(far -> WorstCase.of(far.example, far.result, far.index, far.ours, far.torch))
                .toList();
    }
}
