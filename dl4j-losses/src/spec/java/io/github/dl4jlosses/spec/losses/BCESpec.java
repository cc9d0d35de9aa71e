/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.exact.Digits.log;
import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.ElementSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.Weights;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** {@link BCELoss}. */
public final class BCESpec extends ElementSpec<BCELoss, BCELoss.Builder> {
    private static final BigDecimal SMALLEST_LOG = BigDecimal.valueOf(-100);
    /** torch's smallest denominator of the gradient, a float constant. */
    private static final double EPSILON = 1e-12f;

    public BCESpec() {
        super(BCELoss.class, "BCE", BCELoss::builder, InputRange.PROBABILITIES);
        option(
                "weight",
                "weight",
                BCELoss::getWeight,
                BCELoss.Builder::weight,
                Weights.perOutput("weight")
                        .nearest("the `weights` argument")
                        .extreme(
                                new double[] {0}, new double[] {-1}, new double[] {POSITIVE_INFINITY}, new double[] {NaN
                                }));
        reads("BCELoss(weight=[0.75, 3.5], reduction=MEAN)");
        onPages();
        sees(SpecHead.SIGMOID, SpecHead.SIGMOID);
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.SOFTMAX);
        accurate("hard", same -> same, Inputs.SIGMOIDS, Targets.HARD, 10);
        accurate("soft", same -> same, Inputs.SIGMOIDS, Targets.SOFT, 10);
        accurate(
                "soft, weights",
                (loss, outputs) -> loss.weight(Weights.floats(outputs, 1)),
                Inputs.SIGMOIDS,
                Targets.SOFT,
                10);
        corner("probability 0, target 1", Given.row(0), Given.row(1));
        corner("probabilities 0 and 1, targets the same", Given.row(0, 1), Given.row(0, 1));
        corner("empty", Given.row(), Given.row());
        refusesOtherShapes("Using a target size (torch.Size(%s)) that is different to the input size (torch.Size(%s))"
                + " is deprecated. Please ensure they have the same size.");
        refuses(Given.numbers(new double[] {.5, 1.25}, 1, 2), Given.filled(.5, 1, 2), "input[0, 1] is 1.25");
        refuses(Given.numbers(new double[] {-.5, 1.25}, 2), Given.filled(.5, 2), "input[0] is -0.5");
        refuses(Given.filled(NaN, 1), Given.filled(.5, 1), "input[0] is NaN");
        refuses(Given.filled(.5, 2), Given.numbers(new double[] {0, -1}, 2), "target[1] is -1.0");
        refuses(Given.numbers(new double[] {0, 2}, 2), Given.numbers(new double[] {3, 0}, 2), "target[0] is 3.0");
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
        refuses(Given.filled(.5, 2), Given.zeros(2), "Long");
        refuses(loss -> loss.weight(1, 2, 3), Given.filled(.5, 4, 2), Given.filled(.5, 4, 2), "3 numbers");
        refuses(loss -> loss.weight(1, 2, 3), Given.filled(.5, 4, 1), Given.filled(.5, 4, 1), "3 numbers");
    }

    private void onPages() {
        page().says("a PyTorch model that ends in `Sigmoid`", "probabilities")
                .task("a PyTorch model that ends in `Sigmoid`", "as for `BCEWithLogitsLoss`", "`OutputLayer`, sigmoid");
        page().panel("target 1, float64")
                .over("logit", -120, 20, .5, Given::row)
                .under(SpecHead.SIGMOID)
                .target(Given.row(1))
                .beside(type -> new LossBinaryXENT())
                .clips(-11.51, 11.51);
        page().panel("target 0, float32")
                .over("logit", -20, 40, .25, Given::row)
                .under(SpecHead.SIGMOID)
                .target(Given.row(0))
                .inFloat()
                .beside(type -> new LossBinaryXENT())
                .clips(-11.51, 11.51);
    }

    @Override
    protected TargetRange targets(BCELoss loss) {
        return TargetRange.TRUTHS;
    }

    @Override
    protected String torch(BCELoss loss, int reduction) {
        String weight = loss.getWeight() == null ? "None" : "weight";
        return "torch.binary_cross_entropy(x, t, " + weight + ", " + reduction + ")";
    }

    /** -w (t log x + (1-t) log(1-x)), logarithms not below -100. */
    @Override
    protected PlainElement plain(BCELoss loss) {
        double[] weight = loss.getWeight();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                return numberOf(weight, output) * ((t - 1) * clamped(Math.log1p(-x)) - t * clamped(Math.log(x)));
            }

            private double clamped(double log) {
                return Math.max(log, -100);
            }

            @Override
            public double gradient(double x, double t, int output) {
                return numberOf(weight, output) * (x - t) / Math.max((1 - x) * x, EPSILON);
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                return numberOf(weight, output) * (Math.log1p(-x) - Math.log(x));
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                return 100 * Math.abs(numberOf(weight, output));
            }
        };
    }

    /**
     * -w (y max(log p, -100) + (1-y) max(log(1-p), -100)), whose gradient torch defines as w (p-y) / max(p (1-p), 1e-12).
     */
    @Override
    protected ExactElement exact(BCELoss loss) {
        double[] weight = loss.getWeight();
        return (p, y, output) -> {
            BigDecimal other = ONE.subtract(p);
            BigDecimal logP = p.signum() == 0 ? null : log(p);
            BigDecimal logOther = other.signum() == 0 ? null : log(other);
            Terms value = new Terms()
                    .met(p)
                    .subtract(y.multiply(clamped(logP)))
                    .subtract(ONE.subtract(y).multiply(clamped(logOther)));
            BigDecimal slope = p.multiply(other).max(Digits.exact(EPSILON));
            ExactNumber gradient = new Terms().add(p).subtract(y).over(slope).meeting(p);
            ExactNumber targetGradient = logP == null || logOther == null
                    ? ExactNumber.NOT_FINITE
                    : new Terms().met(p).add(logOther).subtract(logP).total();
            return new ExactElement.Element(value.total(), gradient, targetGradient)
                    .times(Digits.exact(numberOf(weight, output)));
        };
    }

    private static BigDecimal clamped(BigDecimal logarithm) {
        return logarithm == null ? SMALLEST_LOG : logarithm.max(SMALLEST_LOG);
    }
}
