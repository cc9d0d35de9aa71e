/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * The softmax of short rows, in float, several of them in a block. {@link FloatSoftmaxRow} is for long ones.
 *
 * <p>A block is folded into a quarter of its length, and then each row into half of that. So a row lies in four pieces, one in
 * each quarter, and has half as many lanes as a piece is long. These are added up in double: a short row has too few terms for
 * roundings to average out.
 */
final class FloatSoftmaxRows {
    private static final int BLOCK = FloatLoops.BLOCK;
    private static final int LANES = FloatLoops.LANES;
    private static final int PIECES = BLOCK / LANES;
    /** A class with more than this share of the probability is computed from the sum of the others. */
    private static final double CERTAIN_SHARE = 1.0 / 3;
    /** Its lane has at least this share. */
    private static final double CANDIDATE_SHARE = 0.99 * CERTAIN_SHARE;
    /** A lane with more than this share of a loss is added up in double. */
    private static final double DOMINANT_SHARE = 1.0 / 6;

    private final float[] x = new float[BLOCK];
    private final float[] e = new float[BLOCK];
    private final float[] q = new float[BLOCK];
    private final float[] d = new float[BLOCK];
    private final float[] log = new float[BLOCK];
    private final float[] factor = new float[BLOCK];
    private final float[] factorRest = new float[BLOCK];
    private final float[] base = new float[BLOCK];
    /** Of twice the length, so that it can be folded without regard to rows. */
    private final float[] quarter = new float[2 * LANES];

    private final float[] moved = new float[LANES];
    private final float[] lanes = new float[LANES];
    private final float[] targetLanes = new float[LANES];

    private final double[] total = new double[LANES];
    /** The sum of the targets. */
    private final double[] all = new double[LANES];
    /** -log p_c is {@link #base} - x_c and this. */
    private final double[] rest = new double[LANES];
    /** Of a class with much of the probability: the sum of the other exponentials. */
    private final double[] others = new double[LANES];
    /** The place of such a class, or -1. */
    private final int[] dominant = new int[LANES];

    /** The place of the class that has a target of its own, or -1; and that target. */
    private final int[] placeOfOwn = new int[LANES];

    private final double[] ofOwn = new double[LANES];

    private FloatSoftmaxKernel kernel;
    private FloatLoops loops;
    private FloatTile tile;
    private double scale;
    private final FloatFactor scaleFactor = new FloatFactor(1);
    private int classes;
    /** The length of a piece. */
    private int piece;
    /** How many lanes a row has. */
    private int half;

    private int rows;

    /** How many lanes a row has. */
    private static int lanes(int classes) {
        return (classes + 2 * PIECES - 1) / (2 * PIECES);
    }

    /** How many rows fill a block. */
    static int rowsOfBlock(int classes) {
        return LANES / (2 * lanes(classes));
    }

    /**
     * Computes losses and gradients of all rows of a tile.
     *
     * @param factorOfAll what every gradient is multiplied by
     * @return false where the tile must be computed in double
     */
    boolean compute(FloatSoftmaxKernel ofTile, FloatTile ofRows, double factorOfAll, FloatLoops form) {
        if (!FloatFactor.isSafe(factorOfAll)) {
            return false;
        }
        kernel = ofTile;
        loops = form;
        tile = ofRows;
        scale = factorOfAll;
        scaleFactor.set(scale);
        classes = tile.classes;
        half = lanes(classes);
        piece = 2 * half;
        int rowsOfBlock = rowsOfBlock(classes);
        float[] targets = kernel.targets(tile);
        for (int first = 0; first < tile.rows; first += rowsOfBlock) {
            rows = Math.min(rowsOfBlock, tile.rows - first);
            if (!block(first, targets)) {
                return false;
            }
        }
        return true;
    }

    private boolean block(int first, float[] targets) {
        load(tile.x, first, x);
        load(targets, first, q);
        loops.exponentials(x, e, BLOCK);
        clearBehindRows(e);
        loops.fold(e, quarter);
        foldRows(quarter, lanes);
        loops.foldNotNegative(q, quarter);
        foldRows(quarter, targetLanes);
        boolean safe = true;
        for (int r = 0; r < rows; r++) {
            safe &= addUp(first, r);
        }
        if (!safe) {
            return false;
        }
        if (tile.wantsLoss) {
            losses(first);
        }
        if (tile.wantsGradient) {
            gradients(first);
        }
        return true;
    }

