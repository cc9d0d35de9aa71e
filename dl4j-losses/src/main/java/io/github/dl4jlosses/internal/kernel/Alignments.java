/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * The sum over all alignments of one label with its sequence: the forward and backward recursion of connectionist
 * temporal classification, over the label with a blank before, between and after its classes.
 *
 * <p>A probability is a double times 2^(256 k), with its own k. So it has the range of logarithms and all digits of a
 * double. The recursion needs no logarithm, and exponentials only for numbers far from 0. Zero has the smallest k, NaN
 * stays NaN.
 */
final class Alignments {
    private static final int BITS = 256;
    private static final double UP = 0x1p256;
    private static final double DOWN = 0x1p-256;
    private static final double LARGEST = 0x1p128;
    private static final double SMALLEST = 0x1p-128;
    private static final double K_OF_ZERO = Double.NEGATIVE_INFINITY;
    private static final double LOG_OF_STEP = BITS * 0.6931471805599453;
    /** Numbers of smaller size have exponentials with k = 0. */
    private static final double PLAIN = 88;
    /** Larger numbers are so coarse that k alone represents their exponential. */
    private static final double COARSE = 0x1p50;

    private int steps;
    private int classes;
    private int states;
    private int[] labels;
    private int blank;
    private double[] x;
    private double[] p;
    private int at;

    private double[] forward = new double[0];
    private double[] forwardK = new double[0];
    private double[] backward = new double[0];
    private double[] backwardK = new double[0];
    private double[] posterior = new double[0];
    private double total;
    private double totalK;

    // the number that was computed last
    private double m;
    private double k;

    /**
     * Runs forward.
     *
     * @param x log-probabilities, step after step, from {@code at} on
     * @param p their exponentials
     * @param steps at least 1
     * @return the negative logarithm of the probability of the label
     */
    double negativeLogLikelihood(double[] x, double[] p, int at, int steps, int classes, int[] labels, int blank) {
        this.x = x;
        this.p = p;
        this.at = at;
        this.steps = steps;
        this.classes = classes;
        this.labels = labels;
        this.blank = blank;
        this.states = 2 * labels.length + 1;
        makeRoom();
        start();
        for (int t = 1; t < steps; t++) {
            forward(t);
        }
        int last = steps * states - 1;
        set(forward[last], forwardK[last]);
        if (states > 1) {
            add(forward[last - 1], forwardK[last - 1]);
        }
        total = m;
        totalK = k;
        return total == 0 ? Double.POSITIVE_INFINITY : -(Math.log(total) + totalK * LOG_OF_STEP);
    }

    private void makeRoom() {
        int cells = Math.multiplyExact(steps, states);
        if (forward.length < cells) {
            forward = new double[cells];
            forwardK = new double[cells];
        }
        if (posterior.length < classes) {
            posterior = new double[classes];
        }
        if (backward.length < states) {
            backward = new double[states];
            backwardK = new double[states];
        }
    }

    /** A sequence begins with a blank or with its first class, so at the first step only these states are used. */
    private void start() {
        for (int s = 0; s < states; s++) {
            set(s < 2 ? 1 : 0, s < 2 ? 0 : K_OF_ZERO);
            if (s < 2) {
                emit(0, s);
            }
            forward[s] = m;
            forwardK[s] = k;
        }
    }

    private void forward(int t) {
        int before = (t - 1) * states;
        int row = t * states;
        for (int s = 0; s < states; s++) {
            set(forward[before + s], forwardK[before + s]);
            if (s > 0) {
                add(forward[before + s - 1], forwardK[before + s - 1]);
            }
            if (skips(s)) {
                add(forward[before + s - 2], forwardK[before + s - 2]);
            }
            emit(t, s);
            forward[row + s] = m;
            forwardK[row + s] = k;
        }
    }

    /** Whether a state follows the one two before it: past a blank, from one class to another. */
    private boolean skips(int s) {
        return (s & 1) == 1 && s > 1 && labels[s >> 1] != labels[(s >> 1) - 1];
    }

    private int classOf(int s) {
        return (s & 1) == 0 ? blank : labels[s >> 1];
    }

    /**
     * Runs backward, and replaces the exponentials by exp(x) minus the probability of each class given the label.
     *
     * @param scale the factor of the gradient
     */
    void gradient(double scale) {
        for (int s = 0; s < states; s++) {
            boolean ends = s >= states - 2;
            backward[s] = ends ? 1 : 0;
            backwardK[s] = ends ? 0 : K_OF_ZERO;
        }
        for (int t = steps - 1; t >= 0; t--) {
            Arrays.fill(posterior, 0, classes, 0);
            for (int s = firstAt(t); s < states; s++) {
                posterior[classOf(s)] += share(t * states + s, s);
            }
            if (t > 0) {
                backward(t);
            }
            int place = at + t * classes;
            for (int c = 0; c < classes; c++) {
                p[place + c] = scale * (p[place + c] - posterior[c]);
            }
        }
    }

    /** A sequence ends in its last two states, so at the last step only these are used. */
    private int firstAt(int t) {
        return t == steps - 1 ? Math.max(0, states - 2) : 0;
    }

    /** Goes from the numbers after a step to those after the step before it. */
    private void backward(int t) {
        for (int s = firstAt(t); s < states; s++) {
            set(backward[s], backwardK[s]);
            emit(t, s);
            backward[s] = m;
            backwardK[s] = k;
        }
        // upwards, so that a state still finds the old numbers of the states after it
        for (int s = 0; s < states; s++) {
            set(backward[s], backwardK[s]);
            if (s + 1 < states) {
                add(backward[s + 1], backwardK[s + 1]);
            }
            if (s + 2 < states && skips(s + 2)) {
                add(backward[s + 2], backwardK[s + 2]);
            }
            backward[s] = m;
            backwardK[s] = k;
        }
    }

    /** The share of all alignments that go through a state at a step. */
    private double share(int cell, int s) {
        double ratio = forward[cell] * backward[s] / total;
        double apart = forwardK[cell] + backwardK[s] - totalK;
        // a share cannot exceed 1, so if k is large the ratio is small
        return apart == 0 ? ratio : apart < -2 ? ratio * 0 : Math.scalb(ratio, (int) (apart * BITS));
    }

    private void set(double m, double k) {
        this.m = m;
        this.k = k;
    }

    private void add(double other, double otherK) {
        if (otherK == k) {
            m += other;
        } else if (otherK > k) {
            m = other + m * down(otherK - k);
            k = otherK;
        } else {
            m += other * down(k - otherK);
        }
    }

    /**
     * The factor of the smaller of two numbers, for their difference of k; if they are further apart no digit of it is
     * left.
     */
    private static double down(double apart) {
        return apart == 1 ? DOWN : 0;
    }

    /** Multiplies by the probability of a state's class at a step. */
    private void emit(int t, int s) {
        int place = at + t * classes + classOf(s);
        double log = x[place];
        if (log >= -PLAIN && log <= PLAIN) {
            m *= p[place];
        } else if (Double.isInfinite(log)) {
            m *= log < 0 ? 0 : Double.NaN;
        } else {
            double further = Math.rint(log / LOG_OF_STEP);
            m *= Math.abs(log) > COARSE ? 1 : Math.exp(log - further * LOG_OF_STEP);
            k += further;
        }
        normalize();
    }

    private void normalize() {
        if (m < SMALLEST) {
            k = m == 0 ? K_OF_ZERO : k - 1;
            m *= UP;
        } else if (m > LARGEST) {
            m *= DOWN;
            k++;
        }
    }
}
