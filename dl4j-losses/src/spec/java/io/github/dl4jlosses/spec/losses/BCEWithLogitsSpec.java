/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;
import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.ElementSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.Weights;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** {@link BCEWithLogitsLoss}. */
public final class BCEWithLogitsSpec extends ElementSpec<BCEWithLogitsLoss, BCEWithLogitsLoss.Builder> {
    private static final double[][] EXTREME_WEIGHTS = {{0}, {-1}, {3}, {NaN}};

    public BCEWithLogitsSpec() {
        super(BCEWithLogitsLoss.class, "BCE with logits", BCEWithLogitsLoss::builder, InputRange.ANY);
        option(
                "weight",
                "weight",
                BCEWithLogitsLoss::getWeight,
                BCEWithLogitsLoss.Builder::weight,
                Weights.perOutput("weight").nearest("the `weights` argument").extreme(EXTREME_WEIGHTS));
        option(
                "posWeight",
                "pos_weight",
                BCEWithLogitsLoss::getPosWeight,
                BCEWithLogitsLoss.Builder::posWeight,
                Weights.perOutput("pos_weight")
                        .example((random, outputs) -> Weights.others(outputs))
                        .extreme(EXTREME_WEIGHTS));
        reads("BCEWithLogitsLoss(weight=[0.75, 3.5], posWeight=[3.0, 0.5], reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        sees(SpecHead.SIGMOID, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        accuracy();
        addCorners();
        refusesOtherShapes("Target size (torch.Size(%s)) must be the same as input size (torch.Size(%s))");
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
        refuses(Given.filled(.5, 2), Given.zeros(2), "Long");
        refuses(loss -> loss.weight(1, 2, 3), Given.filled(.5, 4, 2), Given.filled(.5, 4, 2), "weight has");
        refuses(loss -> loss.posWeight(1, 2, 3), Given.filled(.5, 2), Given.filled(.5, 2), "posWeight has");
    }

    private void onPages() {
        page().says("one yes or no, or several classes at once", "logits")
                .nearest("`LossBinaryXENT` with sigmoid, C times as large")
                .task("several classes at once, or one yes or no", "0 or 1, `[N, C]`", "`OutputLayer`, sigmoid");
        page().panel("target 1")
                .over("logit", -30, 30, .25, Given::row)
                .under(SpecHead.SIGMOID)
                .target(Given.row(1))
                .beside(type -> new LossBinaryXENT())
                .clips(-11.51, 11.51);
        page().panel("target 0.5")
                .over("logit", -4, 6, .05, Given::row)
                .under(SpecHead.SIGMOID)
                .target(Given.row(.5))
                .curve("posWeight 1", loss -> loss.posWeight(1))
                .curve("posWeight 3", loss -> loss.posWeight(3))
                .curve("posWeight 10", loss -> loss.posWeight(10));
    }

    private void accuracy() {
        accurate("hard", same -> same, Inputs.LOGITS, Targets.HARD, 10);
        accurate("soft", same -> same, Inputs.LOGITS, Targets.SOFT, 10).atOddSizes();
        accurate("soft, pos_weight 3", loss -> loss.posWeight(3), Inputs.LOGITS, Targets.SOFT, 10);
        accurate(
                "hard, weights, pos_weight",
                (loss, outputs) -> loss.weight(Weights.floats(outputs, 1)).posWeight(Weights.floats(outputs, 2)),
                Inputs.LOGITS,
                Targets.HARD,
                10);
    }

    private void addCorners() {
        corner("logit NaN", Given.row(NaN), Given.row(1));
        corner("target NaN", Given.row(0), Given.row(NaN));
        corner("logit inf, target 1", Given.row(POSITIVE_INFINITY), Given.row(1));
        corner("logit inf, target 0", Given.row(POSITIVE_INFINITY), Given.row(0));
        corner("logit -inf, target 0", Given.row(NEGATIVE_INFINITY), Given.row(0));
        corner("logit -inf, target 1", Given.row(NEGATIVE_INFINITY), Given.row(1));
        corner("logits -1000 and 1000, targets 1 and 0", Given.row(-1000, 1000), Given.row(1, 0));
        corner("target inf", Given.row(0), Given.row(POSITIVE_INFINITY));
        corner("target inf", loss -> loss.weight(-1), Given.row(1), Given.row(POSITIVE_INFINITY));
        corner("target inf", loss -> loss.posWeight(3), Given.row(1), Given.row(POSITIVE_INFINITY));
        corner("target -inf", Given.row(1), Given.row(NEGATIVE_INFINITY));
        corner("logit inf, target inf", Given.row(POSITIVE_INFINITY), Given.row(POSITIVE_INFINITY));
        corner("weight NaN", loss -> loss.weight(NaN), Given.row(1), Given.row(1));
        corner("empty", Given.row(), Given.row());
        corner("empty", loss -> loss.reduction(Reduction.SUM), Given.row(), Given.row());
    }

    /** (1-t) sigma(x) - v t sigma(-x), where a target is neither 0 nor 1. */
    @Override
    protected boolean hasDifferences(BCEWithLogitsLoss loss, TargetForm form, boolean gradient) {
        return gradient;
    }

    @Override
    protected TargetRange targets(BCEWithLogitsLoss loss) {
        return TargetRange.ANY_TRUTHS;
    }

    @Override
    protected String torch(BCEWithLogitsLoss loss, int reduction) {
        String weight = loss.getWeight() == null ? "None" : "weight";
        String posWeight = loss.getPosWeight() == null ? "None" : "pos_weight";
        return "torch.binary_cross_entropy_with_logits(x, t, " + weight + ", " + posWeight + ", " + reduction + ")";
    }

    /** w ((1-t) x + (1 + (v-1) t) softplus(-x)). */
    @Override
    protected PlainElement plain(BCEWithLogitsLoss loss) {
        double[] weight = loss.getWeight();
        double[] posWeight = loss.getPosWeight();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                return numberOf(weight, output) * ((1 - t) * x + logWeight(t, output) * softplus(-x));
            }

            private double logWeight(double t, int output) {
                return posWeight == null ? 1 : 1 + (numberOf(posWeight, output) - 1) * t;
            }

            @Override
            public double gradient(double x, double t, int output) {
                return numberOf(weight, output) * ((1 - t) - logWeight(t, output) / (1 + Math.exp(x)));
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                double gradient = posWeight == null ? -x : numberOf(posWeight, output) * softplus(-x) - softplus(x);
                return numberOf(weight, output) * gradient;
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                return Math.abs(numberOf(weight, output))
                        * (1 + Math.abs(x))
                        * (1 + Math.abs(t))
                        * (1 + Math.abs(numberOf(posWeight, output)));
            }
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** -w (v y log sigma(x) + (1-y) log(1 - sigma(x))) with v the weight of positive targets. */
    @Override
    protected ExactElement exact(BCEWithLogitsLoss loss) {
        double[] weight = loss.getWeight();
        double[] posWeight = loss.getPosWeight();
        return (x, y, output) -> {
            BigDecimal v = Digits.exact(numberOf(posWeight, output));
            // of the two logarithms one is |x| larger than the other
            BigDecimal e = exp(x.abs().negate());
            BigDecimal smaller = log(ONE.add(e));
            BigDecimal minusLogSigma = smaller.add(x.negate().max(ZERO));
            BigDecimal minusLogOther = smaller.add(x.max(ZERO));
            BigDecimal positive = v.multiply(y);
            BigDecimal negative = ONE.subtract(y);
            Terms value =
                    new Terms().met(x).add(positive.multiply(minusLogSigma)).add(negative.multiply(minusLogOther));

            // sigma(x) and sigma(-x) over their common denominator 1 + exp(-|x|)
            BigDecimal sigma = x.signum() < 0 ? e : ONE;
            BigDecimal other = x.signum() < 0 ? ONE : e;
            ExactNumber gradient = new Terms()
                    .add(negative.multiply(sigma))
                    .subtract(positive.multiply(other))
                    .over(ONE.add(e))
                    .meeting(x);

            // without a weight for positive targets this is -x, exactly
            Terms targetGradient = posWeight == null
                    ? new Terms().subtract(x)
                    : new Terms().met(x).add(v.multiply(minusLogSigma)).subtract(minusLogOther);
            return new ExactElement.Element(value.total(), gradient, targetGradient.total())
                    .times(Digits.exact(numberOf(weight, output)));
        };
    }
}
