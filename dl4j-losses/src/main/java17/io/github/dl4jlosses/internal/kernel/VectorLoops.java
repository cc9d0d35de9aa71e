/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link VectorApiForms}.
 *
 * <p>A throwable, because the JIT compiler never makes the methods of one part of a caller: several of these loops in one
 * method would be more than it is willing to look through, and it would leave vectors as objects on the heap.
 */
final class VectorLoops extends Throwable {
    private static final long serialVersionUID = 1;


    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int STEP = FLOATS.length();

    private VectorLoops() {}

    static void squaredErrors(float[] xs, float[] ts, float[] losses, int n, float high, float low) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector x = load(xs, i);
            FloatVector t = load(ts, i);
            FloatVector d = x.sub(t);
            FloatVector lost = lostOfDifference(x, t, d);
            d.fma(d, d.mul(2).mul(lost)).intoArray(losses, i);
            product(d, lost, high, low).intoArray(xs, i);
        }
    }

    static void absoluteErrors(float[] xs, float[] ts, float[] losses, int n, float high, float low) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector d = load(xs, i).sub(load(ts, i));
            FloatVector sign = d.mul(FloatAbsoluteError.LARGE)
                    .mul(FloatAbsoluteError.LARGE)
                    .min(1)
                    .max(-1);
            product(sign, high, low).intoArray(xs, i);
            d.abs().intoArray(losses, i);
        }
    }

    static void huber(float[] xs, float[] ts, float[] losses, int n, float scale, float threshold) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector x = load(xs, i);
            FloatVector t = load(ts, i);
            FloatVector d = x.sub(t);
            FloatVector lost = lostOfDifference(x, t, d);
            FloatVector s = holdAbove(holdBelow(d, threshold), -threshold);
            s.fma(d.sub(s.mul(0.5f)), s.mul(lost)).intoArray(losses, i);
            s.mul(scale).intoArray(xs, i);
        }
    }

    /** Replaces inputs by held distances, and targets by what the distances lack. */
    static void huberLosses(
            float[] xs, float[] ts, float[] beyond, float[] losses, int n, FloatHuber kernel) {
        float threshold = kernel.threshold;
        float high = kernel.slope();
        float low = kernel.slopeRest();
        float growth = kernel.growth();
        for (int i = 0; i < n; i += STEP) {
            FloatVector x = load(xs, i);
            FloatVector t = load(ts, i);
            FloatVector d = x.sub(t);
            FloatVector lost = lostOfDifference(x, t, d);
            FloatVector s = holdAbove(holdBelow(d, threshold), -threshold);
            FloatVector slope = product(s, high, low);
            FloatVector excess = d.sub(s);
            FloatVector ofRests = slope.mul(lost).add(excess.abs().mul(growth));
            slope.fma(d.sub(s.mul(0.5f)), ofRests).intoArray(losses, i);
            excess.mul(FloatHuber.SWALLOWING).intoArray(beyond, i);
            lost.intoArray(ts, i);
            s.intoArray(xs, i);
        }
    }

    static void huberGradients(
            float[] held, float[] lost, float[] beyond, int n, FloatFactor factor, float rest) {
        float high = factor.high;
        float low = factor.low;
        for (int i = 0; i < n; i += STEP) {
            FloatVector s = load(held, i);
            FloatVector lack = s.mul(rest);
            FloatVector swallowed = swallow(load(lost, i).sub(lack), load(beyond, i));
            product(s, swallowed.add(lack), high, low).intoArray(held, i);
        }
    }

    private static FloatVector holdBelow(FloatVector d, float limit) {
        FloatVector excess = d.sub(limit);
        return hold(d, limit, excess.add(excess.abs()).mul(FloatHuber.SWALLOWING));
    }

    private static FloatVector holdAbove(FloatVector d, float limit) {
        FloatVector excess = d.sub(limit);
        return hold(d, limit, excess.sub(excess.abs()).mul(FloatHuber.SWALLOWING));
    }

    private static FloatVector hold(FloatVector d, float limit, FloatVector beyond) {
        FloatVector ofLimit = broadcast(limit);
        return swallow(d, beyond).add(ofLimit.sub(swallow(ofLimit, beyond)));
    }

    private static FloatVector swallow(FloatVector value, FloatVector beyond) {
        return value.add(beyond).sub(beyond);
    }

    /** exp(z) of z = -t x; their sum. */
    static float exponentials(float[] xs, float[] ts, float[] zs, float[] es, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += STEP) {
            FloatVector z = load(ts, i).neg().mul(load(xs, i));
            FloatVector e = exponential(z);
            sum = sum.add(e);
            z.intoArray(zs, i);
            e.intoArray(es, i);
        }
        return sum.reduceLanes(ADD);
    }

    static void softMarginLosses(float[] zs, float[] es, float[] losses, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector e = load(es, i);
            FloatVector z = load(zs, i);
            FloatVector log = twiceAtanh(e.min(1).div(e.add(1).add(e.max(1))));
            log.add(z.abs().add(z).mul(0.5f)).intoArray(losses, i);
        }
    }

    static void softMarginGradients(float[] ts, float[] es, float[] gradients, int n, float high, float low) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector e = load(es, i);
            FloatVector minusT = load(ts, i).neg();
            FloatVector sum = e.add(1);
            FloatVector added = sum.sub(1);
            FloatVector lost = broadcast(1).sub(sum.sub(added)).add(e.sub(added));
            FloatVector inverse = broadcast(1).div(sum);
            FloatVector q = e.mul(inverse);
            FloatVector minusQ = q.neg();
            FloatVector rest = minusQ.fma(lost, minusQ.fma(sum, e)).mul(inverse);
            product(minusT.mul(q), minusT.mul(rest), high, low).intoArray(gradients, i);
        }
    }

    /** t / (x + eps), and the rest that its rounding leaves. */
    static void divide(
            float[] xs, float[] ts, float[] shiftedXs, float[] quotients, float[] lacks, int n, float eps, float low) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector x = load(xs, i);
            FloatVector t = load(ts, i);
            FloatVector shifted = x.add(eps);
            FloatVector added = shifted.sub(x);
            FloatVector rest = x.sub(shifted.sub(added))
                    .add(broadcast(eps).sub(added))
                    .add(low);
            FloatVector inverse = broadcast(1).div(shifted);
            FloatVector q = t.mul(inverse);
            FloatVector minusQ = q.neg();
            minusQ.fma(rest, minusQ.fma(shifted, t)).mul(inverse).intoArray(lacks, i);
            shifted.intoArray(shiftedXs, i);
            q.intoArray(quotients, i);
        }
    }

    /** 0 of positive normal rates and moderate quotients. */
    static float unusual(float[] shiftedXs, float[] quotients, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += STEP) {
            FloatVector shifted = load(shiftedXs, i);
            FloatVector overflow =
                    shifted.add(load(quotients, i)).mul(FloatPoissonRates.OVERFLOW).mul(0);
            sum = sum.add(shifted.sub(Float.MIN_NORMAL).min(0).add(overflow).abs());
        }
        return sum.reduceLanes(ADD);
    }

    static void rateLosses(float[] xs, float[] ts, float[] shiftedXs, float[] losses, int n) {
        for (int i = 0; i < n; i += STEP) {
            load(ts, i).neg().fma(logarithm(load(shiftedXs, i)), load(xs, i)).intoArray(losses, i);
        }
    }

    static void rateGradients(
            float[] quotients, float[] lacks, float[] gradients, int n, float high, float low) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector q = load(quotients, i);
            FloatVector slope = broadcast(1).sub(q);
            FloatVector lost = broadcast(1).sub(slope).sub(q).sub(load(lacks, i));
            product(slope, lost, high, low).intoArray(gradients, i);
        }
    }

    static void poissonLogRates(float[] xs, float[] ts, float[] losses, int n, float high, float low) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector x = load(xs, i);
            FloatVector t = load(ts, i);
            FloatVector v = exponents(x);
            FloatVector p = excess(x, v);
            FloatVector power = powersOfTwo(v);
            FloatVector whole = p.add(1);
            FloatVector rest = power.mul(p.sub(whole.sub(1)));
            FloatVector e = power.mul(whole);
            t.neg().fma(x, e).add(rest).intoArray(losses, i);
            FloatVector slope = e.sub(t);
            FloatVector taken = slope.sub(e);
            FloatVector lost = e.sub(slope.sub(taken)).sub(t.add(taken));
            product(slope, rest.add(lost), high, low).intoArray(xs, i);
        }
    }

    private static FloatVector load(float[] values, int i) {
        return FloatVector.fromArray(FLOATS, values, i);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** What the rounding of d = x - t loses. */
    private static FloatVector lostOfDifference(FloatVector x, FloatVector t, FloatVector d) {
        FloatVector taken = d.sub(x);
        return x.sub(d.sub(taken)).sub(t.add(taken));
    }

    private static FloatVector exponents(FloatVector x) {
        return x.fma(broadcast(FloatExponential.LOG2_E), broadcast(FloatExponential.ROUNDING));
    }

    private static FloatVector excess(FloatVector x, FloatVector v) {
        FloatVector k = v.sub(FloatExponential.ROUNDING);
        FloatVector t = k.mul(FloatExponential.OVERFLOW).fma(broadcast(0), x);
        FloatVector r = k.fma(
                broadcast(-FloatExponential.LOG_2_LOW), k.fma(broadcast(-FloatExponential.LOG_2_HIGH), t));
        FloatVector q = broadcast(FloatExponential.P6).fma(r, broadcast(FloatExponential.P5));
        q = q.fma(r, broadcast(FloatExponential.P4));
        q = q.fma(r, broadcast(FloatExponential.P3));
        q = q.fma(r, broadcast(FloatExponential.P2));
        q = q.fma(r, broadcast(FloatExponential.P1));
        return q.fma(r.mul(r), r);
    }

    private static FloatVector powersOfTwo(FloatVector v) {
        return v.reinterpretAsInts()
                .add(FloatingBits.FLOAT_BIAS)
                .lanewise(LSHL, FloatingBits.FLOAT_MANTISSA)
                .reinterpretAsFloats();
    }

    /** What {@link FloatExponential} gives. */
    static void exponentials(float[] x, float[] e, int n) {
        for (int i = 0; i < n; i += STEP) {
            exponential(load(x, i)).intoArray(e, i);
        }
    }

    /** Adds terms to sums, and the rounding errors to errors. */
    static void add(float[] terms, float[] sums, float[] errors, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector term = load(terms, i);
            FloatVector before = load(sums, i);
            FloatVector after = before.add(term);
            FloatVector added = after.sub(before);
            FloatVector error = before.sub(after.sub(added)).add(term.sub(added));
            load(errors, i).add(error).intoArray(errors, i);
            after.intoArray(sums, i);
        }
    }

    /** {@link FloatFactor#multiply}. */
    private static FloatVector product(FloatVector value, FloatVector rest, float high, float low) {
        return value.fma(broadcast(high), value.fma(broadcast(low), rest.mul(high)));
    }

    /** {@link FloatFactor#times}. */
    private static FloatVector product(FloatVector value, float high, float low) {
        return value.fma(broadcast(high), value.mul(low));
    }

    /** {@link FloatExponential}. */
    private static FloatVector exponential(FloatVector x) {
        FloatVector v = exponents(x);
        return powersOfTwo(v).mul(excess(x, v).add(1));
    }

    /** {@link FloatLogarithm}. */
    private static FloatVector logarithm(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector shifted = bits.add(FloatingBits.FLOAT_FROM_SQRT_HALF);
        FloatVector exponent = shifted.lanewise(LSHR, FloatingBits.FLOAT_MANTISSA)
                .or(FloatingBits.FLOAT_INTEGER)
                .reinterpretAsFloats();
        FloatVector m = bits.sub(shifted.and(FloatingBits.FLOAT_EXPONENT))
                .add(FloatingBits.FLOAT_ONE)
                .reinterpretAsFloats();
        FloatVector k = exponent.sub(FloatingBits.FLOAT_EXPONENT_ZERO);
        FloatVector z = m.sub(1).div(m.add(1));
        FloatVector w = z.mul(z);
        FloatVector p = broadcast(FloatLogarithm.L3).fma(w, broadcast(FloatLogarithm.L2));
        p = p.fma(w, broadcast(FloatLogarithm.L1));
        FloatVector twice = z.mul(2);
        return k.fma(
                broadcast(FloatLogarithm.LOG_2_HIGH),
                twice.add(twice.mul(w).fma(p, k.mul(FloatLogarithm.LOG_2_LOW))));
    }

    /** {@link FloatLogarithm#twiceAtanh}. */
    private static FloatVector twiceAtanh(FloatVector x) {
        FloatVector w = x.mul(x);
        FloatVector p = broadcast(FloatLogarithm.A5).fma(w, broadcast(FloatLogarithm.A4));
        p = p.fma(w, broadcast(FloatLogarithm.A3));
        p = p.fma(w, broadcast(FloatLogarithm.A2));
        p = p.fma(w, broadcast(FloatLogarithm.A1));
        FloatVector twice = x.mul(2);
        return twice.mul(w).fma(p, twice);
    }
}
