/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.parity.grid.LossCase;
import io.github.dl4jlosses.parity.grid.LossCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results that are farthest from torch's, a few for each loss and type, from different cases. */
final class WorstCases {
    private static final int KEPT = 3;

    private final Map<String, List<WorstCase>> kept = new LinkedHashMap<>();

    /** Looks on at a case; {@link #keep} then decides about its worst result. */
    static final class Candidate {
        private final LossCase example;
        private final TorchType type;
        private WorstCase worst;
        private long distance;

        Candidate(LossCase example, TorchType type) {
            this.example = example;
            this.type = type;
        }

        LossCheck.Observer observer() {
            return (result, index, ours, torch, largestTerm, verdict) -> {
                long ulps = Ulps.distance(type, ours, torch);
                if (ulps > distance) {
                    distance = ulps;
                    worst = new WorstCase(example, result, index, ours, torch, type);
                }
            };
        }
    }

    void keep(String loss, Candidate candidate) {
        if (candidate.worst == null) {
            return;
        }
        List<WorstCase> cases = kept.computeIfAbsent(loss + candidate.type, key -> new ArrayList<>());
        cases.add(candidate.worst);
        cases.sort(Comparator.comparingLong(WorstCase::ulps).reversed());
        if (cases.size() > KEPT) {
            cases.remove(KEPT);
        }
    }

    /** The farthest first, loss by loss. */
    List<WorstCase> all() {
        return kept.values().stream().flatMap(List::stream).toList();
    }
}
