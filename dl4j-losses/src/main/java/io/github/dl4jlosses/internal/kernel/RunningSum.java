/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * A sum of many runs of floats, as exact as in double: each place of a run has its own sum, and the rounding errors of
 * its additions are added up separately.
 *
 * <p>Additions in double would need every float converted first, which takes longer than all of this.
 */
public final class RunningSum {
    /** The number of places' sums that are left to be added up in double. */
    private static final int NARROW = 256;

    private final float[] sums = new float[Workspace.CHUNK];
    private final float[] errors = new float[Workspace.CHUNK];
    private final float[] half = new float[Workspace.CHUNK / 2];
    private final float[] chunk = new float[Workspace.CHUNK];
    private int used;

    RunningSum() {}

    /** Sets the sum to 0. */
    public void reset() {
        used = 0;
    }

    /**
     * Adds a run.
     *
     * @param terms the numbers to add; those after the first {@code n} are overwritten by zeros
     * @param n how many
     */
    public void add(float[] terms, int n) {
        for (int at = 0; at < n; at += Workspace.CHUNK) {
            // the vector loops have no offset
            int more = Math.min(Workspace.CHUNK, n - at);
            float[] run = at == 0 ? terms : chunk(terms, at, more);
            int padded = Workspace.padded(more, run.length);
            Arrays.fill(run, more, padded, 0);
            use(padded);
            FloatLoops.ofLength(padded).add(run, sums, errors, padded);
        }
    }

    private float[] chunk(float[] terms, int at, int n) {
        System.arraycopy(terms, at, chunk, 0, n);
        return chunk;
    }

    /** Makes at least this many places available. */
    private void use(int places) {
        if (used < places) {
            Arrays.fill(sums, used, places, 0);
            Arrays.fill(errors, used, places, 0);
            used = places;
        }
    }

    /** The sum, after which nothing can be added; not finite if a term is not, or if the sum exceeds float. */
    public double value() {
        int places = NARROW;
        while (places < used) {
            places *= 2;
        }
        use(places);
        while (places > NARROW) {
            places /= 2;
            System.arraycopy(sums, places, half, 0, places);
            PlainFloatLoops.LOOPS.add(half, sums, errors, places);
            System.arraycopy(errors, places, half, 0, places);
            add(half, errors, places);
        }
        return FloatSum.inDouble(sums, 0, places) + FloatSum.inDouble(errors, 0, places);
    }

    private static void add(float[] terms, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] += terms[i];
        }
    }
}
