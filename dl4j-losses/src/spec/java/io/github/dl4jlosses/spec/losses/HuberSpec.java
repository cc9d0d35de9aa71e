/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.HuberLoss;
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
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;

/** {@link HuberLoss}. */
public final class HuberSpec extends ElementSpec<HuberLoss, HuberLoss.Builder> {
    private static final BigDecimal HALF = new BigDecimal("0.5");

    public HuberSpec() {
        super(HuberLoss.class, "Huber", HuberLoss::builder, InputRange.ANY);
        option(
                "delta",
                "delta",
                HuberLoss::getDelta,
                HuberLoss.Builder::delta,
                Domain.of("delta", 1., .0625, 3.)
                        .drawing((random, outputs) -> new double[] {1, 1, .25, 3, 1e-3, 1e6}[random.nextInt(6)])
                        .example((random, outputs) -> .25)
                        .extreme(.125, 14.5, POSITIVE_INFINITY)
                        .taking(Double.MIN_VALUE, 1e300, POSITIVE_INFINITY)
                        .refusing(0., "huber_loss does not support non-positive values for delta.")
                        .refusing(-0., "huber_loss does not support non-positive values for delta.")
                        .refusing(NEGATIVE_INFINITY, "huber_loss does not support non-positive values for delta.")
                        .refusing(-1., "huber_loss does not support non-positive values for delta.")
                        .refusing(NaN, "huber_loss does not support non-positive values for delta."));
        reads("HuberLoss(reduction=MEAN, delta=0.25)");
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        applied(SpecHead.SOFTMAX);
        accurate("delta 1.0", same -> same, Inputs.LOGITS, Targets.LOGITS, 10);
        accurate("delta 0.1", loss -> loss.delta(.1), Inputs.LOGITS, Targets.LOGITS, 10);
        corner("distance delta", Given.row(2), Given.row(1));
        corner("input NaN", Given.row(NaN), Given.row(0));
        corner("target NaN", Given.row(0), Given.row(NaN));
        corner("input inf", Given.row(POSITIVE_INFINITY), Given.row(0));
        corner("target inf", Given.row(0), Given.row(POSITIVE_INFINITY));
        corner("input and target inf", Given.row(POSITIVE_INFINITY), Given.row(POSITIVE_INFINITY));
        corner("input inf", loss -> loss.delta(POSITIVE_INFINITY), Given.row(POSITIVE_INFINITY), Given.row(0));
        corner("empty", Given.row(), Given.row());
        warnsOfOtherShapes(
                "Using a target size (torch.Size(%s)) that is different to the input size (torch.Size(%s))."
                        + " This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.");
        refuses(Given.filled(.5, 2, 3), Given.filled(.5, 2, 2), "[2, 2]");
        refuses(Given.zeros(2), Given.filled(.5, 2), "LONG");
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
    }

    @Override
    protected TargetRange targets(HuberLoss loss) {
        return TargetRange.LIKE_INPUT;
    }

    @Override
    protected String torch(HuberLoss loss, int reduction) {
        return "torch.huber_loss(x, t, " + reduction + ", float(delta))";
    }

    /** (x-t)^2 / 2 up to delta, and delta (|x-t| - delta/2) beyond. */
    @Override
    protected PlainElement plain(HuberLoss loss) {
        double delta = loss.getDelta();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                double distance = Math.abs(x - t);
                return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2);
            }

            @Override
            public double gradient(double x, double t, int output) {
                return Math.max(-delta, Math.min(delta, x - t));
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                return -gradient(x, t, output);
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                return (1 + delta) * (1 + Math.abs(x) + Math.abs(t));
            }
        };
    }

    /** Of the distance d = x - t: d^2 / 2 where |d| is below delta, else delta |d| - delta^2 / 2. */
    @Override
    protected ExactElement exactElement(HuberLoss loss) {
        BigDecimal delta = Digits.exact(loss.getDelta());
        return (x, t, output) -> {
            BigDecimal d = x.subtract(t);
            boolean isSquare = d.abs().compareTo(delta) < 0;
            Terms value = isSquare
                    ? new Terms().add(HALF.multiply(d).multiply(d))
                    : new Terms()
                            .add(delta.multiply(d.abs()))
                            .subtract(HALF.multiply(delta).multiply(delta));
            BigDecimal slope = isSquare ? d : delta.multiply(BigDecimal.valueOf(d.signum()));
            return new ExactElement.Element(
                    value.total().meeting(x, t),
                    new Terms().add(slope).met(x).met(t).total(),
                    new Terms().subtract(slope).met(x).met(t).total());
        };
    }
}
