/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.List;

/** Our errors and torch's, measured once for all who look at them: that takes longer than all else about them. */
public final class SharedAccuracy {
    public static final int SAMPLES = Integer.getInteger("parity.accuracy.samples", 400);
    public static final long SEED = PrintedSeed.of(AccuracyTest.class);

    private static final AccuracyRun RUN = new AccuracyRun(cases());

    private SharedAccuracy() {}

    private static List<AccuracyCase> cases() {
        List<AccuracyCase> cases = new ArrayList<>(AccuracyCases.families(SAMPLES, SEED));
        cases.addAll(AccuracyCases.oddSizes(SAMPLES, SEED));
        return cases;
    }

    /** Who comes first measures. */
    public static AccuracyRun run() {
        return RUN;
    }
}
