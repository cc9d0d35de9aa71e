/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The working memory of the kernels of one thread, kept from call to call. */
public final class Workspace {
    /** The longest run that the vector loops take at once. */
    static final int CHUNK = 2048;

    /** Loops whose length is a multiple of this have no scalar rest, and the JIT compiler vectorises them. */
    public static final int PADDING = 64;

    private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

    final FloatingBits bits = new FloatingBits();
    final Exponential exponential = new Exponential(FusedMultiplyAdd.IS_FAST, bits);
    final FloatExponential floatExponential = new FloatExponential(bits);
    final FloatLogarithm floatLogarithm = new FloatLogarithm(bits);
    final Logarithm logarithm = new Logarithm(FusedMultiplyAdd.IS_FAST, bits);
    final Sum sum = new Sum();
    final FloatSum floatSum = new FloatSum();
    final CompensatedSum compensatedSum = new CompensatedSum();
    final RunningSum runningSum = new RunningSum();
    final Largest largest = new Largest();
    final double[] a = new double[CHUNK];
    final double[] b = new double[CHUNK];
    final double[] c = new double[CHUNK];
    final double[] d = new double[CHUNK];
    final double[] f = new double[CHUNK];
    final double[] g = new double[CHUNK];
    final double[] l = new double[CHUNK];
    final float[] floats = new float[CHUNK];
    final float[] floatY = new float[CHUNK];
    final float[] floatL = new float[CHUNK];
    final float[] floatA = new float[CHUNK];
    final float[] floatB = new float[CHUNK];
    final float[] floatC = new float[CHUNK];
    final float[] floatD = new float[CHUNK];
    final float[] floatE = new float[CHUNK];
    final ElementKernel.Run run = new ElementKernel.Run();
    final FloatElementKernel.Run floatRun = new FloatElementKernel.Run();
    final FloatFactor floatFactor = new FloatFactor(1);
    final ColumnSums columnSums = new ColumnSums();
    final SoftmaxTile softmaxTile = new SoftmaxTile(this);
    final SoftmaxColumns softmaxColumns = new SoftmaxColumns(this);
    final FloatSoftmaxRow softmaxRow = new FloatSoftmaxRow(this);
    final FloatSoftmaxRows softmaxRows = new FloatSoftmaxRows();
    final GaussianRun gaussianRun = new GaussianRun(this);
    final Alignments alignments = new Alignments();
    private double[] row = new double[0];
    private double[] otherRow = new double[0];

    private Workspace() {}

    static Workspace ofThread() {
        return OF_THREAD.get();
    }

    /** The length of an array for n numbers, rounded up to a multiple of the padding. */
    public static int padded(int n) {
        return (n + PADDING - 1) / PADDING * PADDING;
    }

    /** {@link #padded(int)}, but at most the arrays' length: loops may compute numbers after the content as well. */
    static int padded(int n, int length) {
        return Math.min(padded(n), length);
    }

    /** The thread's own object for sums. */
    public static Sum sum() {
        return ofThread().sum;
    }

    /** The thread's own sum of many runs, set to 0. */
    public static RunningSum runningSum() {
        RunningSum sum = ofThread().runningSum;
        sum.reset();
        return sum;
    }

    /**
     * Spreads numbers of outputs over elements.
     *
     * @param perOutput one number per output
     * @param first the output of the first element
     * @param to where the numbers of the elements go
     * @param n how many elements
     */
    static void spread(double[] perOutput, int first, double[] to, int n) {
        int outputs = perOutput.length;
        int filled = Math.min(n, outputs - first);
        System.arraycopy(perOutput, first, to, 0, filled);
        int rest = Math.min(n - filled, first);
        System.arraycopy(perOutput, 0, to, filled, rest);
        for (filled += rest; filled < n; filled *= 2) {
            System.arraycopy(to, 0, to, filled, Math.min(filled, n - filled));
        }
    }

    /** Likewise, each number in two floats. */
    static void spread(double[] perOutput, int first, float[] high, float[] low, int n) {
        int filled = Math.min(n, perOutput.length);
        for (int i = 0; i < filled; i++) {
            double number = perOutput[(first + i) % perOutput.length];
            high[i] = (float) number;
            low[i] = (float) (number - high[i]);
        }
        for (; filled < n; filled *= 2) {
            int more = Math.min(filled, n - filled);
            System.arraycopy(high, 0, high, filled, more);
            System.arraycopy(low, 0, low, filled, more);
        }
    }

    /**
     * Computes exp of the numbers from the beginning of an array on, as {@link ShortExponential} or
     * {@link Exponential#ofModerate} does.
     */
    void moderateExponentials(double[] x, double[] e, int length, boolean inFloats) {
        if (inFloats && FusedMultiplyAdd.IS_FAST) {
            ShortExponential.of(x, e, length);
            return;
        }
        if (length <= CHUNK) {
            exponential.ofModerate(x, e, length);
            return;
        }
        // the vector loops have no offset
        for (int at = 0; at < length; at += CHUNK) {
            int n = Math.min(CHUNK, length - at);
            System.arraycopy(x, at, a, 0, n);
            exponential.ofModerate(a, a, n);
            System.arraycopy(a, 0, e, at, n);
        }
    }

    /** Computes exp of a run of an array, as {@link Exponential#of} does; what lies around the run stays as it is. */
    void exponentials(double[] x, double[] e, int from, int length) {
        for (int at = from; at < from + length; at += CHUNK) {
            int n = Math.min(CHUNK, from + length - at);
            System.arraycopy(x, at, a, 0, n);
            exponential.of(a, a, n);
            System.arraycopy(a, 0, e, at, n);
        }
    }

    /** Replaces numbers by their exponentials, as {@link FloatLoops#exponentials(float[], float[], int)} does. */
    void exponentials(float[] x, int length) {
        if (length <= CHUNK) {
            int n = padded(length, x.length);
            FloatLoops.ofLength(n).exponentials(x, x, n);
            return;
        }
        // the plain loops have no offset
        for (int at = 0; at < length; at += CHUNK) {
            int n = Math.min(CHUNK, length - at);
            System.arraycopy(x, at, floats, 0, n);
            FloatLoops.ofLength(padded(n)).exponentials(floats, floats, padded(n));
            System.arraycopy(floats, 0, x, at, n);
        }
    }

    /** At least {@code length} numbers, their content undefined. */
    double[] row(int length) {
        if (row.length < length) {
            row = new double[padded(length)];
        }
        return row;
    }

    /** As many again. */
    double[] otherRow(int length) {
        if (otherRow.length < length) {
            otherRow = new double[padded(length)];
        }
        return otherRow;
    }
}
