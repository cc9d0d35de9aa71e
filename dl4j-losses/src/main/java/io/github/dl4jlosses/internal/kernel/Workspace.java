/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The working memory of the kernels of one thread, kept from call to call. */
public final class Workspace {
    /** The longest run that the vector loops take at once. */
    static final int CHUNK = 2048;

    private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

    private final PowersOfTwo powers = new PowersOfTwo();
    final Exponential exponential = new Exponential(FusedMultiplyAdd.IS_FAST, powers);
    final FloatExponential floatExponential = new FloatExponential(powers);
    final Logarithm logarithm = new Logarithm();
    final Sum sum = new Sum();
    final Largest largest = new Largest();
    final double[] a = new double[CHUNK];
    final double[] b = new double[CHUNK];
    final double[] c = new double[CHUNK];
    final double[] d = new double[CHUNK];
    final double[] f = new double[CHUNK];
    final float[] floats = new float[CHUNK];
    private double[] row = new double[0];

    private Workspace() {}

    static Workspace ofThread() {
        return OF_THREAD.get();
    }

    /** The thread's own means of adding up. */
    public static Sum sum() {
        return ofThread().sum;
    }

    /**
     * Computes exp of a run of an array.
     *
     * @param moderate as {@link Exponential#ofModerate} does; else as {@link Exponential#of}
     */
    void exponentials(double[] x, double[] e, int from, int length, boolean moderate) {
        if (from == 0 && length <= CHUNK) {
            exponentials(x, e, length, moderate);
            return;
        }
        // the vector loops have no offset
        for (int at = from; at < from + length; at += CHUNK) {
            int n = Math.min(CHUNK, from + length - at);
            System.arraycopy(x, at, a, 0, n);
            exponentials(a, a, n, moderate);
            System.arraycopy(a, 0, e, at, n);
        }
    }

    private void exponentials(double[] x, double[] e, int n, boolean moderate) {
        if (moderate) {
            exponential.ofModerate(x, e, n);
        } else {
            exponential.of(x, e, n);
        }
    }

    /** Replaces numbers by their exponentials, as {@link FloatExponential#ofModerate} does. */
    void exponentials(float[] x, int length) {
        if (length <= CHUNK) {
            floatExponential.ofModerate(x, x, length);
            return;
        }
        // the vector loops have no offset
        for (int at = 0; at < length; at += CHUNK) {
            int n = Math.min(CHUNK, length - at);
            System.arraycopy(x, at, floats, 0, n);
            floatExponential.ofModerate(floats, floats, n);
            System.arraycopy(floats, 0, x, at, n);
        }
    }

    /** At least {@code length} numbers, their content undefined. */
    double[] row(int length) {
        if (row.length < length) {
            row = new double[length];
        }
        return row;
    }
}
