/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.parity.exact.ExactReference;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.LossCheck;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Looks on at a case and remembers the result that is farthest from torch's. */
final class WorstCase implements LossCheck.Observer {
    final GridCase example;
    final TorchType type;
    String result;
    int index;
    double ours;
    double torch;
    /** The steps between ours and torch's. */
    long ulps;

    WorstCase(GridCase example, TorchType type) {
        this.example = example;
        this.type = type;
    }

    @Override
    public void compared(
            String newResult, int place, double our, double theirs, double largestTerm, LossCheck.Verdict verdict) {
        long distance = Ulps.distance(type, our, theirs);
        if (distance > ulps) {
            ulps = distance;
            result = newResult;
            index = place;
            ours = our;
            torch = theirs;
        }
    }

    /** The number to 50 digits, which takes some time. */
    ExactNumber exact() {
        Reduction reduction = example.loss().getReduction();
        ExactResult all = ExactReference.of(example.loss()).evaluate(example.torchInput(), example.torchTarget());
        return switch (result) {
            case "value" -> all.value(reduction);
            case "gradient" -> all.gradient(reduction).get(index);
            case "target gradient" -> all.targetGradient(reduction).get(index);
            default -> all.unreduced().get(index);
        };
    }

    /** Joins the few that are kept of its loss and type if it is farther than one of them; they begin with the farthest. */
    void joinTo(Map<String, List<WorstCase>> kept, int most) {
        if (ulps == 0) {
            return;
        }
        List<WorstCase> cases = kept.computeIfAbsent(example.spec().lossName() + type, key -> new ArrayList<>());
        cases.add(this);
        cases.sort(Comparator.comparingLong((WorstCase other) -> other.ulps).reversed());
        if (cases.size() > most) {
            cases.remove(most);
        }
    }
}
