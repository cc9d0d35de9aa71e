/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;
import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;
import static java.lang.Double.NaN;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.MultiLabelSoftMarginLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.RowSpec;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.Weights;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** {@link MultiLabelSoftMarginLoss}. */
public final class MultiLabelSoftMarginSpec
        extends RowSpec<MultiLabelSoftMarginLoss, MultiLabelSoftMarginLoss.Builder> {
    private static final double[][] EXTREME_WEIGHTS = {{0}, {-1}, {3}, {NaN}};

    public MultiLabelSoftMarginSpec() {
        super(
                MultiLabelSoftMarginLoss.class,
                "Multi-label soft margin",
                MultiLabelSoftMarginLoss::builder,
                InputRange.FINITE);
        option(
                "weight",
                "weight",
                MultiLabelSoftMarginLoss::getWeight,
                MultiLabelSoftMarginLoss.Builder::weight,
                Weights.perOutput("weight").nearest("the `weights` argument").extreme(EXTREME_WEIGHTS));
        reads("MultiLabelSoftMarginLoss(weight=[0.75, 3.5], reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        sees(SpecHead.SIGMOID, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        accurate("hard", same -> same, Inputs.LOGITS, Targets.HARD, 10);
        accurate(
                        "soft, weights",
                        (loss, outputs) -> loss.weight(Weights.floats(outputs, 1)),
                        Inputs.LOGITS,
                        Targets.SOFT,
                        10)
                .atOddSizes();
        corner("logits NaN and 0", Given.row(NaN, 0), Given.row(1, 1));
        corner("wrong and sure of it", Given.row(-1000, 0), Given.row(1, 1));
        corner("right and sure of it", Given.row(100, -100), Given.row(1, 0));
        corner("target 2", Given.row(1, 0), Given.row(2, 1));
        corner("no rows", Given.rows(0), Given.rows(0));
        corner("no rows", loss -> loss.reduction(Reduction.SUM), Given.rows(0), Given.rows(0));
        refusesToBroadcast(true);
        refuses(Given.filled(.5, 2, 3), Given.filled(1, 2, 2), "[2, 2]");
        refuses(Given.zeros(2, 3), Given.zeros(2, 3), "LONG");
        refuses(Given.filled(.5), Given.filled(1), "single number");
        refuses(loss -> loss.weight(1, 2), Given.filled(.5, 2, 3), Given.filled(1, 2, 3), "weight has");
        refuses(loss -> loss.weight(1, 2), Given.filled(.5, 3), Given.filled(1, 3), "weight has");
    }

    private void onPages() {
        page().says("several classes at once, one loss for each example", "logits")
                .nearest("`LossBinaryXENT` with sigmoid, C times as large")
                .task("several classes at once, as one loss per row", "0 or 1, `[N, C]`", "`OutputLayer`, sigmoid");
        page().panel("logits (x, 0), targets (1, 0)")
                .over("logit", -30, 30, .25, x -> Given.row(x, 0))
                .under(SpecHead.SIGMOID)
                .target(Given.row(1, 0))
                .beside(type -> new LossBinaryXENT(Nd4j.createFromArray(.5, .5).castTo(type)))
                .clips(-11.51);
    }

    @Override
    protected TargetRange targets(MultiLabelSoftMarginLoss loss) {
        return TargetRange.ANY_TRUTHS;
    }

    /** Torch's classes are the last dimension, of the rows that a network's positions are, too. */
    @Override
    protected String torch(MultiLabelSoftMarginLoss loss, int reduction) {
        String each = "-(t * torch.log_sigmoid(x) + (1 - t) * torch.log_sigmoid(-x))";
        if (loss.getWeight() != null) {
            each = "(" + each + ") * (weight.reshape([-1] + [1] * (x.dim() - 2)) if x.dim() > 2 else weight)";
        }
        String classes = "-1 if x.dim() < 3 else 1";
        String rows = "torch.div(torch.sum(" + each + ", [" + classes + "]), x.size(" + classes + "))";
        return reduction == 0 ? rows : (reduction == 1 ? "torch.mean(" : "torch.sum(") + rows + ")";
    }

    /** -w (t log sigma(x) + (1-t) log sigma(-x)). */
    @Override
    protected PlainElement plain(MultiLabelSoftMarginLoss loss) {
        double[] weight = loss.getWeight();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                double named = t == 0 ? 0 : t * softplus(-x);
                double other = t == 1 ? 0 : (1 - t) * softplus(x);
                // what a target does not name has no part, however large; NaN has
                return numberOf(weight, output) * (Double.isNaN(x) ? x : named + other);
            }

            @Override
            public double gradient(double x, double t, int output) {
                return numberOf(weight, output) * (1 / (1 + Math.exp(-x)) - t);
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                return -numberOf(weight, output) * x;
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                return Math.abs(numberOf(weight, output)) * (1 + Math.abs(x)) * (1 + Math.abs(t));
            }
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    protected ExactElement exactElement(MultiLabelSoftMarginLoss loss) {
        double[] weight = loss.getWeight();
        return (x, t, output) -> {
            BigDecimal e = exp(x.abs().negate());
            BigDecimal log = log(ONE.add(e));
            Terms value = new Terms()
                    .met(x)
                    .add(t.multiply(log.add(x.negate().max(ZERO))))
                    .add(ONE.subtract(t).multiply(log.add(x.max(ZERO))));
            // sigma(x) and sigma(-x) over their common denominator 1 + exp(-|x|)
            BigDecimal sigma = x.signum() < 0 ? e : ONE;
            BigDecimal other = x.signum() < 0 ? ONE : e;
            Terms gradient = new Terms().add(ONE.subtract(t).multiply(sigma)).subtract(t.multiply(other));
            return new ExactElement.Element(
                            value.total(),
                            gradient.over(ONE.add(e)).meeting(x),
                            // the difference of both logarithms
                            new Terms().subtract(x).total())
                    .times(Digits.exact(numberOf(weight, output)));
        };
    }
}
