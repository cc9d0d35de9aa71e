/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;
import static io.github.dl4jlosses.spec.exact.Digits.quotient;
import static java.lang.Double.NaN;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.SigmoidFocalLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.ElementSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;

/** {@link SigmoidFocalLoss}. */
public final class SigmoidFocalSpec extends ElementSpec<SigmoidFocalLoss, SigmoidFocalLoss.Builder> {
    public SigmoidFocalSpec() {
        super(SigmoidFocalLoss.class, "Focal", SigmoidFocalLoss::builder, InputRange.FINITE);
        option(
                "alpha",
                "alpha",
                SigmoidFocalLoss::getAlpha,
                SigmoidFocalLoss.Builder::alpha,
                Domain.of("alpha", .25, -1., .75)
                        .drawing((random, outputs) -> new double[] {.25, .25, -1, 0, 1, .5}[random.nextInt(6)])
                        .extreme(-1., 0., 1.)
                        .taking(-0., Double.MIN_VALUE)
                        .refusingInPython(
                                "Invalid alpha value: %s. alpha must be in the range [0,1] or -1 for ignore.",
                                1.5, -.5, 1 + 0x1p-52));
        option(
                "gamma",
                "gamma",
                SigmoidFocalLoss::getGamma,
                SigmoidFocalLoss.Builder::gamma,
                Domain.of("gamma", 2., 0., .5, 3.)
                        .drawing((random, outputs) -> new double[] {2, 2, 0, .5, 1, 3.5}[random.nextInt(6)])
                        // whole, so that targets outside of 0 to 1 have a number
                        .example((random, outputs) -> 3.)
                        .extreme(0., .5, 1., 5.)
                        .taking(-1., 1e300, NaN));
        reads("SigmoidFocalLoss(alpha=-1.0, gamma=3.0, reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        sees(SpecHead.SIGMOID, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        accurate("hard", same -> same, Inputs.LOGITS, Targets.HARD, 10);
        accurate("hard, gamma 0.5", loss -> loss.gamma(.5), Inputs.LOGITS, Targets.HARD, 10);
        accurate("hard, gamma 1, no alpha", loss -> loss.gamma(1).alpha(-1), Inputs.LOGITS, Targets.HARD, 10);
        accurate("soft", same -> same, Inputs.LOGITS, Targets.SOFT, 10);
        corner("right and sure of it", Given.row(40), Given.row(1));
        corner("right and sure of it, gamma 0.5", loss -> loss.gamma(.5), Given.row(40), Given.row(1));
        corner("wrong and sure of it", Given.row(-1000), Given.row(1));
        corner("target 0.5", Given.row(2), Given.row(.5));
        corner("target 2", Given.row(1), Given.row(2));
        corner("target 2, gamma 0.5", loss -> loss.gamma(.5), Given.row(1), Given.row(2));
        corner("logit NaN", Given.row(NaN), Given.row(1));
        corner("empty", Given.row(), Given.row());
        refusesOtherShapes("Target size (torch.Size(%s)) must be the same as input size (torch.Size(%s))");
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
        refuses(Given.filled(.5, 2), Given.zeros(2), "Long");
    }

    private void onPages() {
        page().says("few positives beside many easy negatives", "logits")
                .nearest("none; `LossBinaryXENT` with sigmoid for gamma 0")
                .task("few positives beside many easy negatives", "0 or 1, `[N, C]`", "`OutputLayer`, sigmoid");
        page().panel("target 1, no alpha")
                .over("logit", -4, 6, .05, Given::row)
                .under(SpecHead.SIGMOID)
                .target(Given.row(1))
                .curve("gamma 0", loss -> loss.gamma(0).alpha(-1))
                .curve("gamma 1", loss -> loss.gamma(1).alpha(-1))
                .curve("gamma 2", loss -> loss.gamma(2).alpha(-1));
        page().panel("target 0, gamma 2")
                .over("logit", -6, 4, .05, Given::row)
                .under(SpecHead.SIGMOID)
                .target(Given.row(0))
                .curve("alpha 0.25", loss -> loss.alpha(.25))
                .curve("alpha 0.75", loss -> loss.alpha(.75));
    }

    @Override
    protected TargetRange targets(SigmoidFocalLoss loss) {
        // outside of 0 to 1 the probability of being wrong may be negative, which has whole powers only
        return loss.getGamma() == Math.rint(loss.getGamma()) ? TargetRange.ANY_TRUTHS : TargetRange.TRUTHS;
    }

    /**
     * What torchvision calls. In float64, which decides where that has lost its digits, 1 - p is written as the sum of sigmoids
     * that it stands for, of logits that do not underflow, and the entropy as that of logarithms of sigmoids: torch's own
     * is a difference.
     */
    @Override
    protected String torch(SigmoidFocalLoss loss, int reduction) {
        String right = "torch.sigmoid(x) * t + (1 - torch.sigmoid(x)) * (1 - t)";
        String bounded = "torch.clamp(x, -500.0, 500.0)";
        String wrong = "t * torch.sigmoid(-" + bounded + ") + (1 - t) * torch.sigmoid(" + bounded + ")";
        String power = "torch.pow(" + wrong + " if x.dtype == 7 else 1 - (" + right + "), float(gamma))";
        String entropy = "torch.neg(t * torch.log_sigmoid(x) + (1 - t) * torch.log_sigmoid(-x)) if x.dtype == 7"
                + " else torch.binary_cross_entropy_with_logits(x, t, None, None, 0)";
        String each = "(" + entropy + ") * " + power;
        String weighted =
                loss.getAlpha() < 0 ? each : "(float(alpha) * t + (1 - float(alpha)) * (1 - t)) * (" + each + ")";
        return reduction == 0 ? weighted : (reduction == 1 ? "torch.mean(" : "torch.sum(") + weighted + ")";
    }

    /** a ce u^gamma with u the probability of being wrong. */
    @Override
    protected PlainElement plain(SigmoidFocalLoss loss) {
        double gamma = loss.getGamma();
        double alpha = loss.getAlpha();
        return new PlainElement() {
            private double weight(double t) {
                return alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
            }

            private double wrong(double x, double t) {
                return t / (1 + Math.exp(x)) + (1 - t) / (1 + Math.exp(-x));
            }

            private double entropy(double x, double t) {
                // what a target does not name has no part, however large
                return (t == 0 ? 0 : t * softplus(-x)) + (t == 1 ? 0 : (1 - t) * softplus(x));
            }

            @Override
            public double loss(double x, double t, int output) {
                return weight(t) * entropy(x, t) * Math.pow(wrong(x, t), gamma);
            }

            @Override
            public double gradient(double x, double t, int output) {
                double p = 1 / (1 + Math.exp(-x));
                double q = 1 / (1 + Math.exp(x));
                double u = wrong(x, t);
                // the product goes to 0 faster than the logarithm grows
                double bend = p * q == 0 ? 0 : p * q * entropy(x, t);
                double ofPower = gamma == 0 || bend == 0 ? 0 : gamma * bend * Math.pow(u, gamma - 1) * (1 - 2 * t);
                return weight(t) * (Math.pow(u, gamma) * (p - t) + ofPower);
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                double u = wrong(x, t);
                double power = Math.pow(u, gamma);
                double ce = entropy(x, t);
                double difference = 1 / (1 + Math.exp(x)) - 1 / (1 + Math.exp(-x));
                double ofWeight = alpha < 0 || alpha == .5 ? 0 : (2 * alpha - 1) * ce * power;
                double ofPower = gamma == 0 || ce == 0 ? 0 : gamma * ce * Math.pow(u, gamma - 1) * difference;
                return ofWeight + weight(t) * (ofPower - (power == 0 ? 0 : x * power));
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                double power = Math.max(1, Math.pow(1 + Math.abs(t), gamma));
                return (1 + gamma) * (1 + Math.abs(x)) * Math.pow(2 + Math.abs(t), 2) * power;
            }
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    protected ExactElement exact(SigmoidFocalLoss loss) {
        BigDecimal gamma = Digits.exact(loss.getGamma());
        BigDecimal alpha = Digits.exact(loss.getAlpha());
        return (x, t, output) -> {
            BigDecimal e = exp(x.abs().negate());
            BigDecimal larger = quotient(ONE, ONE.add(e));
            BigDecimal smaller = quotient(e, ONE.add(e));
            BigDecimal p = x.signum() < 0 ? smaller : larger;
            BigDecimal q = x.signum() < 0 ? larger : smaller;
            BigDecimal rest = ONE.subtract(t);
            BigDecimal log = log(ONE.add(e));
            BigDecimal ce = t.multiply(log.add(x.negate().max(ZERO))).add(rest.multiply(log.add(x.max(ZERO))));
            BigDecimal u = t.multiply(q).add(rest.multiply(p));
            if (u.signum() <= 0) {
                return new ExactElement.Element(ExactNumber.NOT_FINITE, ExactNumber.NOT_FINITE, ExactNumber.NOT_FINITE);
            }
            BigDecimal logOfWrong = log(u);
            BigDecimal power = exp(gamma.multiply(logOfWrong));
            BigDecimal lower = exp(gamma.subtract(ONE).multiply(logOfWrong));
            BigDecimal a = alpha.signum() < 0
                    ? ONE
                    : alpha.multiply(t).add(ONE.subtract(alpha).multiply(rest));
            BigDecimal slopeOfWeight =
                    alpha.signum() < 0 ? ZERO : alpha.add(alpha).subtract(ONE);
            BigDecimal slopeOfWrong = p.multiply(q).multiply(rest.subtract(t));
            BigDecimal ofPower = gamma.multiply(ce).multiply(lower);
            Terms gradient = new Terms()
                    .met(x)
                    .met(ce)
                    .add(a.multiply(power).multiply(p))
                    .subtract(a.multiply(power).multiply(t))
                    .add(a.multiply(ofPower).multiply(slopeOfWrong));
            double cancelled = t.signum() < 0 || rest.signum() < 0
                    ? cancelled(
                            a.abs().add(ONE), t.abs().multiply(q).add(rest.abs().multiply(p)), u, gamma, x)
                    : 0;
            Terms byTarget = new Terms()
                    .met(x)
                    .met(ce)
                    .add(slopeOfWeight.multiply(ce).multiply(power))
                    .subtract(a.multiply(x).multiply(power))
                    .add(a.multiply(ofPower).multiply(q.subtract(p)));
            return new ExactElement.Element(
                    new Terms()
                            .met(x)
                            .met(ce)
                            .met(cancelled)
                            .add(a.multiply(ce).multiply(power))
                            .total(),
                    gradient.met(cancelled).total(),
                    byTarget.met(cancelled).total());
        };
    }

    /** How large the terms are behind a number whose target is outside of 0 to 1: u is a difference then, and near 0 its powers. */
    private static double cancelled(BigDecimal weight, BigDecimal size, BigDecimal u, BigDecimal gamma, BigDecimal x) {
        double ratio = Math.max(1, quotient(size, u).doubleValue());
        double power = Math.pow(size.max(u).doubleValue() + 1, gamma.doubleValue());
        return weight.doubleValue()
                * (1 + gamma.doubleValue())
                * ratio
                * power
                * (1 + x.abs().doubleValue())
                * size.add(ONE).pow(2).doubleValue();
    }
}
