/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * The softmax of one row after the other, in float.
 *
 * <p>Logits within 69 of 0 need no shift by their maximum. Where a class has more than a third of the probability, losses and
 * its own gradient come from the sum of the others, as in {@link SoftmaxTile}: nothing cancels there.
 */
final class FloatSoftmaxRow {
    private static final int BLOCK = FloatLoops.BLOCK;
    /** The largest of the exponentials is at most the root of the sum of their squares. */
    private static final double SHARE_OF_SQUARES = 1.0 / 10;
    /** Squares of smaller numbers might be 0. */
    private static final double SMALL = 1e-12;

    private final Workspace workspace;
    private final float[] x = new float[BLOCK];
    private final float[] e = new float[BLOCK];
    private final float[] q = new float[BLOCK];
    private final float[] log = new float[BLOCK];
    private final float[] d = new float[BLOCK];
    private final float[] lanes = new float[FloatLoops.LANES];
    private final float[] targetLanes = new float[FloatLoops.LANES];
    private final float[] sumLanes = new float[FloatLoops.LANES];
    /** Of a row that is longer than a block. */
    private float[] exponentials = new float[0];
    /** Whose targets {@link #q} holds, where they are the same for each row; else null. */
    private FloatSoftmaxKernel ownerOfTargets;

    private int firstTarget;

    private FloatSoftmaxKernel kernel;
    private FloatTile tile;
    private FloatLoops loops;
    private double scale;
    private final FloatFactor scaleFactor = new FloatFactor(1);
    private final FloatFactor rowFactor = new FloatFactor(1);
    private int n;

    private double total;
    private double all;
    /** The class with more than a third of the probability, what it and the others add to the total; or -1. */
    private int dominant;

    private double own;
    private double others;
    /** -log p_c is {@code base} - x_c + {@code logSum}; the latter may be less than the former's last place. */
    private float base;

    private double logSum;