    private void load(float[] values, int first, float[] block) {
        for (int r = 0; r < rows; r++) {
            int from = (first + r) * classes;
            int to = r * piece;
            int done = 0;
            for (; done + piece < classes; done += piece, to += LANES) {
                System.arraycopy(values, from + done, block, to, piece);
            }
            System.arraycopy(values, from + done, block, to, classes - done);
            Arrays.fill(block, to + classes - done, to + piece, 0);
        }
    }

    private void store(float[] block, int first, float[] values) {
        for (int r = 0; r < rows; r++) {
            int to = (first + r) * classes;
            int from = r * piece;
            int done = 0;
            for (; done + piece < classes; done += piece, from += LANES) {
                System.arraycopy(block, from, values, to + done, piece);
            }
            System.arraycopy(block, from, values, to + done, classes - done);
        }
    }

    private void clearBehindRows(float[] block) {
        int last = classes - (PIECES - 1) * piece;
        for (int at = (PIECES - 1) * LANES; at < (PIECES - 1) * LANES + rows * piece; at += piece) {
            Arrays.fill(block, at + last, at + piece, 0);
        }
    }

    /** The halves of each piece, added to each other; between rows there is nothing of use. */
    private void foldRows(float[] pieces, float[] halves) {
        System.arraycopy(pieces, half, moved, 0, LANES);
        add(pieces, moved, halves);
    }

    private static void add(float[] a, float[] b, float[] sums) {
        for (int i = 0; i < LANES; i++) {
            sums[i] = a[i] + b[i];
        }
    }

    /** False where a row must be computed in double. */
    private boolean addUp(int first, int r) {
        int at = r * piece;
        double sum = FloatSum.inDouble(lanes, at, half);
        all[r] = FloatSum.inDouble(targetLanes, at, half);
        findDominant(r, sum);
        float ofBase;
        if (dominant[r] < 0) {
            double logOfSum = Math.log(sum);
            ofBase = (float) logOfSum;
            rest[r] = logOfSum - ofBase;
            total[r] = sum;
        } else {
            float own = e[dominant[r]];
            ofBase = x[dominant[r]];
            rest[r] = SoftmaxTile.logOnePlus(others[r] / own);
            total[r] = own + others[r];
            // the loss may be little more than Q times this, so that its last digit counts
            int lane = withMost(targetLanes, at, all[r]);
            all[r] = lane < 0 ? all[r] : beside(targetLanes, at, lane) + sumOfLane(q, lane);
        }
        addOwn(first, r);
        double f = all[r] * scale / total[r];
        fill(base, r, ofBase);
        fill(factor, r, (float) f);
        fill(factorRest, r, (float) (f - (float) f));
        return ElementKernel.isFinite(sum) && FloatFactor.isSafe(all[r]) && FloatFactor.isSafe(f);
    }

    private void addOwn(int first, int r) {
        int own = kernel.ownClass(tile, first + r);
        placeOfOwn[r] = own < 0 ? -1 : own / piece * LANES + r * piece + own % piece;
        ofOwn[r] = own < 0 ? 0 : kernel.own(tile, first + r);
        all[r] += ofOwn[r];
    }

    /** A class with more than half of the probability is in the lane that has the largest sum. */
    private void findDominant(int r, double sum) {
        dominant[r] = -1;
        int at = r * piece;
        int lane = withMost(lanes, at, sum);
        if (lane < 0) {
            return;
        }
        int largest = lane;
        for (int i = lane; i < BLOCK; i += LANES) {
            largest = e[i] > e[largest] ? i : largest;
            largest = e[i + half] > e[largest] ? i + half : largest;
        }
        float own = e[largest];
        if (own > sum * CERTAIN_SHARE) {
            dominant[r] = largest;
            e[largest] = 0;
            others[r] = beside(lanes, at, lane) + sumOfLane(e, lane);
            e[largest] = own;
        }
    }

