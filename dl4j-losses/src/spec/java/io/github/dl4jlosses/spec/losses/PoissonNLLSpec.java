/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;
import static io.github.dl4jlosses.spec.exact.Digits.quotient;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;

import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.ElementSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;

/** {@link PoissonNLLLoss}. */
public final class PoissonNLLSpec extends ElementSpec<PoissonNLLLoss, PoissonNLLLoss.Builder> {
    private static final BigDecimal HALF = new BigDecimal("0.5");

    public PoissonNLLSpec() {
        super(PoissonNLLLoss.class, "Poisson NLL", PoissonNLLLoss::builder, InputRange.ANY);
        option(
                "logInput",
                "log_input",
                PoissonNLLLoss::isLogInput,
                PoissonNLLLoss.Builder::logInput,
                Domain.of("log_input", true, false).extreme(false));
        option(
                "full",
                "full",
                PoissonNLLLoss::isFull,
                PoissonNLLLoss.Builder::full,
                Domain.of("full", false, true).extreme(true));
        option(
                "eps",
                "eps",
                PoissonNLLLoss::getEps,
                PoissonNLLLoss.Builder::eps,
                // so large that the logarithm is a number for the inputs of any network
                Domain.of("eps", 1e-8, 64.)
                        .drawing((random, outputs) -> new double[] {1e-8, 1e-8, .25, 0, 1e-3}[random.nextInt(5)])
                        .extreme(0., 2.)
                        .taking(-1., -0., POSITIVE_INFINITY, NaN));
        reads("PoissonNLLLoss(logInput=false, full=true, eps=64.0, reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.SIGMOID);
        applied(SpecHead.SOFTMAX);
        accurate("", same -> same, Inputs.LOG_SOFTMAX, Targets.SOFT, 10);
        accurate("full", loss -> loss.full(true), Inputs.LOG_SOFTMAX, Targets.COUNTS, 10);
        accurate("rates", loss -> loss.logInput(false), Inputs.SIGMOIDS, Targets.COUNTS, 10);
        accurate("rates, full", loss -> loss.logInput(false).full(true), Inputs.SIGMOIDS, Targets.COUNTS, 10);
        addCorners();
        refusesToBroadcast(true);
        refuses(Given.filled(.5, 2, 3), Given.filled(1, 2, 2), "[2, 2]");
    }

    private void onPages() {
        page().says("counts", "the logarithm of the expected count")
                .nearest("`LossPoisson`, of the count itself: `logInput(false)`, C times as large")
                .task("counts", "0, 1, 2, .., `[N, C]`", "`OutputLayer`, identity");
        page().panel("count 3, of the logarithm")
                .over("the logarithm of the rate", -3, 3, .05, Given::row)
                .by("the logarithm", 0)
                .target(Given.row(3));
        page().panel("count 3, of the rate, beside LossPoisson")
                .over("the rate", .225, 10, .05, Given::row)
                .by("the rate", 0)
                .target(Given.row(3))
                .curve("logInput false", loss -> loss.logInput(false))
                .beside(type -> new LossPoisson());
    }

    private void addCorners() {
        corner("log-rate 100", Given.row(100), Given.row(1));
        corner("log-rate inf", Given.row(POSITIVE_INFINITY), Given.row(1));
        corner("log-rate -inf, count 2", Given.row(NEGATIVE_INFINITY), Given.row(2));
        corner("log-rate NaN", Given.row(NaN), Given.row(1));
        corner("rate 0, count 0", loss -> loss.logInput(false), Given.row(0), Given.row(0));
        corner("rate 0, count 1", loss -> loss.logInput(false), Given.row(0), Given.row(1));
        corner("rate 0, count 0, eps 0", loss -> loss.logInput(false).eps(0), Given.row(0), Given.row(0));
        corner("rate -1", loss -> loss.logInput(false), Given.row(-1), Given.row(1));
        corner("full, count 1", loss -> loss.full(true), Given.row(0), Given.row(1));
        corner("full, count 0", loss -> loss.full(true), Given.row(0), Given.row(0));
        corner("empty", Given.row(), Given.row());
    }

    /** e^x - t, and 1 - t / (x + eps). */
    @Override
    protected boolean hasDifferences(PoissonNLLLoss loss, TargetForm form, boolean gradient) {
        return true;
    }

    @Override
    protected TargetRange targets(PoissonNLLLoss loss) {
        return TargetRange.COUNTS;
    }

    @Override
    protected String torch(PoissonNLLLoss loss, int reduction) {
        return "torch.poisson_nll_loss(x, t, " + flag(loss.isLogInput()) + ", " + flag(loss.isFull()) + ", float(eps), "
                + reduction + ")";
    }

    private static String flag(boolean value) {
        return value ? "True" : "False";
    }

    /** e^x - t x, or x - t log(x + eps); and t log t - t + log(2 pi t) / 2 for t above 1. */
    @Override
    protected PlainElement plain(PoissonNLLLoss loss) {
        double eps = loss.getEps();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                double first = loss.isLogInput() ? Math.exp(x) - t * x : x - t * Math.log(x + eps);
                return loss.isFull() && !(t <= 1)
                        ? first + (t * Math.log(t) - t + Math.log(2 * Math.PI * t) / 2)
                        : first;
            }

            @Override
            public double gradient(double x, double t, int output) {
                return loss.isLogInput() ? Math.exp(x) - t : 1 - t / (x + eps);
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                double first = loss.isLogInput() ? -x : -Math.log(x + eps);
                if (!loss.isFull()) {
                    return first;
                }
                // torch multiplies the derivative of the logarithm of a number that is not positive by 0
                double added = t > 1 ? Math.log(t) + 1 / (2 * t) : t > 0 ? 0 : NaN;
                return first + added;
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                double log = Math.abs(Math.log(Math.abs(x + eps)));
                double rate = loss.isLogInput() ? Math.exp(x) : (1 + Math.abs(t)) * (log + 1 / Math.abs(x + eps));
                double ofTarget = t > 1 ? t * (1 + Math.log(t)) + 2 : 0;
                double others = (1 + Math.abs(x)) * (1 + Math.abs(t)) + ofTarget;
                return Double.isFinite(rate) ? others + rate : others;
            }
        };
    }

    @Override
    protected ExactElement exact(PoissonNLLLoss loss) {
        BigDecimal eps = Digits.exact(loss.getEps());
        return (x, t, output) -> loss.isLogInput() ? ofLogarithm(loss, x, t) : ofRate(loss, x.add(eps), x, t);
    }

    private static ExactElement.Element ofLogarithm(PoissonNLLLoss loss, BigDecimal x, BigDecimal t) {
        BigDecimal rate = exp(x);
        Terms value = new Terms().met(x).met(t).add(rate).subtract(t.multiply(x));
        return new ExactElement.Element(
                stirling(loss, value, t).total(),
                new Terms().met(x).add(rate).subtract(t).total(),
                stirlingSlope(loss, new Terms().subtract(x), t));
    }

    private static ExactElement.Element ofRate(PoissonNLLLoss loss, BigDecimal shifted, BigDecimal x, BigDecimal t) {
        if (shifted.signum() <= 0) {
            ExactNumber slope = shifted.signum() == 0
                    ? ExactNumber.NOT_FINITE
                    : new Terms().met(x).add(ONE).subtract(quotient(t, shifted)).total();
            return new ExactElement.Element(ExactNumber.NOT_FINITE, slope, ExactNumber.NOT_FINITE);
        }
        BigDecimal log = log(shifted);
        Terms value = new Terms().met(log).met(t).add(x).subtract(t.multiply(log));
        return new ExactElement.Element(
                stirling(loss, value, t).total(),
                new Terms().met(x).add(ONE).subtract(quotient(t, shifted)).total(),
                stirlingSlope(loss, new Terms().met(shifted).subtract(log), t));
    }

    private static Terms stirling(PoissonNLLLoss loss, Terms terms, BigDecimal t) {
        return loss.isFull() && t.compareTo(ONE) > 0
                ? terms.add(t.multiply(log(t)))
                        .subtract(t)
                        .add(HALF.multiply(log(Digits.pi().multiply(t).multiply(BigDecimal.valueOf(2)))))
                : terms;
    }

    private static ExactNumber stirlingSlope(PoissonNLLLoss loss, Terms terms, BigDecimal t) {
        if (!loss.isFull()) {
            return terms.total();
        }
        if (t.signum() <= 0) {
            return ExactNumber.NOT_FINITE;
        }
        return t.compareTo(ONE) > 0 ? terms.add(log(t)).add(quotient(HALF, t)).total() : terms.total();
    }
}
