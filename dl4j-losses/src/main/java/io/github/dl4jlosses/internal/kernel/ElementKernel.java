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
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            for (int c = 0, i = r * n; c < n; c++, i++) {
                double w = numberOf(weight, c);
                tile.loss[i] = loss(tile.x[i], tile.y[i], c) * w;
                if (tile.gradient != null) {
                    tile.gradient[i] = gradient(tile.x[i], tile.y[i], c) * w * scale;
                }
                if (tile.targetGradient != null) {
                    tile.targetGradient[i] = targetGradient(tile.x[i], tile.y[i], c, w * scale);
                }
            }
        }
    }

    static double numberOf(double[] numbers, int output) {
        return numbers == null ? 1 : numbers[numbers.length == 1 ? 0 : output];
    }

    static boolean isFinite(double value) {
        return Math.abs(value) <= Double.MAX_VALUE;
    }
}
