/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.AccuracyCase;
import io.github.dl4jlosses.parity.exact.AccuracyCases;
import io.github.dl4jlosses.parity.exact.AccuracyRun;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import io.github.dl4jlosses.parity.grid.FaultTrial;
import io.github.dl4jlosses.parity.grid.RefusedCall;
import io.github.dl4jlosses.parity.grid.Subject;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a certificate says.
 *
 * @param options what was asked for
 * @param rows the losses with all combinations of their options, against torch
 * @param worst the results farthest from torch's
 * @param accuracies the errors against exact results
 * @param corners NaN, infinities, nothing at all
 * @param errors wrong calls
 * @param known the wanted differences
 * @param demonstrations what they look like today
 * @param faults deliberate faults
 * @param failures everything that should not be so, one line each; empty: the certificate holds
 */
record Findings(
        CertificateOptions options,
        List<GridRow> rows,
        List<WorstCase> worst,
        List<AccuracySeries> accuracies,
        List<CornerAnswer> corners,
        List<RefusedCall> errors,
        List<KnownDifference> known,
        List<Demonstration> demonstrations,
        List<FaultTrial> faults,
        List<String> failures) {
    /** How many cases of the grid take as long as one with exact results. */
    private static final int ACCURACY_SIZE = 50;

    /** Runs everything. */
    static Findings measure(CertificateOptions options, PrintStream out) {
        GridRun grid = new GridRun(options, Subject::of);
        List<AccuracyCase> cases = accuracyCases(options);
        AccuracyRun accuracy = new AccuracyRun();
        try (Progress progress = new Progress(grid.cases() + ACCURACY_SIZE * cases.size(), out)) {
            grid.run(progress);
            for (AccuracyCase example : cases) {
                accuracy.add(example);
                progress.step(ACCURACY_SIZE, "accuracy");
            }
        }
        Findings findings = of(options, grid, List.copyOf(accuracy.series()));
        findings.addFailures();
        return findings;
    }

    private static List<AccuracyCase> accuracyCases(CertificateOptions options) {
        if (options.isShort()) {
            return AccuracyCases.few(options.samples(), options.seed());
        }
        List<AccuracyCase> cases = new ArrayList<>(AccuracyCases.families(options.samples(), options.seed()));
        cases.addAll(AccuracyCases.oddSizes(options.samples(), options.seed()));
        return cases;
    }

    /** With all that takes little time. */
    static Findings of(CertificateOptions options, GridRun grid, List<AccuracySeries> accuracies) {
        return new Findings(
                options,
                grid.rows(),
                grid.worst(),
                accuracies,
                CornerAnswer.all(),
                RefusedCall.all(),
                KnownDifference.all(),
                Demonstration.all(),
                grid.faults(),
                new ArrayList<>(grid.failures()));
    }

    private void addFailures() {
        accuracies.forEach(accuracy -> failures.addAll(accuracy.violations()));
        for (CornerAnswer corner : corners) {
            if (!corner.differences().isEmpty()) {
                failures.add(corner.corner().loss + ", " + corner.corner().words + ": " + corner.differences());
            }
        }
        for (RefusedCall error : errors) {
            if (!error.isEqual()) {
                failures.add(error.call() + " says: " + error.ours() + "; torch says: " + error.torch());
            }
        }
        failures.addAll(KnownDifference.failures(known, demonstrations));
    }

    int cases() {
        return rows.stream().mapToInt(row -> row.cases).sum();
    }

    int passed() {
        return rows.stream().mapToInt(row -> row.passed).sum();
    }

    boolean holds() {
        return failures.isEmpty();
    }

    /** The result in a sentence. */
    String verdict() {
        return holds()
                ? "all " + cases() + " cases of the grid equal torch, all " + accuracies.size()
                        + " series of errors are within the rule, and the comparison notices each of the "
                        + faults.size() + " deliberate faults"
                : failures.size() + " differences";
    }
}
