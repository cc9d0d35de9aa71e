/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;
import static io.github.dl4jlosses.spec.exact.Digits.quotient;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;

import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.Variance;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.PairSpec;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactPair;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainPair;
import java.math.BigDecimal;

/** {@link GaussianNLLLoss}. */
public final class GaussianNLLSpec extends PairSpec<GaussianNLLLoss, GaussianNLLLoss.Builder> {
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final String DISTANCE = "(" + FIRST + " - t)";
    /** Torch's softplus gives larger numbers back. */
    private static final int THRESHOLD = 20;

    public GaussianNLLSpec() {
        super(GaussianNLLLoss.class, "Gaussian NLL", GaussianNLLLoss::builder, InputRange.POSITIVE);
        option(
                "full",
                "full",
                GaussianNLLLoss::isFull,
                GaussianNLLLoss.Builder::full,
                Domain.of("full", false, true).extreme(true));
        option(
                "eps",
                "eps",
                GaussianNLLLoss::getEps,
                GaussianNLLLoss.Builder::eps,
                Domain.of("eps", 1e-6, .25, 1e-9)
                        .drawing((random, outputs) -> new double[] {1e-6, 1e-6, .25, 1e-3, 2}[random.nextInt(5)])
                        .extreme(0., -1., 2., NaN, POSITIVE_INFINITY)
                        .taking(-0., 1e300, NEGATIVE_INFINITY));
        option(
                "variance",
                null,
                GaussianNLLLoss::getVariance,
                GaussianNLLLoss.Builder::variance,
                Domain.of("variance", Variance.IDENTITY, Variance.EXP, Variance.SOFTPLUS)
                        .extreme(Variance.EXP, Variance.SOFTPLUS));
        reads("GaussianNLLLoss(full=true, eps=0.25, variance=EXP, reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.SIGMOID);
        accurate("", same -> same, Inputs.MAGNITUDES, Targets.LOGITS, 20);
        accurate("exp", loss -> loss.variance(Variance.EXP), Inputs.LOGITS, Targets.LOGITS, 20);
        accurate("softplus", loss -> loss.variance(Variance.SOFTPLUS), Inputs.LOGITS, Targets.LOGITS, 20);
        accurate("exp, full", loss -> loss.variance(Variance.EXP).full(true), Inputs.LOGITS, Targets.LOGITS, 20);
        addCorners();
        refusesToBroadcast(false);
        refuses(Given.filled(.5, 2, 6), Given.filled(1, 2, 2), "[2, 2]");
        refuses(Given.zeros(2), Given.zeros(1), "LONG");
        refuses(Given.zeros(2), Given.filled(1, 1), "LONG");
        refuses(Given.filled(.5, 2), Given.flags(1), "BOOL");
    }

    private void onPages() {
        page().says("numbers, with an uncertainty for each prediction", "means, and then variances")
                .nearest("none; `LossMixtureDensity` is another loss, of several normal distributions")
                .task(
                        "numbers, with an uncertainty",
                        "`[N, C]`, beside 2C outputs",
                        "`OutputLayer`, identity; `variance(EXP)`");
        page().panel("distance 1, by the logarithm of the variance")
                .over("the logarithm of the variance", -4, 6, .05, raw -> Given.row(1, raw))
                .by("the logarithm", 1)
                .target(Given.row(0))
                .curve("EXP", loss -> loss.variance(Variance.EXP));
        page().panel("target 0, by the mean")
                .over("the mean", -3, 3, .05, mean -> Given.row(mean, 1))
                .by("the mean", 0)
                .target(Given.row(0))
                .curve("variance 1", loss -> loss)
                .curve("eps 4, so variance 4", loss -> loss.eps(4));
    }

    private void addCorners() {
        corner("variance 0", Given.row(1, 0), Given.row(0));
        corner("variance 0, no distance", Given.row(0, 0), Given.row(0));
        corner("variance 0, eps 0", loss -> loss.eps(0), Given.row(1, 0), Given.row(0));
        corner("variance inf", Given.row(1, POSITIVE_INFINITY), Given.row(0));
        corner("variance NaN", Given.row(1, NaN), Given.row(0));
        corner("mean inf", Given.row(POSITIVE_INFINITY, 1), Given.row(0));
        corner("log-variance 800", loss -> loss.variance(Variance.EXP), Given.row(1, 800), Given.row(0));
        corner("log-variance -800", loss -> loss.variance(Variance.EXP), Given.row(1, -800), Given.row(0));
        corner("softplus of 21", loss -> loss.variance(Variance.SOFTPLUS), Given.row(1, 21), Given.row(0));
        corner("full", loss -> loss.full(true), Given.row(0, 1), Given.row(0));
        corner("empty", Given.row(), Given.row());
    }

    @Override
    protected InputRange input(GaussianNLLLoss loss, int output, int outputs) {
        return output >= outputs / 2 && loss.getVariance() == Variance.IDENTITY ? InputRange.POSITIVE : InputRange.ANY;
    }

    @Override
    protected TargetRange targets(GaussianNLLLoss loss) {
        return TargetRange.LIKE_INPUT;
    }

    @Override
    protected boolean isClamped(GaussianNLLLoss loss, double input, int output, int outputs) {
        return output >= outputs / 2 && variance(loss, input) < loss.getEps();
    }

    private static double variance(GaussianNLLLoss loss, double raw) {
        if (loss.getVariance() == Variance.EXP) {
            return Math.exp(raw);
        }
        return loss.getVariance() == Variance.IDENTITY || raw > THRESHOLD ? raw : Math.log1p(Math.exp(raw));
    }

    /**
     * Torch's Python in one expression. It clamps the variance where autograd does not look: here the clamped number has no
     * gradient, and a difference of 0 has that of the variance. Where exp overflows, the same loss of the logarithm.
     */
    @Override
    protected String torch(GaussianNLLLoss loss, int reduction) {
        String each =
                loss.getVariance() == Variance.EXP ? ofLogarithms(loss) : of(loss, DISTANCE, variance(loss, SECOND));
        return reduction == 0 ? each : (reduction == 1 ? "torch.mean(" : "torch.sum(") + each + ")";
    }

    private static String variance(GaussianNLLLoss loss, String raw) {
        if (loss.getVariance() == Variance.EXP) {
            return "torch.exp(" + raw + ")";
        }
        return loss.getVariance() == Variance.IDENTITY ? raw : "torch.softplus(" + raw + ", 1, " + THRESHOLD + ")";
    }

    private static String of(GaussianNLLLoss loss, String distance, String variance) {
        String detached = "torch.detach(" + variance + ")";
        String clamped = "torch.where(" + detached + " < float(eps), torch.clamp_(torch.clone(" + detached
                + "), float(eps)) + (" + variance + " - " + detached + "), " + variance + ")";
        return sum(loss, "torch.log(" + clamped + ")", "torch.pow(" + distance + ", 2) / " + clamped);
    }

    /** Each of the two has zeros where the other is taken, whose gradient would be 0 times infinity. */
    private static String ofLogarithms(GaussianNLLLoss loss) {
        String finite = "torch.isfinite(torch.exp(" + SECOND + "))";
        String zeros = "torch.zeros_like(" + SECOND + ")";
        String where = "torch.where(" + finite + ", %s, %s)";
        String usual =
                of(loss, String.format(where, DISTANCE, zeros), variance(loss, String.format(where, SECOND, zeros)));
        String distance = String.format(where, zeros, DISTANCE);
        String logarithm = String.format(where, zeros, SECOND);
        String stable = sum(loss, logarithm, "torch.pow(" + distance + " * torch.exp(-0.5 * " + logarithm + "), 2)");
        return "torch.where(" + finite + ", " + usual + ", " + stable + ")";
    }

    private static String sum(GaussianNLLLoss loss, String log, String square) {
        String sum = "0.5 * (" + log + " + " + square + ")";
        return loss.isFull() ? "(" + sum + " + 0.9189385332046727)" : "(" + sum + ")";
    }

    /** (log v + (m - t)^2 / v) / 2. */
    @Override
    protected PlainPair plain(GaussianNLLLoss loss) {
        double eps = loss.getEps();
        boolean exp = loss.getVariance() == Variance.EXP;
        return new PlainPair() {
            private double clamped(double raw) {
                double v = variance(loss, raw);
                return v < eps ? eps : v;
            }

            /** Of a variance that overflows, the logarithm does not. */
            private boolean overflows(double raw) {
                return exp && Double.isInfinite(Math.exp(raw));
            }

            private double slope(double raw) {
                if (exp) {
                    return Math.exp(raw);
                }
                return loss.getVariance() == Variance.SOFTPLUS && !(raw > THRESHOLD) ? 1 / (1 + Math.exp(-raw)) : 1;
            }

            /** The slope over the variance. */
            private double growth(double raw) {
                return overflows(raw) ? 1 : slope(raw) / clamped(raw);
            }

            private double log(double raw) {
                return overflows(raw) ? raw : Math.log(clamped(raw));
            }

            /** The distance over the variance, by its root where it overflows. */
            private double quotient(double distance, double raw) {
                double root = Math.exp(-raw / 2);
                return overflows(raw) ? distance * root * root : distance / clamped(raw);
            }

            private double deviations(double distance, double raw) {
                double standard = distance * Math.exp(-raw / 2);
                return overflows(raw) ? standard * standard : distance * distance / clamped(raw);
            }

            @Override
            public double loss(double x, double raw, double t) {
                double constant = loss.isFull() ? .5 * Math.log(2 * Math.PI) : 0;
                return .5 * (log(raw) + deviations(x - t, raw)) + constant;
            }

            @Override
            public double gradient(double x, double raw, double t) {
                return quotient(x - t, raw);
            }

            @Override
            public double secondGradient(double x, double raw, double t) {
                double deviations = deviations(x - t, raw);
                return .5 * (growth(raw) - growth(raw) * deviations);
            }

            @Override
            public double targetGradient(double x, double raw, double t) {
                return quotient(t - x, raw);
            }

            @Override
            public double largestTerm(double x, double raw, double t) {
                double size = Math.abs(x) + Math.abs(t);
                double deviations = deviations(size, raw);
                double ofLoss = Math.abs(raw) + Math.abs(log(raw)) + deviations;
                return 1 + ofLoss + quotient(size, raw) + growth(raw) * (1 + deviations);
            }
        };
    }

    @Override
    protected ExactPair exact(GaussianNLLLoss loss) {
        BigDecimal eps = Digits.exact(loss.getEps());
        boolean softplus = loss.getVariance() == Variance.SOFTPLUS;
        return (x, raw, t) -> {
            BigDecimal e = loss.getVariance() == Variance.IDENTITY ? ONE : exp(raw);
            boolean curved = softplus && raw.compareTo(BigDecimal.valueOf(THRESHOLD)) <= 0;
            BigDecimal v = loss.getVariance() == Variance.EXP ? e : curved ? log(ONE.add(e)) : raw;
            BigDecimal slope = loss.getVariance() == Variance.EXP ? e : curved ? quotient(e, ONE.add(e)) : ONE;
            v = v.max(eps);
            if (v.signum() <= 0) {
                ExactNumber none = ExactNumber.NOT_FINITE;
                return new ExactPair.Pair(none, none, none, none);
            }
            BigDecimal distance = x.subtract(t);
            BigDecimal quotient = quotient(distance, v);
            BigDecimal halfSlope = HALF.multiply(slope);
            Terms value = new Terms()
                    .met(x)
                    .met(t)
                    .met(raw)
                    .add(HALF.multiply(log(v)))
                    .add(HALF.multiply(distance).multiply(quotient));
            if (loss.isFull()) {
                value.add(HALF.multiply(log(Digits.pi().add(Digits.pi()))));
            }
            ExactNumber gradient = new Terms()
                    .met(quotient(x, v))
                    .met(quotient(t, v))
                    .add(quotient)
                    .total();
            Terms second = new Terms()
                    .add(quotient(halfSlope, v))
                    .subtract(halfSlope.multiply(quotient).multiply(quotient));
            return new ExactPair.Pair(
                    value.total(),
                    gradient,
                    second.total(),
                    new Terms().met(gradient.largestTerm()).subtract(quotient).total());
        };
    }
}
