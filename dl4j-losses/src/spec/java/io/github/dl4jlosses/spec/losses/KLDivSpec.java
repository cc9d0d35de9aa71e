/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.math.BigDecimal.ONE;

import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.ElementSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.Panel;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;

/** {@link KLDivLoss}. */
public final class KLDivSpec extends ElementSpec<KLDivLoss, KLDivLoss.Builder> {
    public KLDivSpec() {
        super(KLDivLoss.class, "KL", KLDivLoss::builder, InputRange.LOG_PROBABILITIES);
        option(
                "logTarget",
                "log_target",
                KLDivLoss::isLogTarget,
                KLDivLoss.Builder::logTarget,
                Domain.of("log_target", false, true).extreme(true));
        reads("KLDivLoss(reduction=MEAN, logTarget=true)");
        onPages();
        sees(SpecHead.SOFTMAX, SpecHead.LOG_SOFTMAX);
        sees(SpecHead.LOG_SOFTMAX, SpecHead.LOG_SOFTMAX);
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.SIGMOID);
        accurate("", same -> same, Inputs.LOG_SOFTMAX, Targets.SOFTMAX, 10);
        accurate("log target", loss -> loss.logTarget(true), Inputs.LOG_SOFTMAX, Targets.LOG_SOFTMAX, 10);
        corner("input NaN, target 0", Given.row(NaN), Given.row(0));
        corner("input -inf, target 0", Given.row(NEGATIVE_INFINITY), Given.row(0));
        corner("input -inf, target 1", Given.row(NEGATIVE_INFINITY), Given.row(1));
        corner("target negative", Given.row(-1), Given.row(-1));
        corner("target NaN", Given.row(-1), Given.row(NaN));
        corner("log target -inf", loss -> loss.logTarget(true), Given.row(-1), Given.row(NEGATIVE_INFINITY));
        corner(
                "input and log target -inf",
                loss -> loss.logTarget(true),
                Given.row(NEGATIVE_INFINITY),
                Given.row(NEGATIVE_INFINITY));
        corner("empty", Given.row(), Given.row());
        corner("empty", loss -> loss.reduction(Reduction.BATCHMEAN), Given.row(), Given.row());
        refuses(Given.filled(.5, 2, 2), Given.filled(.5, 3), "[2, 2]");
        refuses(Given.filled(.5, 2), Given.zeros(2), "LONG");
        refuses(Given.zeros(2), Given.filled(.5, 2), "LONG");
    }

    private void onPages() {
        page().says("soft labels, distillation", "log-probabilities")
                .nearest("`LossKLD` with softmax: torch's `batchmean`")
                .task("soft labels, distillation", "`[N, C]`", "`OutputLayer`, softmax; with `Reduction.BATCHMEAN`");
        divergence("p = (0.7, 0.3) and q = (q, 1 - q)")
                .over("q", .01, .99, .01, q -> Given.row(Math.log(q) - Math.log1p(-q), 0));
        divergence("the same over the logit of q")
                .over("logit", -30, 30, .25, z -> Given.row(z, 0))
                .clips(-11.51, 11.51);
    }

    private Panel<KLDivLoss.Builder> divergence(String title) {
        return page().panel(title)
                .under(SpecHead.SOFTMAX)
                .target(Given.row(.7, .3))
                .curve("this library", loss -> loss.reduction(Reduction.BATCHMEAN))
                .beside(type -> new LossKLD());
    }

    @Override
    public boolean broadcasts() {
        return true;
    }

    @Override
    protected TargetRange targets(KLDivLoss loss) {
        return loss.isLogTarget() ? TargetRange.LOG_DISTRIBUTION : TargetRange.DISTRIBUTION;
    }

    @Override
    protected String torch(KLDivLoss loss, int reduction) {
        return "torch.kl_div(x, t, " + reduction + ", log_target=" + (loss.isLogTarget() ? "True" : "False") + ")";
    }

    /** t (log t - x), 0 log 0 being 0; with log targets exp(t) (t - x). */
    @Override
    protected PlainElement plain(KLDivLoss loss) {
        boolean logTarget = loss.isLogTarget();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                return logTarget ? Math.exp(t) * (t - x) : (t == 0 ? 0 : t * Math.log(t)) - t * x;
            }

            @Override
            public double gradient(double x, double t, int output) {
                return logTarget ? -Math.exp(t) : -t;
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                if (logTarget) {
                    return Math.exp(t) * (t - x) + Math.exp(t);
                }
                // torch differentiates xlogy(t, t) to log t + t/t, which is NaN at 0 and at infinity
                double one = t * (1 / t);
                return Math.log(t) + (Double.isNaN(one) ? one : 1) - x;
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                double p = logTarget ? Math.exp(t) : Math.abs(t);
                double log = logTarget ? Math.abs(t) : p == 0 ? 0 : Math.abs(Math.log(p));
                return (1 + p) * (1 + log + Math.abs(x));
            }
        };
    }

    /** p (log p - x). */
    @Override
    protected ExactElement exact(KLDivLoss loss) {
        boolean logTarget = loss.isLogTarget();
        return (x, target, output) -> {
            if (!logTarget && target.signum() == 0) {
                return new ExactElement.Element(ExactNumber.ZERO, ExactNumber.ZERO, ExactNumber.NOT_FINITE);
            }
            BigDecimal p = logTarget ? Digits.exp(target) : target;
            BigDecimal logP = logTarget ? target : Digits.log(target);
            Terms value = new Terms().met(x).met(logP).add(p.multiply(logP)).subtract(p.multiply(x));
            Terms targetGradient = logTarget
                    ? new Terms()
                            .met(x)
                            .met(logP)
                            .add(p.multiply(logP))
                            .subtract(p.multiply(x))
                            .add(p)
                    : new Terms().add(logP).add(ONE).subtract(x);
            return new ExactElement.Element(
                    value.total(), new Terms().met(target).subtract(p).total(), targetGradient.total());
        };
    }
}
