/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link FloatLoops} in plain Java. */
final class PlainFloatLoops implements FloatLoops {
    static final FloatLoops LOOPS = new PlainFloatLoops();

    /** A factor that, applied twice, makes any float above 0 larger than 1. */
    static final float LARGE = 0x1p100f;
    /** A factor that makes numbers above 3.4e35 infinite; 0 times infinity is NaN. */
    static final float OVERFLOW = 1000;

    private PlainFloatLoops() {}

    @Override
    public void subtract(float[] x, float[] t, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - t[i];
            float taken = d - x[i];
            t[i] = (x[i] - (d - taken)) - (t[i] + taken);
            x[i] = d;
        }
    }

    @Override
    public void multiply(float[] values, float[] rests, float[] products, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            products[i] = Math.fma(values[i], high, Math.fma(values[i], low, rests[i] * high));
        }
    }

    @Override
    public void add(float[] terms, float[] sums, float[] errors, int n) {
        for (int i = 0; i < n; i++) {
            float term = terms[i];
            float before = sums[i];
            float after = before + term;
            float added = after - before;
            errors[i] += (before - (after - added)) + (term - added);
            sums[i] = after;
        }
    }

    @Override
    public float sumOfSizes(float[] values, int n) {
        return Workspace.ofThread().floatSum.ofSizes(values, n);
    }

    @Override
    public void exponentials(float[] x, float[] e, float[] rest, int n) {
        Workspace.ofThread().floatExponential.ofModerate(x, e, rest, n);
    }

    @Override
    public void exponentials(float[] x, float[] e, int n) {
        Workspace.ofThread().floatExponential.ofModerate(x, e, n);
    }

    @Override
    public void foldWithSquares(float[] a, float[] work, float[] sums, float[] squares) {
        fold(a, sums);
        squares(a, work);
        fold(work, squares);
    }

    @Override
    public void foldExactly(float[] a, float[] sums, float[] errors) {
        for (int i = 0; i < LANES; i++) {
            float p = a[i] + a[i + 256];
            float added = p - a[i];
            float error = (a[i] - (p - added)) + (a[i + 256] - added);
            float q = a[i + 512] + a[i + 768];
            added = q - a[i + 512];
            error += (a[i + 512] - (q - added)) + (a[i + 768] - added);
            float sum = p + q;
            added = sum - p;
            errors[i] = error + ((p - (sum - added)) + (q - added));
            sums[i] = sum;
        }
    }

    private static void squares(float[] a, float[] squares) {
        for (int i = 0; i < BLOCK; i++) {
            squares[i] = a[i] * a[i];
        }
    }

    @Override
    public void fold(float[] a, float[] sums) {
        for (int i = 0; i < LANES; i++) {
            sums[i] = (a[i] + a[i + 256]) + (a[i + 512] + a[i + 768]);
        }
    }

    @Override
    public void foldNotNegative(float[] a, float[] sums) {
        for (int i = 0; i < LANES; i++) {
            float p = a[i];
            float q = a[i + 256];
            float r = a[i + 512];
            float s = a[i + 768];
            float negative = ((p - Math.abs(p)) + (q - Math.abs(q))) + ((r - Math.abs(r)) + (s - Math.abs(s)));
            sums[i] = ((p + q) + (r + s)) + negative * LARGE * LARGE * LARGE;
        }
    }

    @Override
    public void foldTerms(float[] x, float[] q, float[] terms, float[] sums, float base) {
        terms(x, q, terms, base);
        fold(terms, sums);
    }

    private static void terms(float[] x, float[] q, float[] terms, float base) {
        for (int i = 0; i < BLOCK; i++) {
            terms[i] = q[i] * (base - x[i]);
        }
    }

    @Override
    public void foldLogTerms(float[] x, float[] q, float[] log, float[] sums, float base) {
        logTerms(x, q, log, base);
        fold(log, sums);
    }

    private static void logTerms(float[] x, float[] q, float[] log, float base) {
        for (int i = 0; i < BLOCK; i++) {
            log[i] = q[i] * ((base - x[i]) + log[i]);
        }
    }

    @Override
    public void differences(float[] e, float[] q, float[] d, int n, float f, float fLow, float s, float sLow) {
        for (int i = 0; i < n; i++) {
            d[i] = Math.fma(e[i], f, Math.fma(q[i], -s, Math.fma(e[i], fLow, q[i] * -sLow)));
        }
    }

    @Override
    public void differences(float[] e, float[] q, float[] d, int n, float[] f, float[] fLow, float s, float sLow) {
        for (int i = 0; i < n; i++) {
            d[i] = Math.fma(e[i], f[i], Math.fma(q[i], -s, Math.fma(e[i], fLow[i], q[i] * -sLow)));
        }
    }

    @Override
    public void weigh(float[] q, float[] weight, int n, float hard, float hardLow, float soft) {
        for (int i = 0; i < n; i++) {
            q[i] = Math.fma(q[i], hard, Math.fma(q[i], hardLow, soft)) * weight[i];
        }
    }

    @Override
    public void atLeastNormal(float[] x, float[] normal, int n) {
        for (int i = 0; i < n; i++) {
            normal[i] = Math.max(x[i], Float.MIN_NORMAL);
        }
    }

    @Override
    public void logarithms(float[] x, float[] log, int n) {
        Workspace.ofThread().floatLogarithm.of(x, log, n);
    }

    @Override
    public void twiceAtanh(float[] z, int n) {
        FloatLogarithm.twiceAtanh(z, n);
    }

    @Override
    public void squares(float[] d, float[] lost, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(d[i], d[i], 2 * d[i] * lost[i]);
        }
    }

    @Override
    public void absolutes(float[] x, float[] t, float[] loss, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - t[i];
            // the sign, without a branch
            float sign = Math.max(-1, Math.min(d * LARGE * LARGE, 1));
            x[i] = FloatFactor.times(sign, high, low);
            loss[i] = Math.abs(d);
        }
    }

    @Override
    public void hold(float[] d, float[] held, int n, float limit) {
        holdBelow(d, held, n, limit);
        holdAbove(held, n, -limit);
    }

    /**
     * The smaller of each number and a limit. With {@link Math#min} it would depend on the numbers seen before whether
     * the JIT compiler vectorises the loop.
     */
    private static void holdBelow(float[] d, float[] held, int n, float limit) {
        for (int i = 0; i < n; i++) {
            float excess = d[i] - limit;
            float beyond = (excess + Math.abs(excess)) * SWALLOWING;
            held[i] = ((d[i] + beyond) - beyond) + (limit - ((limit + beyond) - beyond));
        }
    }

    private static void holdAbove(float[] held, int n, float limit) {
        for (int i = 0; i < n; i++) {
            float excess = held[i] - limit;
            float beyond = (excess - Math.abs(excess)) * SWALLOWING;
            held[i] = ((held[i] + beyond) - beyond) + (limit - ((limit + beyond) - beyond));
        }
    }

    @Override
    public void huber(float[] x, float[] t, float[] held, float[] loss, int n, float limit, float scale) {
        distances(x, t, n);
        hold(x, held, n, limit);
        heldLosses(x, held, loss, n);
        multiply(held, x, n, scale);
    }

    private static void distances(float[] x, float[] t, int n) {
        for (int i = 0; i < n; i++) {
            x[i] -= t[i];
        }
    }

    private static void multiply(float[] values, float[] products, int n, float factor) {
        for (int i = 0; i < n; i++) {
            products[i] = values[i] * factor;
        }
    }

    private static void heldLosses(float[] d, float[] held, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            float s = held[i];
            loss[i] = s * (d[i] - 0.5f * s);
        }
    }

    @Override
    public void heldLosses(
            float[] d, float[] lost, float[] held, float[] loss, int n, float slope, float slopeRest, float growth) {
        for (int i = 0; i < n; i++) {
            float s = held[i];
            float product = Math.fma(s, slope, s * slopeRest);
            loss[i] = Math.fma(product, d[i] - 0.5f * s, product * lost[i] + Math.abs(d[i] - s) * growth);
        }
    }

    @Override
    public void lack(float[] d, float[] lost, float[] held, int n, float rest) {
        for (int i = 0; i < n; i++) {
            float beyond = (d[i] - held[i]) * SWALLOWING;
            float lack = held[i] * rest;
            lost[i] = ((lost[i] - lack + beyond) - beyond) + lack;
        }
    }

    @Override
    public void negatedProducts(float[] x, float[] t, float[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = -t[i] * x[i];
        }
    }

    @Override
    public void ofSmaller(float[] e, float[] quotients, int n) {
        for (int i = 0; i < n; i++) {
            quotients[i] = Math.min(e[i], 1) / (1 + e[i] + Math.max(e[i], 1));
        }
    }

    @Override
    public void addPositive(float[] z, float[] log, int n) {
        for (int i = 0; i < n; i++) {
            // in fewer instructions than a maximum
            log[i] += (Math.abs(z[i]) + z[i]) * 0.5f;
        }
    }

    @Override
    public void sigmoids(float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float sum = 1 + e[i];
            float added = sum - 1;
            float lost = (1 - (sum - added)) + (e[i] - added);
            float inverse = 1 / sum;
            float q = e[i] * inverse;
            float lack = Math.fma(-q, lost, Math.fma(-q, sum, e[i]));
            rest[i] = Math.fma(rest[i], inverse, lack) * inverse;
            e[i] = q;
        }
    }

    @Override
    public void multiplyByNegated(float[] t, float[] slopes, float[] rests, int n) {
        for (int i = 0; i < n; i++) {
            slopes[i] *= -t[i];
            rests[i] *= -t[i];
        }
    }

    @Override
    public void shift(float[] x, float[] shifted, float[] rest, int n, float eps, float epsLow) {
        for (int i = 0; i < n; i++) {
            float sum = x[i] + eps;
            float added = sum - x[i];
            rest[i] = (x[i] - (sum - added)) + (eps - added) + epsLow;
            shifted[i] = sum;
        }
    }

    @Override
    public void divide(float[] t, float[] shifted, float[] rest, float[] quotient, int n) {
        for (int i = 0; i < n; i++) {
            float inverse = 1 / shifted[i];
            float q = t[i] * inverse;
            rest[i] = Math.fma(-q, rest[i], Math.fma(-q, shifted[i], t[i])) * inverse;
            quotient[i] = q;
        }
    }

    @Override
    public void unusual(float[] shifted, float[] quotient, float[] unusual, int n) {
        for (int i = 0; i < n; i++) {
            unusual[i] = Math.min(shifted[i] - Float.MIN_NORMAL, 0) + (shifted[i] + quotient[i]) * OVERFLOW * 0;
        }
    }

    @Override
    public void rateLosses(float[] x, float[] t, float[] log, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(-t[i], log[i], x[i]);
        }
    }

    @Override
    public void rateSlopes(float[] quotient, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float slope = 1 - quotient[i];
            rest[i] = (1 - slope) - quotient[i] - rest[i];
            quotient[i] = slope;
        }
    }

    @Override
    public void logRateLosses(float[] x, float[] t, float[] e, float[] rest, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(-t[i], x[i], e[i]) + rest[i];
        }
    }

    @Override
    public void logRateSlopes(float[] t, float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float slope = e[i] - t[i];
            float taken = slope - e[i];
            rest[i] += (e[i] - (slope - taken)) - (t[i] + taken);
            e[i] = slope;
        }
    }

    @Override
    public void minusSizes(float[] x, float[] t, float[] z, int n) {
        for (int i = 0; i < n; i++) {
            float excess = Math.abs(t[i] - 0.5f) - 0.5f;
            z[i] = -Math.abs(x[i]) - (excess + Math.abs(excess)) * SWALLOWING;
        }
    }

    @Override
    public void truthSlopes(float[] x, float[] t, float[] s, float[] rest, float[] base, int n) {
        for (int i = 0; i < n; i++) {
            // 1, or 0; where sigma(-|x|) is 1/2, anything will do
            float above = (x[i] + Math.abs(x[i])) * SWALLOWING_ONE;
            float isNegative = (1 + above) - above;
            float isPositive = 1 - isNegative;
            float b = isPositive - t[i];
            float sign = isNegative - isPositive;
            rest[i] = Math.fma(rest[i], sign, (isPositive - b) - t[i]);
            s[i] *= sign;
            base[i] = b;
        }
    }

    @Override
    public void multiplySums(float[] a, float[] b, float[] rest, float[] products, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            float sum = a[i] + b[i];
            float added = sum - a[i];
            float lost = (a[i] - (sum - added)) + (b[i] - added) + rest[i];
            products[i] = Math.fma(sum, high, Math.fma(sum, low, lost * high));
        }
    }

    @Override
    public void logarithmsOfOnePlus(float[] e, float[] log, int n) {
        for (int i = 0; i < n; i++) {
            log[i] = FloatLogarithm.ofOnePlus(e[i]);
        }
    }

    @Override
    public void products(float[] t, float[] factors, float[] low, int n) {
        for (int i = 0; i < n; i++) {
            float product = t[i] * factors[i];
            low[i] = Math.fma(t[i], low[i], Math.fma(t[i], factors[i], -product));
            factors[i] = product;
        }
    }

    @Override
    public void weightedSlopes(float[] x, float[] t, float[] p, float[] s, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float above = (x[i] + Math.abs(x[i])) * SWALLOWING_ONE;
            float isNegative = (1 + above) - above;
            float slope = ((1 - t[i]) + p[i]) * (isNegative - (1 - isNegative));
            float product = s[i] * slope;
            rest[i] = Math.fma(rest[i], slope, Math.fma(s[i], slope, -product));
            s[i] = product;
        }
    }

    @Override
    public void weightedBases(float[] x, float[] t, float[] p, float[] lack, float[] base, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float above = (x[i] + Math.abs(x[i])) * SWALLOWING_ONE;
            float isNegative = (1 + above) - above;
            float isPositive = 1 - isNegative;
            float negative = 1 - t[i];
            base[i] = isPositive * negative - isNegative * p[i];
            rest[i] += isPositive * ((1 - negative) - t[i]) - isNegative * lack[i];
        }
    }

    @Override
    public void weightedLogitLosses(float[] x, float[] t, float[] p, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            // max(x, 0), in fewer instructions
            float above = (Math.abs(x[i]) + x[i]) * 0.5f;
            float negative = 1 - t[i];
            float sizes = Math.fma(negative, above, p[i] * (above - x[i]));
            loss[i] = Math.fma(negative + p[i], loss[i], sizes);
        }
    }

    @Override
    public void logitLosses(float[] x, float[] t, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            // max(x, 0), in fewer instructions
            float above = (Math.abs(x[i]) + x[i]) * 0.5f;
            loss[i] += Math.fma(-x[i], t[i], above);
        }
    }
}
