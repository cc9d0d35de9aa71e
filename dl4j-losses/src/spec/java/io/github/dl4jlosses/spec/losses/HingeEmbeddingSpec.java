/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.HingeEmbeddingLoss;
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

/** {@link HingeEmbeddingLoss}. */
public final class HingeEmbeddingSpec extends ElementSpec<HingeEmbeddingLoss, HingeEmbeddingLoss.Builder> {
    private static final BigDecimal MINUS_ONE = ONE.negate();

    public HingeEmbeddingSpec() {
        super(HingeEmbeddingLoss.class, "Hinge embedding", HingeEmbeddingLoss::builder, InputRange.ANY);
        option(
                "margin",
                "margin",
                HingeEmbeddingLoss::getMargin,
                HingeEmbeddingLoss.Builder::margin,
                Domain.of("margin", 1., 0., .5, 3.)
                        .drawing((random, outputs) -> new double[] {1, 1, 0, .25, 3, -2, 1e6}[random.nextInt(7)])
                        .example((random, outputs) -> .25)
                        .extreme(0., -1., 14.5, POSITIVE_INFINITY, NaN)
                        .taking(-0., 1e300, NEGATIVE_INFINITY, POSITIVE_INFINITY, NaN));
        reads("HingeEmbeddingLoss(margin=0.25, reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        applied(SpecHead.SOFTMAX);
        accurate("", same -> same, Inputs.LOGITS, Targets.SIGNS, 10);
        accurate("margin 3", loss -> loss.margin(3), Inputs.LOGITS, Targets.SIGNS, 10);
        addCorners();
        hasNoTargetGradient();
        refusesToBroadcast(true);
        refuses(Given.filled(.5, 2, 3), Given.filled(1, 2, 2), "[2, 2]");
    }

    private void onPages() {
        page().says("pairs that are alike or not, by their distance", "the distance")
                .nearest("none; `LossHinge` is another loss, max(0, 1 - t x)")
                .task("pairs that are alike or not", "1 or -1, `[N, C]`", "`OutputLayer`, identity or softplus");
        page().panel("target 1, a pair that is alike")
                .over("the distance", 0, 3, .02, Given::row)
                .by("the distance", 0)
                .target(Given.row(1));
        page().panel("target -1, a pair that is not")
                .over("the distance", 0, 3, .02, Given::row)
                .by("the distance", 0)
                .target(Given.row(-1))
                .curve("margin 0.5", loss -> loss.margin(.5))
                .curve("margin 1.0", loss -> loss.margin(1))
                .curve("margin 2.0", loss -> loss.margin(2));
    }

    private void addCorners() {
        corner("alike", Given.row(.5), Given.row(1));
        corner("at the margin", Given.row(1), Given.row(-1));
        corner("beyond the margin", Given.row(2), Given.row(-1));
        corner("target 0: both", Given.row(.25), Given.row(0));
        corner("distance NaN, target 1", Given.row(NaN), Given.row(1));
        corner("distance NaN, target -1", Given.row(NaN), Given.row(-1));
        corner("distance -inf, target 0", Given.row(NEGATIVE_INFINITY), Given.row(0));
        corner("margin NaN, target -1", loss -> loss.margin(NaN), Given.row(.5), Given.row(-1));
        corner("empty", Given.row(), Given.row());
    }

    @Override
    protected TargetRange targets(HingeEmbeddingLoss loss) {
        return TargetRange.SIGNS;
    }

    @Override
    protected double[] kinks(HingeEmbeddingLoss loss) {
        return new double[] {loss.getMargin()};
    }

    @Override
    protected String torch(HingeEmbeddingLoss loss, int reduction) {
        return "torch.hinge_embedding_loss(x, t, float(margin), " + reduction + ")";
    }

    /** x for 1, max(0, margin - x) for -1, their sum for any other target. */
    @Override
    protected PlainElement plain(HingeEmbeddingLoss loss) {
        double margin = loss.getMargin();
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                double room = margin - x;
                double apart = room < 0 ? 0 : room;
                return t == 1 ? x : t == -1 ? apart : apart + x;
            }

            @Override
            public double gradient(double x, double t, int output) {
                double apart = x <= margin ? -1 : 0;
                // equal infinities have no distance
                apart = Double.isNaN(margin - x) ? 0 : apart;
                return t == 1 ? 1 : t == -1 ? apart : apart + 1;
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                return 1 + Math.abs(x) + (Double.isFinite(margin) ? Math.abs(margin) : 0);
            }
        };
    }

    @Override
    protected ExactElement exact(HingeEmbeddingLoss loss) {
        BigDecimal margin = Digits.exact(loss.getMargin());
        return (x, t, output) -> {
            Terms value = new Terms().met(x).met(margin);
            Terms gradient = new Terms();
            if (t.compareTo(MINUS_ONE) != 0) {
                value.add(x);
                gradient.add(ONE);
            }
            if (t.compareTo(ONE) != 0) {
                value.add(margin.subtract(x).max(ZERO));
                gradient.add(x.compareTo(margin) > 0 ? ZERO : MINUS_ONE);
            }
            return new ExactElement.Element(value.total(), gradient.total());
        };
    }
}
