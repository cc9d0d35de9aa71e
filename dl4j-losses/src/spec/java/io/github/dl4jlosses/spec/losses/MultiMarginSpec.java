/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.MultiMarginLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.ClassSpec;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.Weights;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactRow;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** {@link MultiMarginLoss}. */
public final class MultiMarginSpec extends ClassSpec<MultiMarginLoss, MultiMarginLoss.Builder> {
    public MultiMarginSpec() {
        super(
                MultiMarginLoss.class,
                "Multi-margin",
                MultiMarginLoss::builder,
                InputRange.ANY,
                MultiMarginLoss::getTargetFormat,
                MultiMarginLoss.Builder::targetFormat);
        addOptions();
        reads("MultiMarginLoss(p=2, margin=0.25, weight=[0.75, 3.5], reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        applied(SpecHead.SOFTMAX);
        accurate("", same -> same, Inputs.LOGITS, Targets.INDICES, 10);
        accurate(
                "p 2, margin 3, weights",
                (loss, classes) -> loss.p(2).margin(3).weight(Weights.floats(classes, 1)),
                Inputs.LOGITS,
                Targets.INDICES,
                10);
        accurate("p 2", loss -> loss.p(2), Inputs.LOGITS, Targets.INDICES, 10);
        addCorners();
        addRefusals();
    }

    private void addOptions() {
        option(
                "p",
                "p",
                MultiMarginLoss::getP,
                MultiMarginLoss.Builder::p,
                Domain.of("p", 1L, 2L).extreme(2L).refusing("only p == 1 and p == 2 supported", 0L, 3L, -1L));
        option(
                "margin",
                "margin",
                MultiMarginLoss::getMargin,
                MultiMarginLoss.Builder::margin,
                Domain.of("margin", 1., .5, 3.)
                        .drawing((random, classes) -> new double[] {1, 1, 0, .25, 3, -2, 1e6}[random.nextInt(7)])
                        .example((random, classes) -> .25)
                        .extreme(0., -1., POSITIVE_INFINITY, NaN)
                        .taking(-0., 1e300, NEGATIVE_INFINITY, POSITIVE_INFINITY, NaN));
        option(
                "weight",
                "weight",
                MultiMarginLoss::getWeight,
                MultiMarginLoss.Builder::weight,
                Weights.perClass("weight")
                        .nearest("-")
                        .extreme(
                                new double[] {1, 1, 1}, new double[] {0, 1, 2}, new double[] {-1, .5, 0}, new double[] {
                                    POSITIVE_INFINITY, 1, NaN
                                }));
    }

    private void onPages() {
        page().says("one class of C, by a margin as a support vector machine has it", "the scores")
                .nearest("none; `LossHinge` is another loss, one for each output")
                .task(
                        "one class of C, by a margin",
                        "indices `[N, 1]`, or one-hot `[N, C]`",
                        "`OutputLayer`, identity");
        page().panel("scores (x, 0), class 0")
                .over("the score of the class", -2, 3, .02, x -> Given.row(x, 0))
                .by("the score", 0)
                .target(Given.indices(0))
                .curve("p 1", loss -> loss.p(1))
                .curve("p 2", loss -> loss.p(2));
        page().panel("scores (0, x, -1), class 0")
                .over("the score of another class", -3, 3, .02, x -> Given.row(0, x, -1))
                .by("the score", 1)
                .target(Given.indices(0))
                .curve("margin 0.5", loss -> loss.margin(.5))
                .curve("margin 1.0", loss -> loss.margin(1))
                .curve("margin 2.0", loss -> loss.margin(2));
    }

    private void addCorners() {
        corner("one class within the margin, one beyond", Given.row(.5, 0, -2), Given.indices(0));
        corner("at the margin", Given.row(1, 0), Given.indices(0));
        corner("a single class", Given.row(3), Given.indices(0));
        corner("score NaN of the class", Given.row(NaN, 1), Given.indices(0));
        corner("score NaN of another class", Given.row(0, NaN, 1), Given.indices(0));
        corner("score inf of another class, p 2", loss -> loss.p(2), Given.row(0, POSITIVE_INFINITY), Given.indices(0));
        corner("score inf of both", Given.row(POSITIVE_INFINITY, POSITIVE_INFINITY), Given.indices(0));
        corner("margin NaN", loss -> loss.margin(NaN), Given.row(0, 1), Given.indices(0));
        corner("negative weight", loss -> loss.weight(-1, 1), Given.row(0, 1), Given.indices(0));
    }

    private void addRefusals() {
        refusesInOtherWords("target out of range", "inconsistent weight size, expected ");
        refuses(Given.filled(.5, 2, 3), Given.indices(0, 7), "target[1] is 7; the input has 3 classes");
        refuses(Given.filled(.5, 2, 3), Given.indices(0, -1), "target[1] is -1");
        refuses(Given.filled(.5, 2, 3), Given.indices(-100, 0), "target[0]");
        refuses(Given.filled(.5, 3), Given.indices(new long[] {5}), "target");
        refuses(Given.filled(.5, 2, 3), Given.zeros(3), "[2, 3]");
        refuses(Given.filled(.5, 2, 3), Given.zeros(), "[2, 3]");
        refuses(Given.filled(.5, 2, 3), Given.zeros(2, 1), "[2, 1]");
        refuses(Given.filled(.5, 3), Given.zeros(2), "[3]");
        refuses(Given.filled(.5, 3), Given.zeros(1, 1), "[3]");
        refuses(Given.filled(.5), Given.zeros(2), "[]");
        refuses(Given.filled(.5, 1, 2, 3), Given.zeros(1, 3), "(N, C)");
        refuses(Given.numbers(new double[0], 2, 0), Given.zeros(2), "(N, C)");
        refuses(loss -> loss.weight(1, 2), Given.filled(.5, 2, 3), Given.zeros(2), "2 numbers");
        refuses(Given.zeros(2, 3), Given.zeros(2), "LONG");
        refuses(Given.filled(.5, 2, 3), Given.flags(2), "Bool");
    }

    @Override
    protected boolean takesRowsOnly() {
        return true;
    }

    @Override
    public List<TargetForm> forms() {
        return List.of(TargetForm.INDEX, TargetForm.ONE_HOT);
    }

    /** A target of the input's shape is one-hot without being told. */
    @Override
    protected MultiMarginLoss.Builder builder(TargetForm form, Random random) {
        return random.nextBoolean() ? builder() : builder(form);
    }

    @Override
    protected TargetRange targets(MultiMarginLoss loss) {
        throw new UnsupportedOperationException("MultiMarginLoss has classes for targets");
    }

    /** Another class at the margin from any that may be the row's own. */
    @Override
    protected boolean hasKink(MultiMarginLoss loss, double[] row, double within) {
        return IntStream.range(0, row.length)
                .anyMatch(own -> IntStream.range(0, row.length)
                        .filter(other -> other != own)
                        .anyMatch(other -> Math.abs(loss.getMargin() - row[own] + row[other]) <= within));
    }

    /**
     * Torch's kernel. In float16 (type 5) and bfloat16 (15) it has none, and the loss is that of float32 (6), rounded. The
     * sum of no rows is not set in torch, and the sum and mean of its losses are taken.
     */
    @Override
    protected String torch(MultiMarginLoss loss, int reduction) {
        boolean weighted = loss.getWeight() != null;
        String options = ", t, int(p), float(margin), ";
        String same = "torch.multi_margin_loss(x" + options + (weighted ? "weight" : "None");
        String short16 = "torch.multi_margin_loss(x.to(6)" + options + (weighted ? "weight.to(6)" : "None");
        String none = reduction == 0 ? "" : (reduction == 1 ? "torch.mean(" : "torch.sum(") + same + ", 0))";
        return short16 + ", " + reduction + ").to(x.dtype) if x.dtype == 5 or x.dtype == 15 else "
                + (reduction == 0 ? "" : none + " if x.numel() == 0 else ")
                + same + ", " + reduction + ")";
    }

    /** (w[t] / C) times the sum over the other classes of max(0, margin - x[t] + x[i])^p; the mean divides by the rows. */
    @Override
    protected PlainResult plain(MultiMarginLoss loss, PlainBatch batch) {
        int rows = batch.input.length;
        int columns = batch.columns();
        double[][] losses = new double[rows][1];
        double[][] gradient = new double[rows][columns];
        boolean[][] touched = new boolean[rows][columns];
        double[] largest = new double[rows];
        double denominator = 0;
        double p = (double) loss.getP();
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            if (!batch.isKept(r)) {
                continue;
            }
            double[] x = batch.input[r];
            int t = batch.classes[r];
            double w = numberOf(loss.getWeight(), t);
            for (int i = 0; i < columns; i++) {
                touched[r][i] = true;
                double z = loss.getMargin() - x[t] + x[i];
                if (i != t && z > 0) {
                    losses[r][0] += w * Math.pow(z, p) / columns;
                    double slope = w * p * Math.pow(z, p - 1) / columns;
                    gradient[r][i] += slope;
                    gradient[r][t] -= slope;
                }
                double size = Math.abs(loss.getMargin()) + Math.abs(x[t]) + Math.abs(x[i]);
                largest[r] = PlainResult.larger(largest[r], (1 + Math.abs(w)) * Math.pow(1 + size, p));
            }
            denominator++;
        }
        return new PlainResult(losses, gradient, null, denominator, largest, touched);
    }