    /** The lane with the largest sum, if it has more than about a third of all; else -1. */
    private int withMost(float[] sums, int at, double sum) {
        float most = (float) (sum * CANDIDATE_SHARE);
        int largest = -1;
        for (int i = at; i < at + half; i++) {
            if (sums[i] > most) {
                most = sums[i];
                largest = i;
            }
        }
        return largest;
    }

    /** The sum of a row's lanes but one, for which the numbers that it was made of can be added up without a rounding. */
    private double beside(float[] sums, int at, int lane) {
        float ofLane = sums[lane];
        sums[lane] = 0;
        double sum = FloatSum.inDouble(sums, at, half);
        sums[lane] = ofLane;
        return sum;
    }

    private double sumOfLane(float[] values, int lane) {
        double sum = 0;
        for (int i = lane; i < BLOCK; i += LANES) {
            sum += values[i] + (double) values[i + half];
        }
        return sum;
    }

    private void fill(float[] block, int r, float value) {
        Arrays.fill(block, r * piece, (r + 1) * piece, value);
    }

    /** A number of each row stands in the first quarter. */
    private static void spread(float[] block) {
        for (int at = LANES; at < BLOCK; at += LANES) {
            System.arraycopy(block, 0, block, at, LANES);
        }
    }

    private void losses(int first) {
        boolean isDivergence = kernel.isDivergence();
        spread(base);
        loops.subtract(x, base, BLOCK);
        float[] difference = x;
        if (isDivergence) {
            loops.atLeastNormal(q, log, BLOCK);
            loops.logarithms(log, log, BLOCK);
            System.arraycopy(x, 0, d, 0, BLOCK);
            loops.subtract(d, log, BLOCK);
            difference = d;
        }
        loops.negatedProducts(difference, q, log, BLOCK);
        loops.foldExactly(log, quarter, moved);
        for (int r = 0; r < rows; r++) {
            int at = r * piece;
            double loss = FloatSum.inDouble(quarter, at, piece) + FloatSum.inDouble(moved, at, piece);
            float most = (float) (loss * DOMINANT_SHARE);
            for (int lane = at; lane < at + piece; lane++) {
                if (quarter[lane] > most) {
                    // where one term is much of the loss, its roundings are those of the loss
                    loss += exactly(lane, isDivergence) - quarter[lane] - moved[lane];
                }
            }
            if (placeOfOwn[r] >= 0) {
                loss += ofOwn[r] * minusLog(placeOfOwn[r]);
            }
            tile.loss[first + r] = all[r] * rest[r] + loss;
        }
    }

    private double exactly(int lane, boolean isDivergence) {
        double sum = 0;
        for (int i = lane; i < BLOCK; i += LANES) {
            sum += term(i, isDivergence);
        }
        return sum;
    }

    private double term(int i, boolean isDivergence) {
        return q[i] == 0 ? 0 : q[i] * (isDivergence ? minusLog(i) + Math.log(q[i]) : minusLog(i));
    }

    /** -log p, but for the rest of its row. */
    private double minusLog(int i) {
        // what the subtraction loses is in the place of the base
        return -((double) x[i] + base[i]);
    }

    private void gradients(int first) {
        spread(factor);
        spread(factorRest);
        loops.differences(e, q, d, BLOCK, factor, factorRest, scaleFactor.high, scaleFactor.low);
        for (int r = 0; r < rows; r++) {
            int own = placeOfOwn[r];
            int certain = dominant[r];
            if (own >= 0) {
                d[own] = gradient(r, own, q[own] + ofOwn[r]);
            }
            if (certain >= 0 && certain != own) {
                d[certain] = gradient(r, certain, q[certain]);
            }
        }
        store(d, first, tile.x);
    }

    /** p Q - q, as (Q - q) p - q (1 - p): where p is near 1 the small difference survives. */
    private float gradient(int r, int place, double target) {
        double ofClass = e[place];
        double ofOthers = place == dominant[r] ? others[r] : total[r] - ofClass;
        return (float) (((all[r] - target) * ofClass - target * ofOthers) * (scale / total[r]));
    }
}
