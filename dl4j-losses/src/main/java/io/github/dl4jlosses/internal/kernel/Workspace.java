/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The working memory of the kernels of one thread, kept from call to call. */
public final class Workspace {
    /** The longest run that the vector loops take at once. */
    static final int CHUNK = 2048;

    private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

    final Exponential exponential = new Exponential();
    final Logarithm logarithm = new Logarithm();
    final Sum sum = new Sum();
    final double[] a = new double[CHUNK];
    final double[] b = new double[CHUNK];
    final double[] c = new double[CHUNK];
    final double[] d = new double[CHUNK];
    final double[] f = new double[CHUNK];
    private double[] row = new double[0];

    private Workspace() {}

    static Workspace ofThread() {
        return OF_THREAD.get();
    }

    /** The thread's own means of adding up. */
    public static Sum sum() {
        return ofThread().sum;
    }

    /** At least {@code length} numbers, their content undefined. */
    double[] row(int length) {
        if (row.length < length) {
            row = new double[length];
        }
        return row;
    }
}
