/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.MultiLabelMarginLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.ListSpec;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactRow;
import io.github.dl4jlosses.spec.exact.Terms;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** {@link MultiLabelMarginLoss}. */
public final class MultiLabelMarginSpec extends ListSpec<MultiLabelMarginLoss, MultiLabelMarginLoss.Builder> {
    public MultiLabelMarginSpec() {
        super(MultiLabelMarginLoss.class, "Multi-label margin", MultiLabelMarginLoss::builder, InputRange.ANY);
        reads("MultiLabelMarginLoss(reduction=MEAN)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        applied(SpecHead.SOFTMAX);
        accurate("", same -> same, Inputs.LOGITS, Targets.LISTS, 10);
        addCorners();
        addRefusals();
    }

    private void onPages() {
        page().says("several classes of C, by a margin", "the scores")
                .nearest("none; `LossMultiLabel` is another loss, of exponentials of differences")
                .task(
                        "several classes of C, by a margin",
                        "lists of classes that end with -1, `[N, C]`",
                        "`OutputLayer`, identity");
        page().panel("scores (x, 0, -1), class 0")
                .over("the score of a class of the list", -2, 3, .02, x -> Given.row(x, 0, -1))
                .by("the score", 0)
                .target(list(0, -1, -1));
        page().panel("scores (1, 0, x), classes 0 and 1")
                .over("the score of a class that is not in the list", -3, 3, .02, x -> Given.row(1, 0, x))
                .by("the score", 2)
                .target(list(0, 1, -1));
    }

    /** A single row. */
    private static Given list(long... classes) {
        return Given.indices(classes, 1, classes.length);
    }

    private void addCorners() {
        corner("two classes of the list", Given.row(.1, .2, .4, .8), list(3, 0, -1, 1));
        corner("a class twice", Given.row(.1, .2, .4), list(0, 0, -1));
        corner("no class", Given.row(.1, .2, .4), list(-1, 0, 1));
        corner("every class", Given.row(.1, .2, .4), list(2, 0, 1));
        corner("at the margin", Given.row(1, 0), list(0, -1));
        corner("score NaN of a class of the list", Given.row(NaN, 0, 1), list(0, 1, -1));
        corner("score NaN of another class", Given.row(0, 0, NaN), list(0, 1, -1));
        corner("score inf of another class", Given.row(0, POSITIVE_INFINITY), list(0, -1));
        corner("score -inf of both", Given.row(NEGATIVE_INFINITY, NEGATIVE_INFINITY), list(0, -1));
    }

    private void addRefusals() {
        Given scores = Given.filled(.5, 2, 3);
        refuses(scores, Given.indices(new long[] {0, -1, -1, 0, 3, -1}, 2, 3), "target[1, 1] is 3");
        refuses(scores, Given.indices(new long[] {0, -1, 3, 0, 1, -1}, 2, 3), "target[0, 2] is 3");
        refuses(scores, Given.indices(new long[] {0, -2, -1, 0, 1, -1}, 2, 3), "the classes 0 to 2");
        refuses(Given.filled(.5), Given.indices(new long[] {1}), "is 1");
        refuses(scores, Given.zeros(2, 2), "[2, 2]");
        refuses(scores, Given.zeros(3, 2), "[3, 2]");
        refuses(scores, Given.zeros(2), "[2]");
        refuses(Given.filled(.5, 3), Given.zeros(), "[3]");
        refuses(Given.filled(.5, 3), Given.zeros(1), "[3]");
        refuses(Given.filled(.5, 3), Given.zeros(1, 3), "[3]");
        refuses(Given.filled(.5, 1, 3), Given.zeros(3), "[1, 3]");
        refuses(Given.filled(.5, 1, 2, 3), Given.zeros(1, 2, 3), "(N, C)");
        refuses(Given.numbers(new double[0], 2, 0), Given.zeros(2, 0), "(N, C)");
        refuses(Given.zeros(2, 3), Given.zeros(2, 3), "LONG");
        refuses(scores, Given.flags(2, 3), "Bool");
    }

    /** Another class at the margin from any that may be in the list. */
    @Override
    protected boolean hasKink(MultiLabelMarginLoss loss, double[] row, double within) {
        return Arrays.stream(row)
                .anyMatch(own -> Arrays.stream(row).anyMatch(other -> Math.abs(1 - own + other) <= within));
    }

    /**
     * Torch's kernel. In float16 (type 5) and bfloat16 (15) it has none, and the loss is that of float32 (6), rounded. The
     * sum of no rows is not set in torch, and the sum and mean of its losses are taken.
     */
    @Override
    protected String torch(MultiLabelMarginLoss loss, int reduction) {
        String short16 = "torch.multilabel_margin_loss(x.to(6), t, " + reduction
                + ").to(x.dtype) if x.dtype == 5 or x.dtype == 15 else ";
        String same = "torch.multilabel_margin_loss(x, t, " + reduction + ")";
        if (reduction == 0) {
            return short16 + same;
        }
        String none = (reduction == 1 ? "torch.mean(" : "torch.sum(") + "torch.multilabel_margin_loss(x, t, 0))";
        return short16 + none + " if x.numel() == 0 else " + same;
    }

    /** Over each class a of the list and each i beside it, max(0, 1 - (x[a] - x[i])) / C; the mean divides by the rows. */
    @Override
    protected PlainResult plain(MultiLabelMarginLoss loss, PlainBatch batch) {
        int rows = batch.input.length;
        int columns = batch.columns();
        double[][] losses = new double[rows][1];
        double[][] gradient = new double[rows][columns];
        boolean[][] touched = new boolean[rows][columns];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            if (!batch.isKept(r)) {
                continue;
            }
            double[] x = batch.input[r];
            Arrays.fill(touched[r], true);
            int[] list = Arrays.stream(batch.dense[r])
                    .takeWhile(entry -> entry != -1)
                    .mapToInt(entry -> (int) entry)
                    .toArray();
            for (int a : list) {
                for (int i = 0; i < columns; i++) {
                    int other = i;
                    double z = 1 - x[a] + x[i];
                    if (z > 0 && Arrays.stream(list).noneMatch(listed -> listed == other)) {
                        losses[r][0] += z / columns;
                        gradient[r][i] += 1.0 / columns;
                        gradient[r][a] -= 1.0 / columns;
                    }
                    largest[r] = PlainResult.larger(largest[r], list.length * (1 + Math.abs(x[a]) + Math.abs(x[i])));
                }
            }
            denominator++;
        }
        return new PlainResult(losses, gradient, null, denominator, largest, touched);
    }

    @Override
    protected ExactLoss exact(MultiLabelMarginLoss loss) {
        return (ExactRow) (x, entries) -> {
            long[] list = LongStream.of(entries).takeWhile(entry -> entry != -1).toArray();
            Set<Long> listed = LongStream.of(list).boxed().collect(Collectors.toSet());
            BigDecimal classes = BigDecimal.valueOf(x.length);
            Terms value = new Terms();
            Terms[] gradient = Stream.generate(Terms::new).limit(x.length).toArray(Terms[]::new);
            for (long a : list) {
                for (int i = 0; i < x.length; i++) {
                    BigDecimal z = ONE.subtract(x[(int) a]).add(x[i]);
                    if (z.signum() > 0 && !listed.contains((long) i)) {
                        value.add(z);
                        gradient[i].add(ONE);
                        gradient[(int) a].subtract(ONE);
                    }
                }
            }
            return new ExactRow.Row(
                    value.add(ZERO).over(classes).meeting(x),
                    Arrays.stream(gradient)
                            .map(terms -> terms.over(classes).meeting(x))
                            .toArray(ExactNumber[]::new));
        };
    }
}