    FloatSoftmaxRow(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * Computes losses and gradients of all rows of a tile.
     *
     * @param factor what every gradient is multiplied by
     * @return false where the tile must be computed in double
     */
    boolean compute(FloatSoftmaxKernel ofRows, FloatTile rows, double factor, FloatLoops form) {
        if (!FloatFactor.isSafe(factor)) {
            return false;
        }
        kernel = ofRows;
        tile = rows;
        scale = factor;
        scaleFactor.set(factor);
        loops = form;
        n = tile.classes;
        if (n > BLOCK && exponentials.length < n) {
            exponentials = new float[n];
        }
        for (int r = 0; r < tile.rows; r++) {
            if (!tile.skip[r] && !compute(r)) {
                return false;
            }
        }
        return true;
    }

    private boolean compute(int row) {
        if (!read(row) || !FloatFactor.isSafe(all)) {
            return false;
        }
        int ownClass = kernel.ownClass(tile, row);
        double ofOwn = ownClass < 0 ? 0 : kernel.own(tile, row);
        double whole = all + ofOwn;
        double f = whole * scale / total;
        if (!FloatFactor.isSafe(f)) {
            return false;
        }
        if (tile.wantsLoss) {
            double loss = loss(row);
            if (ownClass >= 0) {
                loss += ofOwn * minusLog(row, ownClass);
            }
            tile.loss[row] = loss;
        }
        if (tile.wantsGradient) {
            float ofDominant =
                    dominant < 0 ? 0 : (float) gradient(row, dominant, ownClass == dominant ? ofOwn : 0, whole);
            float ofClass = ownClass < 0 ? 0 : (float) gradient(row, ownClass, ofOwn, whole);
            rowFactor.set(f);
            gradients(row);
            if (dominant >= 0) {
                tile.x[row * n + dominant] = ofDominant;
            }
            if (ownClass >= 0) {
                tile.x[row * n + ownClass] = ofClass;
            }
        }
        return true;
    }

    /** Exponentials, their sum, and that of the targets. */
    private boolean read(int row) {
        total = 0;
        all = 0;
        double squares = 0;
        double largestSum = 0;
        int largestBlock = 0;
        for (int first = 0; first < n; first += BLOCK) {
            int m = Math.min(BLOCK, n - first);
            load(tile.x, row * n + first, m, x);
            loops.exponentials(x, e, Workspace.padded(m));
            Arrays.fill(e, m, BLOCK, 0);
            if (n > BLOCK) {
                System.arraycopy(e, 0, exponentials, first, m);
            }
            loops.foldWithSquares(e, d, sumLanes, lanes);
            double sum = workspace.floatSum.ofLanes(sumLanes);
            total += sum;
            squares += workspace.floatSum.ofLanes(lanes);
            if (sum > largestSum) {
                largestSum = sum;
                largestBlock = first;
            }
            loadTargets(row, first, m);
            loops.foldNotNegative(q, targetLanes);
            all += workspace.floatSum.ofLanes(targetLanes);
        }
        if (!ElementKernel.isFinite(total)) {
            return false;
        }
        dominant = -1;
        if (!(squares < SHARE_OF_SQUARES * total * total) || total < SMALL) {
            findDominant(largestBlock);
        }
        if (dominant < 0) {
            double logOfTotal = Math.log(total);
            base = (float) logOfTotal;
            logSum = logOfTotal - base;
        } else {
            // the loss may be little more than Q times this, so that its last digit counts
            all = allTargets(row);
            base = tile.x[row * n + dominant];
            logSum = Math.log1p(others / own);
        }
        return true;
    }

    private static void load(float[] values, int from, int m, float[] block) {
        System.arraycopy(values, from, block, 0, m);
        Arrays.fill(block, m, BLOCK, 0);
    }

    private void loadTargets(int row, int first, int m) {
        if (ownerOfTargets == kernel && firstTarget == first) {
            return;
        }
        ownerOfTargets = null;
        kernel.targets(tile, row, first, m, q, loops);
        Arrays.fill(q, m, BLOCK, 0);
        ownerOfTargets = kernel.hasTargetsOfItsOwn() ? kernel : null;
        firstTarget = first;
    }

    /** The class with more than half of the probability is in the block, and in the lane, that has the largest sum. */
    private void findDominant(int block) {
        if (n > BLOCK) {
            load(exponentials, block, Math.min(BLOCK, n - block), e);
            loops.foldWithSquares(e, d, sumLanes, lanes);
        }
        int lane = 0;
        for (int i = 1; i < sumLanes.length; i++) {
            if (sumLanes[i] > sumLanes[lane]) {
                lane = i;
            }
        }
        int largest = lane;
        for (int i = lane; i < BLOCK; i += sumLanes.length) {
            if (e[i] > e[largest]) {
                largest = i;
            }
        }
        own = e[largest];
        if (own > total / 3) {
            dominant = block + largest;
            float[] values = n > BLOCK ? exponentials : e;
            values[dominant] = 0;
            others = workspace.floatSum.of(values, 0, n);
            values[dominant] = (float) own;
            total = own + others;
        }
    }

    /** The sum of the targets, in double where they are large. */
    private double allTargets(int row) {
        double sum = 0;
        for (int first = 0; first < n; first += BLOCK) {
            if (n > BLOCK) {
                loadTargets(row, first, Math.min(BLOCK, n - first));
                loops.foldNotNegative(q, targetLanes);
            }
            sum += workspace.floatSum.besideLargestLane(targetLanes);
            for (int i = workspace.floatSum.largestLane(); i < BLOCK; i += FloatSum.NARROW) {
                sum += q[i];
            }
        }
        return sum;
    }

    private double loss(int row) {
        double loss = all * logSum;
        boolean isDivergence = kernel.isDivergence();
        for (int first = 0; first < n; first += BLOCK) {
            reload(row, first);
            if (isDivergence) {
                loops.atLeastNormal(q, log, BLOCK);
                loops.logarithms(log, log, BLOCK);
                loops.foldLogTerms(x, q, log, lanes, base);
            } else {
                loops.foldTerms(x, q, log, lanes, base);
            }
            loss += workspace.floatSum.besideLargestLane(lanes);
            // where one term is most of the loss, its roundings are those of the loss
            for (int i = workspace.floatSum.largestLane(); i < BLOCK; i += FloatSum.NARROW) {
                loss += term(i, isDivergence);
            }
        }
        return loss;
    }

    private double term(int i, boolean isDivergence) {
        double minusLog = (double) base - x[i];
        return q[i] == 0 ? 0 : q[i] * (isDivergence ? minusLog + Math.log(q[i]) : minusLog);
    }

    /** What {@link #read} had of a block: the last one of a row is still there. */
    private void reload(int row, int first) {
        if (n > BLOCK) {
            int m = Math.min(BLOCK, n - first);
            load(tile.x, row * n + first, m, x);
            loadTargets(row, first, m);
        }
    }

    private void gradients(int row) {
        for (int first = 0; first < n; first += BLOCK) {
            int m = Math.min(BLOCK, n - first);
            if (n > BLOCK) {
                System.arraycopy(exponentials, first, e, 0, m);
                loadTargets(row, first, m);
            }
            loops.differences(
                    e, q, d, Workspace.padded(m), rowFactor.high, rowFactor.low, scaleFactor.high, scaleFactor.low);
            System.arraycopy(d, 0, tile.x, row * n + first, m);
        }
    }

    private double exponential(int c) {
        return n > BLOCK ? exponentials[c] : e[c];
    }

    private double minusLog(int row, int c) {
        return (double) base - tile.x[row * n + c] + logSum;
    }

    /** p Q - q of one class, as (Q - q) p - q (1 - p). */
    private double gradient(int row, int c, double ofOwn, double whole) {
        double ofClass = c == dominant ? own : exponential(c);
        double ofOthers = c == dominant ? others : total - ofClass;
        double target = target(row, c) + ofOwn;
        return ((whole - target) * ofClass - target * ofOthers) * (scale / total);
    }

    private float target(int row, int c) {
        if (n > BLOCK) {
            int first = c / BLOCK * BLOCK;
            loadTargets(row, first, Math.min(BLOCK, n - first));
            return q[c - first];
        }
        return q[c];
    }
}
