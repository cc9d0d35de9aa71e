/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatLoops} in the vector instructions of {@code jdk.incubator.vector}; loaded by name, where the virtual machine has
 * that module.
 *
 * <p>Two things keep vectors in registers. Loops call nothing but the module: a method of our own may be compiled before the
 * loop that calls it, and then is no part of it any more. And this is a throwable, because the JIT compiler makes methods of
 * one no part of their callers: several of these loops in one method are more than it is willing to look through.
 */
final class VectorFloatLoops extends Throwable implements FloatLoops {
    private static final long serialVersionUID = 1;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int STEP = FLOATS.length();

    /** Called by name. */
    VectorFloatLoops() {
        super("not thrown", null, false, false);
    }

    @Override
    public void subtract(float[] x, float[] t, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i);
            FloatVector d = xs.sub(ts);
            FloatVector taken = d.sub(xs);
            xs.sub(d.sub(taken)).sub(ts.add(taken)).intoArray(t, i);
            d.intoArray(x, i);
        }
    }

    @Override
    public void multiply(float[] values, float[] rests, float[] products, int n, float high, float low) {
        FloatVector highs = FloatVector.broadcast(FLOATS, high);
        FloatVector lows = FloatVector.broadcast(FLOATS, low);
        for (int i = 0; i < n; i += STEP) {
            FloatVector value = FloatVector.fromArray(FLOATS, values, i);
            FloatVector rest = FloatVector.fromArray(FLOATS, rests, i).mul(highs);
            value.fma(highs, value.fma(lows, rest)).intoArray(products, i);
        }
    }

    @Override
    public void add(float[] terms, float[] sums, float[] errors, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector term = FloatVector.fromArray(FLOATS, terms, i);
            FloatVector before = FloatVector.fromArray(FLOATS, sums, i);
            FloatVector after = before.add(term);
            FloatVector added = after.sub(before);
            FloatVector error = before.sub(after.sub(added)).add(term.sub(added));
            FloatVector.fromArray(FLOATS, errors, i).add(error).intoArray(errors, i);
            after.intoArray(sums, i);
        }
    }

    @Override
    public float sumOfSizes(float[] values, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += STEP) {
            sum = sum.add(FloatVector.fromArray(FLOATS, values, i).abs());
        }
        return sum.reduceLanes(ADD);
    }

    @Override
    public void exponentials(float[] x, float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector v = xs.fma(
                    FloatVector.broadcast(FLOATS, FloatExponential.LOG2_E),
                    FloatVector.broadcast(FLOATS, FloatExponential.ROUNDING));
            FloatVector k = v.sub(FloatExponential.ROUNDING);
            FloatVector t = k.mul(FloatExponential.OVERFLOW).fma(FloatVector.zero(FLOATS), xs);
            FloatVector high = k.fma(FloatVector.broadcast(FLOATS, -FloatExponential.LOG_2_HIGH), t);
            FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -FloatExponential.LOG_2_LOW), high);
            FloatVector q = FloatVector.broadcast(FLOATS, FloatExponential.P6)
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P5))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P4))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P3))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P2))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P1));
            FloatVector p = q.fma(r.mul(r), r);
            FloatVector power = v.reinterpretAsInts()
                    .add(FloatingBits.FLOAT_BIAS)
                    .lanewise(LSHL, FloatingBits.FLOAT_MANTISSA)
                    .reinterpretAsFloats();
            FloatVector factor = p.add(1);
            power.mul(p.sub(factor.sub(1))).intoArray(rest, i);
            power.mul(factor).intoArray(e, i);
        }
    }

    @Override
    public void exponentials(float[] x, float[] e, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector v = xs.fma(
                    FloatVector.broadcast(FLOATS, FloatExponential.LOG2_E),
                    FloatVector.broadcast(FLOATS, FloatExponential.ROUNDING));
            FloatVector k = v.sub(FloatExponential.ROUNDING);
            FloatVector t = k.mul(FloatExponential.OVERFLOW).fma(FloatVector.zero(FLOATS), xs);
            FloatVector high = k.fma(FloatVector.broadcast(FLOATS, -FloatExponential.LOG_2_HIGH), t);
            FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -FloatExponential.LOG_2_LOW), high);
            FloatVector q = FloatVector.broadcast(FLOATS, FloatExponential.P6)
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P5))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P4))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P3))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P2))
                    .fma(r, FloatVector.broadcast(FLOATS, FloatExponential.P1));
            FloatVector p = q.fma(r.mul(r), r);
            FloatVector power = v.reinterpretAsInts()
                    .add(FloatingBits.FLOAT_BIAS)
                    .lanewise(LSHL, FloatingBits.FLOAT_MANTISSA)
                    .reinterpretAsFloats();
            power.mul(p.add(1)).intoArray(e, i);
        }
    }

    @Override
    public void fold(float[] a, float[] sums) {
        for (int i = 0; i < LANES; i += STEP) {
            FloatVector p = FloatVector.fromArray(FLOATS, a, i);
            FloatVector q = FloatVector.fromArray(FLOATS, a, i + 256);
            FloatVector r = FloatVector.fromArray(FLOATS, a, i + 512);
            FloatVector s = FloatVector.fromArray(FLOATS, a, i + 768);
            p.add(q).add(r.add(s)).intoArray(sums, i);
        }
    }

    @Override
    public void foldExactly(float[] a, float[] sums, float[] errors) {
        for (int i = 0; i < LANES; i += STEP) {
            FloatVector a0 = FloatVector.fromArray(FLOATS, a, i);
            FloatVector a1 = FloatVector.fromArray(FLOATS, a, i + 256);
            FloatVector a2 = FloatVector.fromArray(FLOATS, a, i + 512);
            FloatVector a3 = FloatVector.fromArray(FLOATS, a, i + 768);
            FloatVector p = a0.add(a1);
            FloatVector added = p.sub(a0);
            FloatVector error = a0.sub(p.sub(added)).add(a1.sub(added));
            FloatVector q = a2.add(a3);
            FloatVector more = q.sub(a2);
            FloatVector ofFirst = error.add(a2.sub(q.sub(more)).add(a3.sub(more)));
            FloatVector sum = p.add(q);
            FloatVector last = sum.sub(p);
            ofFirst.add(p.sub(sum.sub(last)).add(q.sub(last))).intoArray(errors, i);
            sum.intoArray(sums, i);
        }
    }

    @Override
    public void foldWithSquares(float[] a, float[] work, float[] sums, float[] squares) {
        for (int i = 0; i < LANES; i += STEP) {
            FloatVector p = FloatVector.fromArray(FLOATS, a, i);
            FloatVector q = FloatVector.fromArray(FLOATS, a, i + 256);
            FloatVector r = FloatVector.fromArray(FLOATS, a, i + 512);
            FloatVector s = FloatVector.fromArray(FLOATS, a, i + 768);
            p.add(q).add(r.add(s)).intoArray(sums, i);
            p.mul(p).add(q.mul(q)).add(r.mul(r).add(s.mul(s))).intoArray(squares, i);
        }
    }

    @Override
    public void foldNotNegative(float[] a, float[] sums) {
        for (int i = 0; i < LANES; i += STEP) {
            FloatVector p = FloatVector.fromArray(FLOATS, a, i);
            FloatVector q = FloatVector.fromArray(FLOATS, a, i + 256);
            FloatVector r = FloatVector.fromArray(FLOATS, a, i + 512);
            FloatVector s = FloatVector.fromArray(FLOATS, a, i + 768);
            FloatVector ofFirst = p.sub(p.abs()).add(q.sub(q.abs()));
            FloatVector negative = ofFirst.add(r.sub(r.abs()).add(s.sub(s.abs())))
                    .mul(PlainFloatLoops.LARGE)
                    .mul(PlainFloatLoops.LARGE)
                    .mul(PlainFloatLoops.LARGE);
            p.add(q).add(r.add(s)).add(negative).intoArray(sums, i);
        }
    }

    @Override
    public void foldTerms(float[] x, float[] q, float[] terms, float[] sums, float base) {
        FloatVector bases = FloatVector.broadcast(FLOATS, base);
        for (int i = 0; i < LANES; i += STEP) {
            FloatVector t0 = FloatVector.fromArray(FLOATS, q, i).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i)));
            FloatVector t1 = FloatVector.fromArray(FLOATS, q, i + 256).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i + 256)));
            FloatVector t2 = FloatVector.fromArray(FLOATS, q, i + 512).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i + 512)));
            FloatVector t3 = FloatVector.fromArray(FLOATS, q, i + 768).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i + 768)));
            t0.add(t1).add(t2.add(t3)).intoArray(sums, i);
        }
    }

    @Override
    public void foldLogTerms(float[] x, float[] q, float[] log, float[] sums, float base) {
        FloatVector bases = FloatVector.broadcast(FLOATS, base);
        for (int i = 0; i < LANES; i += STEP) {
            FloatVector t0 = FloatVector.fromArray(FLOATS, q, i).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i)).add(FloatVector.fromArray(FLOATS, log, i)));
            FloatVector t1 = FloatVector.fromArray(FLOATS, q, i + 256).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i + 256)).add(FloatVector.fromArray(FLOATS, log, i + 256)));
            FloatVector t2 = FloatVector.fromArray(FLOATS, q, i + 512).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i + 512)).add(FloatVector.fromArray(FLOATS, log, i + 512)));
            FloatVector t3 = FloatVector.fromArray(FLOATS, q, i + 768).mul(bases.sub(FloatVector.fromArray(FLOATS, x, i + 768)).add(FloatVector.fromArray(FLOATS, log, i + 768)));
            t0.add(t1).add(t2.add(t3)).intoArray(sums, i);
        }
    }

    @Override
    public void differences(float[] e, float[] q, float[] d, int n, float f, float fLow, float s, float sLow) {
        FloatVector fs = FloatVector.broadcast(FLOATS, f);
        FloatVector fLows = FloatVector.broadcast(FLOATS, fLow);
        FloatVector minusS = FloatVector.broadcast(FLOATS, -s);
        for (int i = 0; i < n; i += STEP) {
            FloatVector es = FloatVector.fromArray(FLOATS, e, i);
            FloatVector qs = FloatVector.fromArray(FLOATS, q, i);
            es.fma(fs, qs.fma(minusS, es.fma(fLows, qs.mul(-sLow)))).intoArray(d, i);
        }
    }

    @Override
    public void differences(
            float[] e, float[] q, float[] d, int n, float[] f, float[] fLow, float s, float sLow) {
        FloatVector minusS = FloatVector.broadcast(FLOATS, -s);
        for (int i = 0; i < n; i += STEP) {
            FloatVector es = FloatVector.fromArray(FLOATS, e, i);
            FloatVector qs = FloatVector.fromArray(FLOATS, q, i);
            FloatVector low = es.fma(FloatVector.fromArray(FLOATS, fLow, i), qs.mul(-sLow));
            es.fma(FloatVector.fromArray(FLOATS, f, i), qs.fma(minusS, low)).intoArray(d, i);
        }
    }

    @Override
    public void weigh(float[] q, float[] weight, int n, float hard, float hardLow, float soft) {
        FloatVector hards = FloatVector.broadcast(FLOATS, hard);
        FloatVector hardLows = FloatVector.broadcast(FLOATS, hardLow);
        FloatVector softs = FloatVector.broadcast(FLOATS, soft);
        for (int i = 0; i < n; i += STEP) {
            FloatVector qs = FloatVector.fromArray(FLOATS, q, i);
            qs.fma(hards, qs.fma(hardLows, softs))
                    .mul(FloatVector.fromArray(FLOATS, weight, i))
                    .intoArray(q, i);
        }
    }

    @Override
    public void atLeastNormal(float[] x, float[] normal, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector.fromArray(FLOATS, x, i).max(Float.MIN_NORMAL).intoArray(normal, i);
        }
    }

    @Override
    public void logarithms(float[] x, float[] log, int n) {
        for (int i = 0; i < n; i += STEP) {
            IntVector bits = FloatVector.fromArray(FLOATS, x, i).reinterpretAsInts();
            IntVector shifted = bits.add(FloatingBits.FLOAT_FROM_SQRT_HALF);
            FloatVector k = shifted.lanewise(LSHR, FloatingBits.FLOAT_MANTISSA)
                    .or(FloatingBits.FLOAT_INTEGER)
                    .reinterpretAsFloats()
                    .sub(FloatingBits.FLOAT_EXPONENT_ZERO);
            FloatVector m = bits.sub(shifted.and(FloatingBits.FLOAT_EXPONENT))
                    .add(FloatingBits.FLOAT_ONE)
                    .reinterpretAsFloats();
            FloatVector z = m.sub(1).div(m.add(1));
            FloatVector w = z.mul(z);
            FloatVector p = FloatVector.broadcast(FLOATS, FloatLogarithm.L3)
                    .fma(w, FloatVector.broadcast(FLOATS, FloatLogarithm.L2))
                    .fma(w, FloatVector.broadcast(FLOATS, FloatLogarithm.L1));
            FloatVector twice = z.mul(2);
            FloatVector low = twice.add(twice.mul(w).fma(p, k.mul(FloatLogarithm.LOG_2_LOW)));
            k.fma(FloatVector.broadcast(FLOATS, FloatLogarithm.LOG_2_HIGH), low).intoArray(log, i);
        }
    }

    @Override
    public void twiceAtanh(float[] z, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, i);
            FloatVector w = x.mul(x);
            FloatVector p = FloatVector.broadcast(FLOATS, FloatLogarithm.A5)
                    .fma(w, FloatVector.broadcast(FLOATS, FloatLogarithm.A4))
                    .fma(w, FloatVector.broadcast(FLOATS, FloatLogarithm.A3))
                    .fma(w, FloatVector.broadcast(FLOATS, FloatLogarithm.A2))
                    .fma(w, FloatVector.broadcast(FLOATS, FloatLogarithm.A1));
            FloatVector twice = x.mul(2);
            twice.mul(w).fma(p, twice).intoArray(z, i);
        }
    }

    @Override
    public void squares(float[] d, float[] lost, float[] loss, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ds = FloatVector.fromArray(FLOATS, d, i);
            FloatVector rest = ds.mul(2).mul(FloatVector.fromArray(FLOATS, lost, i));
            ds.fma(ds, rest).intoArray(loss, i);
        }
    }

    @Override
    public void absolutes(float[] x, float[] t, float[] loss, int n, float high, float low) {
        FloatVector highs = FloatVector.broadcast(FLOATS, high);
        for (int i = 0; i < n; i += STEP) {
            FloatVector d = FloatVector.fromArray(FLOATS, x, i).sub(FloatVector.fromArray(FLOATS, t, i));
            FloatVector sign = d.mul(PlainFloatLoops.LARGE)
                    .mul(PlainFloatLoops.LARGE)
                    .min(1)
                    .max(-1);
            sign.fma(highs, sign.mul(low)).intoArray(x, i);
            d.abs().intoArray(loss, i);
        }
    }

    @Override
    public void hold(float[] d, float[] held, int n, float limit) {
        FloatVector above = FloatVector.broadcast(FLOATS, limit);
        FloatVector below = FloatVector.broadcast(FLOATS, -limit);
        for (int i = 0; i < n; i += STEP) {
            FloatVector ds = FloatVector.fromArray(FLOATS, d, i);
            FloatVector excess = ds.sub(above);
            FloatVector beyond = excess.add(excess.abs()).mul(SWALLOWING);
            FloatVector s = ds.add(beyond)
                    .sub(beyond)
                    .add(above.sub(above.add(beyond).sub(beyond)));
            FloatVector lack = s.sub(below);
            FloatVector under = lack.sub(lack.abs()).mul(SWALLOWING);
            s.add(under)
                    .sub(under)
                    .add(below.sub(below.add(under).sub(under)))
                    .intoArray(held, i);
        }
    }

    /** All in one loop. */
    @Override
    public void huber(float[] x, float[] t, float[] held, float[] loss, int n, float limit, float scale) {
        FloatVector above = FloatVector.broadcast(FLOATS, limit);
        FloatVector below = FloatVector.broadcast(FLOATS, -limit);
        for (int i = 0; i < n; i += STEP) {
            FloatVector d = FloatVector.fromArray(FLOATS, x, i).sub(FloatVector.fromArray(FLOATS, t, i));
            FloatVector excess = d.sub(above);
            FloatVector beyond = excess.add(excess.abs()).mul(SWALLOWING);
            FloatVector half = d.add(beyond)
                    .sub(beyond)
                    .add(above.sub(above.add(beyond).sub(beyond)));
            FloatVector lack = half.sub(below);
            FloatVector under = lack.sub(lack.abs()).mul(SWALLOWING);
            FloatVector s = half.add(under)
                    .sub(under)
                    .add(below.sub(below.add(under).sub(under)));
            s.mul(d.sub(s.mul(0.5f))).intoArray(loss, i);
            s.mul(scale).intoArray(x, i);
        }
    }

    @Override
    public void heldLosses(
            float[] d, float[] lost, float[] held, float[] loss, int n, float slope, float slopeRest, float growth) {
        FloatVector slopes = FloatVector.broadcast(FLOATS, slope);
        for (int i = 0; i < n; i += STEP) {
            FloatVector s = FloatVector.fromArray(FLOATS, held, i);
            FloatVector ds = FloatVector.fromArray(FLOATS, d, i);
            FloatVector product = s.fma(slopes, s.mul(slopeRest));
            FloatVector ofRests = product.mul(FloatVector.fromArray(FLOATS, lost, i))
                    .add(ds.sub(s).abs().mul(growth));
            product.fma(ds.sub(s.mul(0.5f)), ofRests).intoArray(loss, i);
        }
    }

    @Override
    public void lack(float[] d, float[] lost, float[] held, int n, float rest) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector s = FloatVector.fromArray(FLOATS, held, i);
            FloatVector beyond = FloatVector.fromArray(FLOATS, d, i).sub(s).mul(SWALLOWING);
            FloatVector lack = s.mul(rest);
            FloatVector.fromArray(FLOATS, lost, i)
                    .sub(lack)
                    .add(beyond)
                    .sub(beyond)
                    .add(lack)
                    .intoArray(lost, i);
        }
    }

    @Override
    public void negatedProducts(float[] x, float[] t, float[] z, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i).neg();
            ts.mul(FloatVector.fromArray(FLOATS, x, i)).intoArray(z, i);
        }
    }

    @Override
    public void ofSmaller(float[] e, float[] quotients, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector es = FloatVector.fromArray(FLOATS, e, i);
            es.min(1).div(es.add(1).add(es.max(1))).intoArray(quotients, i);
        }
    }

    @Override
    public void addPositive(float[] z, float[] log, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector zs = FloatVector.fromArray(FLOATS, z, i);
            FloatVector positive = zs.abs().add(zs).mul(0.5f);
            FloatVector.fromArray(FLOATS, log, i).add(positive).intoArray(log, i);
        }
    }

    @Override
    public void sigmoids(float[] e, float[] rest, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector es = FloatVector.fromArray(FLOATS, e, i);
            FloatVector sum = one.add(es);
            FloatVector added = sum.sub(one);
            FloatVector lost = one.sub(sum.sub(added)).add(es.sub(added));
            FloatVector inverse = one.div(sum);
            FloatVector q = es.mul(inverse);
            FloatVector minusQ = q.neg();
            FloatVector lack = minusQ.fma(lost, minusQ.fma(sum, es));
            FloatVector.fromArray(FLOATS, rest, i)
                    .fma(inverse, lack)
                    .mul(inverse)
                    .intoArray(rest, i);
            q.intoArray(e, i);
        }
    }

    @Override
    public void multiplyByNegated(float[] t, float[] slopes, float[] rests, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i).neg();
            FloatVector.fromArray(FLOATS, slopes, i).mul(ts).intoArray(slopes, i);
            FloatVector.fromArray(FLOATS, rests, i).mul(ts).intoArray(rests, i);
        }
    }

    @Override
    public void shift(float[] x, float[] shifted, float[] rest, int n, float eps, float epsLow) {
        FloatVector epsHigh = FloatVector.broadcast(FLOATS, eps);
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector sum = xs.add(epsHigh);
            FloatVector added = sum.sub(xs);
            xs.sub(sum.sub(added))
                    .add(epsHigh.sub(added))
                    .add(epsLow)
                    .intoArray(rest, i);
            sum.intoArray(shifted, i);
        }
    }

    @Override
    public void divide(float[] t, float[] shifted, float[] rest, float[] quotient, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i);
            FloatVector divisor = FloatVector.fromArray(FLOATS, shifted, i);
            FloatVector inverse = one.div(divisor);
            FloatVector q = ts.mul(inverse);
            FloatVector minusQ = q.neg();
            FloatVector lack = minusQ.fma(FloatVector.fromArray(FLOATS, rest, i), minusQ.fma(divisor, ts));
            lack.mul(inverse).intoArray(rest, i);
            q.intoArray(quotient, i);
        }
    }

    @Override
    public void unusual(float[] shifted, float[] quotient, float[] unusual, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector rate = FloatVector.fromArray(FLOATS, shifted, i);
            FloatVector overflow = rate.add(FloatVector.fromArray(FLOATS, quotient, i))
                    .mul(PlainFloatLoops.OVERFLOW)
                    .mul(0);
            rate.sub(Float.MIN_NORMAL).min(0).add(overflow).intoArray(unusual, i);
        }
    }

    @Override
    public void rateLosses(float[] x, float[] t, float[] log, float[] loss, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i).neg();
            ts.fma(FloatVector.fromArray(FLOATS, log, i), FloatVector.fromArray(FLOATS, x, i))
                    .intoArray(loss, i);
        }
    }

    @Override
    public void rateSlopes(float[] quotient, float[] rest, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector q = FloatVector.fromArray(FLOATS, quotient, i);
            FloatVector slope = one.sub(q);
            one.sub(slope)
                    .sub(q)
                    .sub(FloatVector.fromArray(FLOATS, rest, i))
                    .intoArray(rest, i);
            slope.intoArray(quotient, i);
        }
    }

    @Override
    public void logRateLosses(float[] x, float[] t, float[] e, float[] rest, float[] loss, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i).neg();
            ts.fma(FloatVector.fromArray(FLOATS, x, i), FloatVector.fromArray(FLOATS, e, i))
                    .add(FloatVector.fromArray(FLOATS, rest, i))
                    .intoArray(loss, i);
        }
    }

    @Override
    public void logRateSlopes(float[] t, float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i);
            FloatVector es = FloatVector.fromArray(FLOATS, e, i);
            FloatVector slope = es.sub(ts);
            FloatVector taken = slope.sub(es);
            FloatVector lost = es.sub(slope.sub(taken)).sub(ts.add(taken));
            FloatVector.fromArray(FLOATS, rest, i).add(lost).intoArray(rest, i);
            slope.intoArray(e, i);
        }
    }

    @Override
    public void minusSizes(float[] x, float[] t, float[] z, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector excess =
                    FloatVector.fromArray(FLOATS, t, i).sub(0.5f).abs().sub(0.5f);
            FloatVector beyond = excess.add(excess.abs()).mul(SWALLOWING);
            FloatVector.fromArray(FLOATS, x, i).abs().neg().sub(beyond).intoArray(z, i);
        }
    }

    @Override
    public void truthSlopes(float[] x, float[] t, float[] s, float[] rest, float[] base, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i);
            FloatVector above = xs.add(xs.abs()).mul(SWALLOWING_ONE);
            FloatVector isNegative = one.add(above).sub(above);
            FloatVector isPositive = one.sub(isNegative);
            FloatVector b = isPositive.sub(ts);
            FloatVector sign = isNegative.sub(isPositive);
            FloatVector lost = isPositive.sub(b).sub(ts);
            FloatVector.fromArray(FLOATS, rest, i).fma(sign, lost).intoArray(rest, i);
            FloatVector.fromArray(FLOATS, s, i).mul(sign).intoArray(s, i);
            b.intoArray(base, i);
        }
    }

    @Override
    public void multiplySums(float[] a, float[] b, float[] rest, float[] products, int n, float high, float low) {
        FloatVector highs = FloatVector.broadcast(FLOATS, high);
        FloatVector lows = FloatVector.broadcast(FLOATS, low);
        for (int i = 0; i < n; i += STEP) {
            FloatVector as = FloatVector.fromArray(FLOATS, a, i);
            FloatVector bs = FloatVector.fromArray(FLOATS, b, i);
            FloatVector sum = as.add(bs);
            FloatVector added = sum.sub(as);
            FloatVector lost = as.sub(sum.sub(added)).add(bs.sub(added)).add(FloatVector.fromArray(FLOATS, rest, i));
            sum.fma(highs, sum.fma(lows, lost.mul(highs))).intoArray(products, i);
        }
    }

    @Override
    public void logarithmsOfOnePlus(float[] e, float[] log, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector es = FloatVector.fromArray(FLOATS, e, i);
            FloatVector q = FloatVector.broadcast(FLOATS, FloatLogarithm.S9)
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S8))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S7))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S6))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S5))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S4))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S3))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S2))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S1))
                    .fma(es, FloatVector.broadcast(FLOATS, FloatLogarithm.S0));
            q.fma(es.mul(es), es).intoArray(log, i);
        }
    }

    @Override
    public void logitLosses(float[] x, float[] t, float[] loss, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector above = xs.abs().add(xs).mul(0.5f);
            FloatVector sizes = xs.neg().fma(FloatVector.fromArray(FLOATS, t, i), above);
            FloatVector.fromArray(FLOATS, loss, i).add(sizes).intoArray(loss, i);
        }
    }

    @Override
    public void weightedLogitLosses(float[] x, float[] t, float[] p, float[] loss, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector above = xs.abs().add(xs).mul(0.5f);
            FloatVector negative = one.sub(FloatVector.fromArray(FLOATS, t, i));
            FloatVector ps = FloatVector.fromArray(FLOATS, p, i);
            FloatVector sizes = negative.fma(above, ps.mul(above.sub(xs)));
            negative.add(ps).fma(FloatVector.fromArray(FLOATS, loss, i), sizes).intoArray(loss, i);
        }
    }

    @Override
    public void products(float[] t, float[] factors, float[] low, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i);
            FloatVector values = FloatVector.fromArray(FLOATS, factors, i);
            FloatVector product = ts.mul(values);
            FloatVector lack = ts.fma(values, product.neg());
            ts.fma(FloatVector.fromArray(FLOATS, low, i), lack).intoArray(low, i);
            product.intoArray(factors, i);
        }
    }

    @Override
    public void weightedSlopes(float[] x, float[] t, float[] p, float[] s, float[] rest, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector above = xs.add(xs.abs()).mul(SWALLOWING_ONE);
            FloatVector isNegative = one.add(above).sub(above);
            FloatVector sign = isNegative.sub(one.sub(isNegative));
            FloatVector negative = one.sub(FloatVector.fromArray(FLOATS, t, i));
            FloatVector slope = negative.add(FloatVector.fromArray(FLOATS, p, i)).mul(sign);
            FloatVector values = FloatVector.fromArray(FLOATS, s, i);
            FloatVector product = values.mul(slope);
            FloatVector lack = values.fma(slope, product.neg());
            FloatVector.fromArray(FLOATS, rest, i).fma(slope, lack).intoArray(rest, i);
            product.intoArray(s, i);
        }
    }

    @Override
    public void weightedBases(float[] x, float[] t, float[] p, float[] lack, float[] base, float[] rest, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += STEP) {
            FloatVector xs = FloatVector.fromArray(FLOATS, x, i);
            FloatVector ts = FloatVector.fromArray(FLOATS, t, i);
            FloatVector above = xs.add(xs.abs()).mul(SWALLOWING_ONE);
            FloatVector isNegative = one.add(above).sub(above);
            FloatVector isPositive = one.sub(isNegative);
            FloatVector negative = one.sub(ts);
            FloatVector lost = isPositive.mul(one.sub(negative).sub(ts));
            FloatVector more = lost.sub(isNegative.mul(FloatVector.fromArray(FLOATS, lack, i)));
            FloatVector.fromArray(FLOATS, rest, i).add(more).intoArray(rest, i);
            FloatVector ofNegative = isNegative.mul(FloatVector.fromArray(FLOATS, p, i));
            isPositive.mul(negative).sub(ofNegative).intoArray(base, i);
        }
    }
}
