/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A loss of single elements: l(x, y), times a weight per output. */
abstract class ElementKernel implements Kernel {
    private final double[] weight;

    /** @param weight one number per output, one number for all, or null */
    ElementKernel(double[] weight) {
        this.weight = weight;
    }

    abstract double loss(double x, double y, int output);

    abstract double gradient(double x, double y, int output);

    /** The derivative with respect to the target, times a factor. */
    abstract double targetGradient(double x, double y, int output, double factor);

    @Override
    public boolean lossPerRow() {
        return false;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        int length = tile.rows * tile.classes;
        for (int at = 0; at < length; at += Workspace.CHUNK) {
            run(tile, at, Math.min(Workspace.CHUNK, length - at), scale, workspace);
        }
        for (int r = 0; r < tile.rows && weight != null; r++) {
            weigh(tile.loss, r * tile.classes, tile.classes);
            weigh(tile.wantsGradient ? tile.gradient : null, r * tile.classes, tile.classes);
            weigh(tile.targetGradient, r * tile.classes, tile.classes);
        }
    }

    /** Results without weights for a run of elements, of at most {@link Workspace#CHUNK}. */
    void run(Tile tile, int at, int n, double scale, Workspace workspace) {
        for (int i = at; i < at + n; i++) {
            int output = i % tile.classes;
            tile.loss[i] = loss(tile.x[i], tile.y[i], output);
            if (tile.wantsGradient) {
                tile.gradient[i] = gradient(tile.x[i], tile.y[i], output) * scale;
            }
        }
        targetGradients(tile, at, n, scale);
    }

    /** The gradients with respect to the target, where they are wanted. */
    final void targetGradients(Tile tile, int at, int n, double scale) {
        for (int i = at; i < at + n && tile.targetGradient != null; i++) {
            tile.targetGradient[i] = targetGradient(tile.x[i], tile.y[i], i % tile.classes, scale);
        }
    }

    private void weigh(double[] values, int at, int n) {
        if (values == null) {
            return;
        }
        if (weight.length == 1) {
            for (int i = at; i < at + n; i++) {
                values[i] *= weight[0];
            }
            return;
        }
        for (int c = 0; c < n; c++) {
            values[at + c] *= weight[c];
        }
    }

    static double numberOf(double[] numbers, int output) {
        return numbers == null ? 1 : numbers[numbers.length == 1 ? 0 : output];
    }

    static boolean isFinite(double value) {
        return Math.abs(value) <= Double.MAX_VALUE;
    }
}
