/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.SoftMarginLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.ElementSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;

/** {@link SoftMarginLoss}. */
public final class SoftMarginSpec extends ElementSpec<SoftMarginLoss, SoftMarginLoss.Builder> {
    public SoftMarginSpec() {
        super(SoftMarginLoss.class, "Soft margin", SoftMarginLoss::builder, InputRange.ANY);
        reads("SoftMarginLoss(reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        applied(SpecHead.SOFTMAX);
        accurate("", same -> same, Inputs.LOGITS, Targets.SIGNS, 10);
        corner("far on the right side", Given.row(100), Given.row(1));
        corner("far on the wrong side", Given.row(-1000), Given.row(1));
        corner("target 0", Given.row(3), Given.row(0));
        corner("score NaN", Given.row(NaN), Given.row(1));
        corner("score inf, target 1", Given.row(POSITIVE_INFINITY), Given.row(1));
        corner("score -inf, target 1", Given.row(NEGATIVE_INFINITY), Given.row(1));
        corner("empty", Given.row(), Given.row());
        hasNoTargetGradient();
        refusesToBroadcast(false);
        refuses(Given.filled(.5, 2, 3), Given.filled(1, 2, 2), "[2, 2]");
        refuses(Given.filled(.5, 2, 1), Given.filled(1, 2, 2), "[2, 2]");
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
        refuses(Given.zeros(2), Given.filled(1, 2), "LONG");
    }

    private void onPages() {
        page().says("one yes or no, written as 1 and -1", "the score")
                .nearest("`LossBinaryXENT` with sigmoid and labels 0 and 1, C times as large")
                .task("labels 1 and -1", "1 or -1, `[N, C]`", "`OutputLayer`, identity");
        page().panel("target 1")
                .over("the score", -6, 6, .05, Given::row)
                .by("the score", 0)
                .target(Given.row(1));
        page().panel("target -1")
                .over("the score", -6, 6, .05, Given::row)
                .by("the score", 0)
                .target(Given.row(-1));
    }

    @Override
    protected TargetRange targets(SoftMarginLoss loss) {
        return TargetRange.SIGNS;
    }

    /** Torch's kernel; where its exponential overflows, the same loss by torch's own logarithm of the sigmoid. */
    @Override
    protected String torch(SoftMarginLoss loss, int reduction) {
        String finite = "torch.isfinite(torch.exp(-x * t))";
        String each = "torch.where(" + finite + ", torch.soft_margin_loss(torch.where(" + finite
                + ", x, torch.zeros_like(x)), t, 0), -torch.log_sigmoid(x * t))";
        String reduced = reduction == 0 ? each : (reduction == 1 ? "torch.mean(" : "torch.sum(") + each + ")";
        return "torch.soft_margin_loss(x, t, " + reduction + ") if bool(torch.all(" + finite + ")) else " + reduced;
    }

    /** log(1 + exp(-t x)). */
    @Override
    protected PlainElement plain(SoftMarginLoss loss) {
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                double z = -t * x;
                return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            }

            @Override
            public double gradient(double x, double t, int output) {
                return -t / (1 + Math.exp(t * x));
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                return (1 + Math.abs(x)) * (1 + Math.abs(t));
            }
        };
    }

    /** log(1 + exp(-t x)). */
    @Override
    protected ExactElement exact(SoftMarginLoss loss) {
        return (x, t, output) -> {
            BigDecimal z = t.multiply(x).negate();
            BigDecimal e = exp(z.abs().negate());
            Terms value = new Terms().met(x).add(z.max(ZERO)).add(log(ONE.add(e)));
            // sigma(z) over its denominator 1 + exp(-|z|)
            BigDecimal sigma = z.signum() < 0 ? e : ONE;
            return new ExactElement.Element(
                    value.total(),
                    new Terms().subtract(t.multiply(sigma)).over(ONE.add(e)).meeting(x));
        };
    }
}
