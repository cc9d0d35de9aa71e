/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The mean over a row's outputs of weighted binary cross entropies of logits. They are those of {@link LogitsKernel}
 * except in special cases of torch.
 */
public final class MultiLabelSoftMarginKernel implements Kernel {
    private final double[] weight;
    private final LogitsKernel entropies;

    /** @param weight one number per output, one number for all, or null */
    public MultiLabelSoftMarginKernel(double[] weight) {
        this.weight = weight;
        this.entropies = new LogitsKernel(weight, null);
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public void compute(Tile tile, double scale) {
        int outputs = tile.classes;
        entropies.compute(tile, scale / outputs);
        if (!tile.wantsLoss) {
            return;
        }
        for (int r = 0; r < tile.rows; r++) {
            int first = r * outputs;
            double sum = CompensatedSum.of(tile.loss, first, outputs);
            if (!ElementKernel.isFinite(sum)) {
                correct(tile, first, outputs);
                sum = CompensatedSum.of(tile.loss, first, outputs);
            }
            // the row's own losses have been read, so its place in the shorter array may be overwritten
            tile.loss[r] = sum / outputs;
        }
    }

    /**
     * Corrects infinite results. A logarithm with factor 0 is left out, where torch multiplies it by 0; for an infinite
     * target both logarithms count, with opposite signs.
     */
    private void correct(Tile tile, int first, int outputs) {
        for (int i = first; i < first + outputs; i++) {
            double x = tile.x[i];
            double t = tile.y[i];
            double w = ElementKernel.numberOf(weight, i % tile.outputs);
            if (Double.isInfinite(t)) {
                tile.loss[i] = Double.NaN;
            } else if (Double.isInfinite(x)) {
                double wrong = x > 0 ? 1 - t : t;
                tile.loss[i] = w * (wrong == 0 ? 0 : wrong * Double.POSITIVE_INFINITY);
            }
        }
    }
}
