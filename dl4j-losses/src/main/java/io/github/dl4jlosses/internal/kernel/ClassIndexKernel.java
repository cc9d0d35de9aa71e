/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Cross entropy of logits against class indices, with class weights and label smoothing.
 *
 * <p>For a row with target t: l = (1-s) w_t (-log p_t) + (s/C) sum_c w_c (-log p_c). Its gradient is p_c Q - q_c with
 * q the smoothed, weighted target and Q its sum, written as ((Q - q_c) e_c - q_c (E - e_c)) / E with E the sum of all
 * e_c, so that a confident row keeps its digits.
 */
public final class ClassIndexKernel implements Kernel {
    private final double[] weight;
    private final double hard;
    private final double soft;
    private final double weightSum;

    /**
     * @param weight one number per class, or null
     * @param hard the factor of the target's own term, 1 - smoothing
     * @param soft the factor of each class's term, smoothing / C; 0: no such term
     */
    public ClassIndexKernel(double[] weight, double hard, double soft, int classes) {
        this.weight = weight;
        this.hard = hard;
        this.soft = soft;
        this.weightSum = weight == null ? classes : CompensatedSum.of(weight, 0, weight.length);
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public void compute(Tile tile, double scale) {
        SoftmaxRow softmax = new SoftmaxRow();
        CompensatedSum sum = new CompensatedSum();
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int at = r * n;
            int target = tile.index[tile.first + r];
            if (!softmax.read(tile.x, at, n, tile.gradient)) {
                tile.fillNaN(r, true);
                continue;
            }
            tile.loss[r] = loss(softmax, target, n, sum);
            if (tile.gradient != null) {
                gradient(softmax, target, tile.gradient, at, n, scale);
            }
        }
    }

    private double weight(int c) {
        return weight == null ? 1 : weight[c];
    }

    private double loss(SoftmaxRow softmax, int target, int n, CompensatedSum sum) {
        double own = weight(target) * softmax.minusLogProbability(target);
        if (soft == 0) {
            return hard * own;
        }
        sum.reset();
        for (int c = 0; c < n; c++) {
            sum.add(weight(c) * softmax.minusLogProbability(c));
        }
        return hard * own + soft * sum.value();
    }

    private void gradient(SoftmaxRow softmax, int target, double[] e, int at, int n, double scale) {
        double all = hard * weight(target) + soft * weightSum;
        if (!(Math.abs(all * scale) <= Double.MAX_VALUE)) {
            gradientInTorchsOrder(softmax, target, e, at, n, scale);
        } else if (soft == 0) {
            double factor = hard * weight(target) * scale / softmax.total();
            double others = softmax.others(target, e[at + target]);
            for (int c = 0; c < n; c++) {
                e[at + c] *= factor;
            }
            e[at + target] = -others * factor;
        } else {
            double own = hard * weight(target);
            double factor = scale / softmax.total();
            for (int c = 0; c < n; c++) {
                double q = soft * weight(c) + (c == target ? own : 0);
                e[at + c] = ((all - q) * e[at + c] - q * softmax.others(c, e[at + c])) * factor;
            }
        }
    }

    /** A denominator of 0 or an infinite weight: torch's order of operations, for its pattern of NaN and infinities. */
    private void gradientInTorchsOrder(SoftmaxRow softmax, int target, double[] e, int at, int n, double scale) {
        double total = softmax.total();
        double sum = 0;
        for (int c = 0; c < n; c++) {
            sum += upstream(c, target, scale);
        }
        for (int c = 0; c < n; c++) {
            e[at + c] = upstream(c, target, scale) - e[at + c] / total * sum;
        }
    }

    private double upstream(int c, int target, double scale) {
        double own = c == target ? weight(c) * -(hard * scale) : 0;
        return soft == 0 ? own : own - soft * scale * weight(c);
    }
}
