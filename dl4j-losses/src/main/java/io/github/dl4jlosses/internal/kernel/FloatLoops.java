/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The loops over arrays of which float kernels are made. There are two forms with the same bits: the same operations on each
 * element, in the same order.
 *
 * <p>Loops are short. Of a longer one the JIT compiler makes no vector instructions, or leaves vectors on the heap. They may
 * compute what lies behind the content of an array, up to the next multiple of {@link Workspace#PADDING}.
 */
interface FloatLoops {
    /** What a number exceeds a limit by, times this, is so large that the number and the limit are lost when added to it. */
    float SWALLOWING = 0x1p48f;
    /** Any logit whose exponential is not 1, times this, is so large that 1 is lost when added to it. */
    float SWALLOWING_ONE = 0x1p60f;
    /** Sums of a row are made of so many numbers at once; zeros fill the last of them. */
    int BLOCK = 1024;
    /** Numbers that are left of a block when it is folded. */
    int LANES = 256;

    /** The form that serves: in vector instructions once they are compiled. */
    static FloatLoops ofLength(int n) {
        FloatLoops vector = VectorApi.compiled();
        return vector == null || n % Workspace.PADDING != 0 ? PlainFloatLoops.LOOPS : vector;
    }

    /** Replaces x by d = x - t, and t by what its rounding loses. */
    void subtract(float[] x, float[] t, int n);

    /** Products of the sums of values and rests with a {@link FloatFactor}. */
    void multiply(float[] values, float[] rests, float[] products, int n, float high, float low);

    /** Adds terms to sums, and what its rounding loses to errors. */
    void add(float[] terms, float[] sums, float[] errors, int n);

    /** About the sum of the sizes; infinite or NaN where a value is, 0 where all are. The forms may give different bits. */
    float sumOfSizes(float[] values, int n);

    /** exp and what its rounding loses, for numbers within about 69 of 0, by {@link FloatExponential}; NaN for others. */
    void exponentials(float[] x, float[] e, float[] rest, int n);

    /** exp of numbers within about 69 of 0, by {@link FloatExponential}; NaN for others. */
    void exponentials(float[] x, float[] e, int n);

    /** Numbers of a {@link #BLOCK}, added up in {@link #LANES} lanes. */
    void fold(float[] values, float[] sums);

    /** Likewise, and what the roundings of these sums lose. */
    void foldExactly(float[] values, float[] sums, float[] errors);

    /** Numbers of a {@link #BLOCK}, and their squares, added up in {@link #LANES} lanes; work is of a block's length. */
    void foldWithSquares(float[] values, float[] work, float[] sums, float[] squares);

    /** Numbers of a {@link #BLOCK}, added up in {@link #LANES} lanes; one of these is minus infinity where a number is negative. */
    void foldNotNegative(float[] values, float[] sums);

    /** The products q (base - x) of a {@link #BLOCK}, added up in {@link #LANES} lanes; the terms are working memory. */
    void foldTerms(float[] x, float[] q, float[] terms, float[] sums, float base);

    /** Likewise q (base - x + log); the logarithms are overwritten. */
    void foldLogTerms(float[] x, float[] q, float[] log, float[] sums, float base);

    /** The differences e f - q s, with two {@link FloatFactor}s. */
    void differences(float[] e, float[] q, float[] d, int n, float f, float fLow, float s, float sLow);

    /** Likewise with a first factor for each element. */
    void differences(float[] e, float[] q, float[] d, int n, float[] f, float[] fLow, float s, float sLow);

    /** Replaces targets by (q hard + soft) w, with a factor in two floats. */
    void weigh(float[] q, float[] weight, int n, float hard, float hardLow, float soft);

    /** Numbers, but the smallest normal one for any below it. */
    void atLeastNormal(float[] x, float[] normal, int n);

    /** log of positive normal numbers, by {@link FloatLogarithm}. */
    void logarithms(float[] x, float[] log, int n);

    /** Replaces numbers z from 0 to 1/3 by log((1 + z) / (1 - z)), which is log(1 + e) for z = e / (2 + e). */
    void twiceAtanh(float[] z, int n);

    /** (d + lost)^2. */
    void squares(float[] d, float[] lost, float[] loss, int n);

    /** |x - t|, and in x its sign times a {@link FloatFactor}. */
    void absolutes(float[] x, float[] t, float[] loss, int n, float high, float low);

    /** Numbers, held between -limit and limit. */
    void hold(float[] d, float[] held, int n, float limit);

    /**
     * With s, the distance d = x - t held at a limit, s (d - s / 2), and in x the gradient, s times a scale. These are torch's
     * own roundings, and so no element is further from the exact one than torch's.
     */
    void huber(float[] x, float[] t, float[] held, float[] loss, int n, float limit, float scale);

    /** f s (d + lost - s / 2) with s = held and a slope f in two floats, and |d - s| growth. */
    void heldLosses(
            float[] d, float[] lost, float[] held, float[] loss, int n, float slope, float slopeRest, float growth);

    /** Replaces lost by what held numbers lack: as much within the limit, and held times rest beyond it. */
    void lack(float[] d, float[] lost, float[] held, int n, float rest);

    /** z = -t x. */
    void negatedProducts(float[] x, float[] t, float[] z, int n);

    /** f / (2 + f) for f = min(e, 1/e). */
    void ofSmaller(float[] e, float[] quotients, int n);

    /** Adds max(z, 0). */
    void addPositive(float[] z, float[] log, int n);

    /** Replaces e and its rest by e / (1 + e), and the rest that its roundings leave. */
    void sigmoids(float[] e, float[] rest, int n);

    /** Multiplies slopes and their rests by -t. */
    void multiplyByNegated(float[] t, float[] slopes, float[] rests, int n);

    /** x + eps with eps in two floats, and the rest that its rounding leaves. */
    void shift(float[] x, float[] shifted, float[] rest, int n, float eps, float epsLow);

    /** t / (shifted + rest), and in rest what its rounding loses. */
    void divide(float[] t, float[] shifted, float[] rest, float[] quotient, int n);

    /** 0 of positive normal rates and moderate quotients. */
    void unusual(float[] shifted, float[] quotient, float[] unusual, int n);

    /** x - t log. */
    void rateLosses(float[] x, float[] t, float[] log, float[] loss, int n);

    /** Replaces quotients and their rests by 1 - q, and what that lacks. */
    void rateSlopes(float[] quotient, float[] rest, int n);

    /** e + rest - t x. */
    void logRateLosses(float[] x, float[] t, float[] e, float[] rest, float[] loss, int n);

    /** Replaces e and its rest by e - t, and what that lacks. */
    void logRateSlopes(float[] t, float[] e, float[] rest, int n);

    /** -|x|, and far below any logarithm where a target is not within [0, 1]; NaN where one of both is. */
    void minusSizes(float[] x, float[] t, float[] z, int n);

    /** Replaces s = sigma(-|x|) and its rest so that with the base they add up to sigma(x) - t; no digit of a 0 or 1 is lost. */
    void truthSlopes(float[] x, float[] t, float[] s, float[] rest, float[] base, int n);

    /** Products of a + b + rest with a {@link FloatFactor}. */
    void multiplySums(float[] a, float[] b, float[] rest, float[] products, int n, float high, float low);

    /** Replaces factors in two floats by their products with t, and what these lack. */
    void products(float[] t, float[] factors, float[] low, int n);

    /** With p in the place of the second t: multiplies s and its rest by (1 - t) + p, or minus that where x is not negative. */
    void weightedSlopes(float[] x, float[] t, float[] p, float[] s, float[] rest, int n);

    /** The base is then 1 - t, or -p; what it lacks is added to the rest, and {@code lack} is what p lacks. */
    void weightedBases(float[] x, float[] t, float[] p, float[] lack, float[] base, float[] rest, int n);

    /** log(1 + e) of numbers from 0 to 1. */
    void logarithmsOfOnePlus(float[] e, float[] log, int n);

    /** Replaces log(1 + exp(-|x|)) by (1 - t) softplus(x) + t softplus(-x). */
    void logitLosses(float[] x, float[] t, float[] loss, int n);

    /** Likewise by (1 - t) softplus(x) + p softplus(-x). */
    void weightedLogitLosses(float[] x, float[] t, float[] p, float[] loss, int n);
}
