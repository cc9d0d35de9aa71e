/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.ClassSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.Weights;
import io.github.dl4jlosses.spec.exact.ExactClasses;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/** {@link NLLLoss}. */
public final class NLLSpec extends ClassSpec<NLLLoss, NLLLoss.Builder> {
    public NLLSpec() {
        super(
                NLLLoss.class,
                "NLL",
                NLLLoss::builder,
                InputRange.LOG_PROBABILITIES,
                NLLLoss::getTargetFormat,
                NLLLoss.Builder::targetFormat);
        option(
                "weight",
                "weight",
                NLLLoss::getWeight,
                NLLLoss.Builder::weight,
                Weights.perClass("weight")
                        .extreme(
                                new double[] {1, 1, 1}, new double[] {0, 1, 2}, new double[] {-1, .5, 0}, new double[] {
                                    POSITIVE_INFINITY, 1, NaN
                                }));
        ignoring(NLLLoss::getIgnoreIndex, NLLLoss.Builder::ignoreIndex);
        reads("NLLLoss(weight=[0.75, 3.5], ignoreIndex=255, reduction=MEAN)");
        onPages();
        sees(SpecHead.SOFTMAX, SpecHead.LOG_SOFTMAX);
        sees(SpecHead.LOG_SOFTMAX, SpecHead.LOG_SOFTMAX);
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.SIGMOID);
        accurate(
                "weights",
                (loss, classes) -> loss.weight(Weights.floats(classes, 1)),
                Inputs.LOG_SOFTMAX,
                Targets.INDICES,
                10);
        corner("log-probability NaN of another class", Given.row(NaN, -1), Given.indices(1));
        corner("log-probability -inf of the class", Given.row(-1, NEGATIVE_INFINITY), Given.indices(1));
        corner("no rows", Given.rows(0), Given.indices());
        corner("all ignored", Given.rows(2, -1, -2, -3, -4), Given.indices(-100, -100));
        addRefusals();
    }

    private void onPages() {
        page().says("a PyTorch model that ends in `LogSoftmax`", "log-probabilities")
                .nearest("`LossNegativeLogLikelihood`, which is `LossMCXENT` under another name")
                .task(
                        "a PyTorch model that ends in `LogSoftmax`",
                        "as for `CrossEntropyLoss`",
                        "`OutputLayer`, `ActivationLogSoftmax`");
        page().panel("logits (0, z), class 0")
                .over("z", -10, 50, .25, z -> Given.row(0, z))
                .by("the logit", 1)
                .under(SpecHead.SOFTMAX)
                .target(Given.indices(0))
                .beside(type -> new LossNegativeLogLikelihood())
                .clips(23.03);
        page().panel("weights 1, 9; logits (z, 0) twice, classes 0, 1")
                .over("z", -6, 6, .05, z -> Given.rows(2, z, 0, z, 0))
                .under(SpecHead.SOFTMAX)
                .target(Given.indices(0, 1))
                .curve("this library", loss -> loss.weight(1, 9))
                .beside(type -> new LossNegativeLogLikelihood(
                        Nd4j.createFromArray(1.0, 9.0).castTo(type)));
    }

    private void addRefusals() {
        refuses(Given.filled(.5, 2, 3), Given.indices(0, 7), "3 classes");
        refuses(Given.filled(.5, 2, 3, 2), Given.indices(new long[] {0, 1, 2, 3}, 2, 2), "target[1, 1]");
        refuses(Given.filled(.5, 3), Given.indices(new long[] {5}), "target");
        refuses(loss -> loss.ignoreIndex(255), Given.filled(.5, 1, 3), Given.indices(-100), "ignoreIndex 255");
        refuses(Given.filled(.5, 2, 3), Given.zeros(3), "[2, 3]");
        refuses(Given.filled(.5, 2, 3), Given.zeros(), "[2, 3]");
        refuses(Given.filled(.5, 2, 3), Given.zeros(2, 1), "[2, 1]");
        refuses(Given.filled(.5, 3), Given.zeros(1), "[3]");
        refuses(Given.filled(.5, 1, 2, 3), Given.zeros(1, 2), "[1, 3]");
        refuses(Given.filled(.5, 1, 2, 1, 3), Given.zeros(1, 1, 2), "[1, 1, 3]");
        refuses(Given.filled(.5), Given.zeros(), "(C)");
        refuses(loss -> loss.weight(1, 2), Given.filled(.5, 2, 3), Given.zeros(2), "2 numbers");
        refuses(loss -> loss.weight(1, 2), Given.filled(.5, 2, 3, 2), Given.zeros(2, 2), "2 numbers");
        refuses(Given.zeros(2, 3), Given.zeros(2), "LONG");
        refuses(Given.zeros(2, 3, 2), Given.zeros(2, 2), "LONG");
        refuses(Given.filled(.5, 2, 3), Given.flags(2), "Bool");
    }

    @Override
    public List<TargetForm> forms() {
        return List.of(TargetForm.INDEX, TargetForm.ONE_HOT);
    }

    /** A target of the input's shape is one-hot without being told. */
    @Override
    protected NLLLoss.Builder builder(TargetForm form, Random random) {
        return random.nextBoolean() ? builder() : builder(form);
    }

    @Override
    protected TargetRange targets(NLLLoss loss) {
        throw new UnsupportedOperationException("NLLLoss has classes for targets");
    }

    @Override
    protected String torch(NLLLoss loss, int reduction) {
        String weight = loss.getWeight() == null ? "None" : "weight";
        return "torch.nll_loss_nd(x, t, " + weight + ", " + reduction + ", int(ignore_index))";
    }

    /** -w[t] x[t]; the mean divides by the weights of the targets. */
    @Override
    protected PlainResult plain(NLLLoss loss, PlainBatch batch) {
        int rows = batch.input.length;
        double[][] losses = new double[rows][1];
        double[][] gradient = new double[rows][batch.columns()];
        boolean[][] touched = new boolean[rows][batch.columns()];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            if (batch.isKept(r)) {
                int t = batch.classes[r];
                double w = numberOf(loss.getWeight(), t);
                losses[r][0] = -w * batch.input[r][t];
                gradient[r][t] = -w;
                touched[r][t] = true;
                denominator += w;
                largest[r] = PlainResult.larger(1, Math.abs(losses[r][0]) + Math.abs(w));
            }
        }
        return new PlainResult(losses, gradient, null, denominator, largest, touched);
    }

    @Override
    protected ExactLoss exact(NLLLoss loss) {
        return new ExactClasses(false, loss.getWeight(), loss.getIgnoreIndex(), 0);
    }
}
