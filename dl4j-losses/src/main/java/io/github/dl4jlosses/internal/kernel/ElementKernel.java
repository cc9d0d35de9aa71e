/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A loss of single elements: l(x, y), times a weight per output. */
abstract class ElementKernel implements Kernel {
    private final double[] weight;

    /** @param weight one number per output, one number for all, or null */
    ElementKernel(double[] weight) {
        this.weight = weight;
    }

    /** The derivative with respect to the target, times a factor; a loss without one refuses such a call earlier. */
    double targetGradient(double x, double y, int output, double factor) {
        throw new IllegalStateException("no derivative with respect to the target");
    }

    @Override
    public boolean lossPerRow() {
        return false;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        int length = tile.rows * tile.classes;
        if (length == 0) {
            // a row without outputs
            return;
        }
        double[] gradient = tile.wantsGradient ? tile.gradient : null;
        if (tile.targetGradient != null) {
            targetGradients(tile, length, scale);
        }
        if (length <= Workspace.CHUNK) {
            workspace.run.set(tile, tile.x, tile.y, tile.loss, gradient, 0, length);
            run(workspace.run, scale, workspace);
        } else {
            runInChunks(tile, gradient, length, scale, workspace);
        }
        if (weight != null) {
            double[] spread = workspace.row(length);
            Workspace.spread(weight, 0, spread, length);
            multiply(tile.loss, spread, length);
            multiply(gradient, spread, length);
            multiply(tile.targetGradient, spread, length);
        }
    }

    /** The vector loops have no offset. */
    private void runInChunks(Tile tile, double[] gradient, int length, double scale, Workspace workspace) {
        double[] x = workspace.a;
        double[] y = workspace.b;
        double[] g = gradient == null ? null : workspace.g;
        for (int at = 0; at < length; at += Workspace.CHUNK) {
            int n = Math.min(Workspace.CHUNK, length - at);
            System.arraycopy(tile.x, at, x, 0, n);
            System.arraycopy(tile.y, at, y, 0, n);
            workspace.run.set(tile, x, y, workspace.l, g, at, n);
            run(workspace.run, scale, workspace);
            System.arraycopy(workspace.l, 0, tile.loss, at, n);
            if (g != null) {
                System.arraycopy(g, 0, gradient, at, n);
            }
        }
    }

    /** At most {@link Workspace#CHUNK} elements and the places for their results; the thread has one object for all. */
    static final class Run {
        double[] x;
        double[] y;
        double[] loss;
        /** The gradient; null if it is not wanted. */
        double[] gradient;

        boolean wantsLoss;
        boolean inFloats;

        private int first;
        private int outputs;
        int n;
        /** {@code n} rounded up, but at most the arrays' length: for loops that may run past the content. */
        int padded;

        private void set(Tile tile, double[] x, double[] y, double[] loss, double[] gradient, int first, int n) {
            this.x = x;
            this.y = y;
            this.loss = loss;
            this.gradient = gradient;
            this.wantsLoss = tile.wantsLoss;
            this.inFloats = tile.inFloats;
            this.first = first;
            this.outputs = tile.outputs;
            this.n = n;
            int length = Math.min(Math.min(x.length, y.length), loss.length);
            this.padded = Workspace.padded(n, gradient == null ? length : Math.min(length, gradient.length));
        }

        /** The output that an element belongs to. */
        int output(int i) {
            return (first + i) % outputs;
        }
    }

    /** Results without weights; may overwrite the inputs. */
    abstract void run(Run run, double scale, Workspace workspace);

    /** A number of an element. */
    interface Formula {
        double of(double x, double y, int output);
    }

    /** Computes a run by scalar formulas, which follow torch in special cases. */
    static void runOneByOne(Run run, double scale, Formula loss, Formula gradient) {
        for (int i = 0; i < run.n; i++) {
            int output = run.output(i);
            double x = run.x[i];
            double y = run.y[i];
            run.loss[i] = loss.of(x, y, output);
            if (run.gradient != null) {
                run.gradient[i] = gradient.of(x, y, output) * scale;
            }
        }
    }

    private void targetGradients(Tile tile, int length, double scale) {
        for (int i = 0; i < length; i++) {
            tile.targetGradient[i] = targetGradient(tile.x[i], tile.y[i], i % tile.outputs, scale);
        }
    }

    /** Multiplies by the factors, unless they are null. */
    static void multiply(double[] values, double[] factors, int count) {
        if (values != null) {
            multiplyAll(values, factors, Workspace.padded(count, Math.min(values.length, factors.length)));
        }
    }

    private static void multiplyAll(double[] values, double[] factors, int n) {
        for (int i = 0; i < n; i++) {
            values[i] *= factors[i];
        }
    }

    /** Numbers that {@link Logarithm} takes. */
    static void atLeastNormal(double[] x, double[] result, int n) {
        for (int i = 0; i < n; i++) {
            result[i] = Math.max(x[i], Double.MIN_NORMAL);
        }
    }

    /** f / (2 + f) for f = min(e, 1/e), of which {@link Logarithm#twiceAtanh} makes log(1 + f). */
    static void ofSmaller(double[] e, double[] quotient, int n) {
        for (int i = 0; i < n; i++) {
            quotient[i] = Math.min(e[i], 1) / (1 + e[i] + Math.max(e[i], 1));
        }
    }

    static double numberOf(double[] numbers, int output) {
        return numbers == null ? 1 : numbers[numbers.length == 1 ? 0 : output];
    }

    /** A factor that, applied twice, makes any number above 0 larger than 1. */
    private static final double LARGE = 0x1p1000;

    /** 1 for a number above 0, however small, else 0; without a branch, which no processor could predict. */
    static double isAboveZero(double value) {
        return Math.max(Math.min(value * LARGE * LARGE, 1), 0);
    }

    static boolean isFinite(double value) {
        return Math.abs(value) <= Double.MAX_VALUE;
    }

    /** Whether all numbers lie in [0, 1]; {@code work} is overwritten. */
    static boolean areProbabilities(double[] y, double[] work, int n, Workspace workspace) {
        outside(y, work, Workspace.padded(n, Math.min(y.length, work.length)));
        return workspace.sum.of(work, 0, n) == 0;
    }

    /** Gives a negative number for numbers outside [0, 1], by however little, and NaN for NaN. */
    private static void outside(double[] y, double[] work, int n) {
        for (int i = 0; i < n; i++) {
            work[i] = Math.min(y[i] * (1 - y[i]), 0);
        }
    }
}