    @Override
    protected ExactLoss exact(MultiMarginLoss loss) {
        BigDecimal margin = Digits.exact(loss.getMargin());
        boolean isSquared = loss.getP() == 2;
        return (ExactRow) (x, named) -> {
            int t = (int) named[0];
            BigDecimal weight = Digits.exact(numberOf(loss.getWeight(), t));
            BigDecimal classes = BigDecimal.valueOf(x.length);
            Terms value = new Terms();
            Terms own = new Terms();
            ExactNumber[] gradient = new ExactNumber[x.length];
            for (int i = 0; i < x.length; i++) {
                BigDecimal z = margin.subtract(x[t]).add(x[i]);
                boolean isNear = i != t && z.signum() > 0;
                BigDecimal near = isNear ? z : BigDecimal.ZERO;
                BigDecimal slope = !isNear ? BigDecimal.ZERO : isSquared ? z.add(z) : BigDecimal.ONE;
                value.add(weight.multiply(isSquared ? near.multiply(near) : near));
                own.subtract(weight.multiply(slope));
                gradient[i] =
                        new Terms().add(weight.multiply(slope)).over(classes).meeting(margin, x[t], x[i]);
            }
            gradient[t] = own.over(classes).meeting(x).meeting(margin);
            return new ExactRow.Row(value.over(classes).meeting(x).meeting(margin), gradient);
        };
    }
}
