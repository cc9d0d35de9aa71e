/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
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
import io.github.dl4jlosses.spec.exact.ExactClasses;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainCrossEntropy;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.List;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** {@link CrossEntropyLoss}. */
public final class CrossEntropySpec extends ClassSpec<CrossEntropyLoss, CrossEntropyLoss.Builder> {
    private static final double[] SMOOTHINGS = {0, 0, 0, .1, .5, 1};

    public CrossEntropySpec() {
        super(
                CrossEntropyLoss.class,
                "CE",
                CrossEntropyLoss::builder,
                InputRange.ANY,
                CrossEntropyLoss::getTargetFormat,
                CrossEntropyLoss.Builder::targetFormat);
        option(
                "weight",
                "weight",
                CrossEntropyLoss::getWeight,
                CrossEntropyLoss.Builder::weight,
                Weights.perClass("weight")
                        .extreme(
                                new double[] {1, 1, 1}, new double[] {0, 1, 2}, new double[] {-1, .5, 0}, new double[] {
                                    1, POSITIVE_INFINITY, 2
                                }));
        ignoring(CrossEntropyLoss::getIgnoreIndex, CrossEntropyLoss.Builder::ignoreIndex);
        option(
                "labelSmoothing",
                "label_smoothing",
                CrossEntropyLoss::getLabelSmoothing,
                CrossEntropyLoss.Builder::labelSmoothing,
                Domain.of("label_smoothing", 0., .125, 1.)
                        .drawing((random, classes) -> random.nextInt(6) == 0
                                ? random.nextDouble()
                                : SMOOTHINGS[random.nextInt(SMOOTHINGS.length)])
                        .example((random, classes) -> .2)
                        .extreme(.125, 1.)
                        .taking(0., -0., 1., Double.MIN_VALUE)
                        .refusing(
                                "label_smoothing must be between 0.0 and 1.0. Got: %s",
                                1.2, -.1, -Double.MIN_VALUE, NEGATIVE_INFINITY, NaN));
        reads("CrossEntropyLoss(weight=[0.75, 3.5], ignoreIndex=255, reduction=MEAN, labelSmoothing=0.2)");
        onPages();
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        sees(SpecHead.SOFTMAX, SpecHead.IDENTITY);
        sees(SpecHead.LOG_SOFTMAX, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        accuracy();
        addCorners();
        indexRefusals();
        otherRefusals();
    }

    private void onPages() {
        page().says("one class of C, or probabilities of C classes", "logits")
                .nearest("`LossMCXENT` or `LossSparseMCXENT` with softmax")
                .task(
                        "one class of C",
                        "indices `[N, 1]`, or one-hot `[N, C]` with `ONE_HOT`",
                        "`OutputLayer`, softmax")
                .task("probabilities of C classes", "`[N, C]`", "`OutputLayer`, softmax")
                .task(
                        "one class per time step",
                        "indices `[N, 1, T]`, or one-hot `[N, C, T]` with `ONE_HOT`",
                        "`RnnOutputLayer`, softmax, `dataFormat(RNNFormat.NCW)`")
                .task(
                        "one class per pixel",
                        "one-hot `[N, C, H, W]` with `ONE_HOT`",
                        "`CnnLossLayer`, softmax, above a convolution with activation identity");
        page().panel("logits (0, z, 0), class 0")
                .over("z", -10, 50, .25, z -> Given.row(0, z, 0))
                .by("the logit", 1)
                .under(SpecHead.SOFTMAX)
                .target(Given.indices(0))
                .beside(type -> new LossMCXENT())
                .clips(23.03);
        page().panel("logits (z, 0, 0), class 0")
                .over("z", -4, 8, .05, z -> Given.row(z, 0, 0))
                .under(SpecHead.SOFTMAX)
                .target(Given.indices(0))
                .curve("smoothing 0.0", loss -> loss.labelSmoothing(0))
                .curve("smoothing 0.1", loss -> loss.labelSmoothing(.1))
                .curve("smoothing 0.3", loss -> loss.labelSmoothing(.3));
    }

    /** p - q, where q is no single 1. */
    @Override
    protected boolean hasDifferences(CrossEntropyLoss loss, TargetForm form, boolean gradient) {
        return gradient && (loss.getLabelSmoothing() > 0 || form == TargetForm.DENSE);
    }

    private void accuracy() {
        accurate("", same -> same, Inputs.LOGITS, Targets.INDICES, 2);
        accurate("", same -> same, Inputs.LOGITS, Targets.INDICES, 10).atOddSizes();
        accurate("", same -> same, Inputs.LOGITS, Targets.INDICES, 1000);
        accurate("", same -> same, Inputs.LOGITS, Targets.INDICES, 1000, 2);
        accurate("probabilities", same -> same, Inputs.LOGITS, Targets.SOFTMAX, 10);
        accurate("weights", CrossEntropySpec::weighted, Inputs.LOGITS, Targets.INDICES, 10);
        accurate("smoothing", loss -> loss.labelSmoothing(.1), Inputs.LOGITS, Targets.INDICES, 10);
        accurate("smoothing, weights", CrossEntropySpec::smoothed, Inputs.LOGITS, Targets.INDICES, 10)
                .atOddSizes();
        accurate("probabilities, smoothing, weights", CrossEntropySpec::smoothed, Inputs.LOGITS, Targets.SOFTMAX, 10)
                .atOddSizes();
        // the fewest classes, and the most whose rows lie side by side: roundings that add up
        for (long classes : new long[] {2, 127}) {
            accurate("probabilities", same -> same, Inputs.LOGITS, Targets.SOFTMAX, classes);
            accurate("smoothing, weights", CrossEntropySpec::smoothed, Inputs.LOGITS, Targets.INDICES, classes);
            accurate(
                    "probabilities, smoothing",
                    loss -> loss.labelSmoothing(.1),
                    Inputs.LOGITS,
                    Targets.SOFTMAX,
                    classes);
        }
    }

    private static CrossEntropyLoss.Builder weighted(CrossEntropyLoss.Builder loss, int classes) {
        return loss.weight(Weights.floats(classes, 1));
    }

    private static CrossEntropyLoss.Builder smoothed(CrossEntropyLoss.Builder loss, int classes) {
        return weighted(loss, classes).labelSmoothing(.1);
    }

    private static CrossEntropyLoss.Builder heavy(CrossEntropyLoss.Builder loss) {
        return loss.weight(1, POSITIVE_INFINITY).labelSmoothing(.125);
    }

    private void addCorners() {
        corner("a logit NaN", Given.row(NaN, 1, 2), Given.indices(1));
        corner("logit inf of the class", Given.row(0, POSITIVE_INFINITY), Given.indices(1));
        corner("logit inf of another class", Given.row(POSITIVE_INFINITY, 0), Given.indices(1));
        corner("logit -inf of the class", Given.row(0, NEGATIVE_INFINITY), Given.indices(1));
        corner("logit -inf of another class", Given.row(NEGATIVE_INFINITY, 0), Given.indices(1));
        corner("all logits -inf", Given.row(NEGATIVE_INFINITY, NEGATIVE_INFINITY), Given.indices(1));
        corner(
                "logit -inf of another class",
                loss -> loss.labelSmoothing(.125),
                Given.row(NEGATIVE_INFINITY, 0),
                Given.indices(1));
        corner("logit -inf, probability 0", Given.row(NEGATIVE_INFINITY, 0), Given.row(0, 1));
        corner("probability NaN", Given.row(0, 0), Given.row(NaN, 1));
        corner("logits 0 and 10000, class 0", Given.row(0, 1e4), Given.indices(0));
        corner("no rows", Given.rows(0), Given.indices());
        corner("no rows", loss -> loss.reduction(Reduction.SUM), Given.rows(0), Given.indices());
        corner("all ignored", Given.rows(2, 1, 2, 3, 4), Given.indices(-100, -100));
        corner(
                "all ignored",
                loss -> loss.reduction(Reduction.SUM),
                Given.rows(2, 1, 2, 3, 4),
                Given.indices(-100, -100));
        corner("all ignored", loss -> loss.labelSmoothing(.125), Given.rows(2, 1, 2, 3, 4), Given.indices(-100, -100));
        corner("weight inf of the class", CrossEntropySpec::heavy, Given.row(1, 2), Given.indices(1));
        corner("weight inf of another class", CrossEntropySpec::heavy, Given.row(1, 2), Given.indices(0));
        corner(
                "weight inf of another class",
                loss -> heavy(loss).reduction(Reduction.SUM),
                Given.row(1, 2),
                Given.indices(0));
        corner("weight inf of another class", CrossEntropySpec::heavy, Given.row(1, 2), Given.row(1, 0));
        corner("all weights 0", loss -> loss.weight(0, 0), Given.row(1, 2), Given.indices(1));
    }

    private void indexRefusals() {
        refuses(Given.filled(.5, 2, 3), Given.indices(0, 3), "target[1]");
        refuses(Given.filled(.5, 2, 3), Given.indices(-1, 0), "target[0]");
        refuses(Given.filled(.5, 1, 3, 2, 2), Given.indices(new long[] {0, 1, 2, -7}, 1, 2, 2), "target[0, 1, 1]");
        refuses(Given.filled(.5, 2, 0), Given.zeros(2), "0 classes");
        refuses(Given.filled(.5, 2, 3), Given.zeros(3), "[2, 3]");
        refuses(Given.filled(.5, 2, 3), Given.zeros(2, 4), "[2, 4]");
        refuses(Given.filled(.5, 3), Given.zeros(2, 1), "[2, 1]");
        refuses(Given.filled(.5, 1, 2, 3), Given.zeros(1, 2), "[1, 3]");
        refuses(Given.filled(.5, 1, 2, 3, 2, 2), Given.zeros(1, 2, 2, 2), "[1, 3, 2, 2]");
        refuses(Given.filled(.5, 1, 2, 1, 3), Given.zeros(1, 3), "[1, 1, 3]");
        refuses(Given.filled(.5), Given.zeros(2), "(N, C)");
    }

    private void otherRefusals() {
        refuses(Given.filled(.5), Given.filled(.5), "(N, C)");
        refuses(loss -> loss.weight(1, 2, 3, 4), Given.filled(.5, 2, 3), Given.zeros(2), "4 numbers");
        refuses(loss -> loss.weight(1), Given.filled(.5, 2, 3, 2), Given.zeros(2, 2), "1 numbers");
        refuses(loss -> loss.weight(1, 2, 3, 4), Given.filled(.5, 2, 3), Given.filled(.5, 2, 3), "4 numbers");
        refuses(Given.filled(.5, 2, 3), Given.zeros(2, 3), "ONE_HOT");
        refuses(Given.filled(.5, 1), Given.zeros(1), "ONE_HOT");
        refuses(loss -> loss.ignoreIndex(1), Given.filled(.5, 2, 3), Given.filled(.5, 2, 3), "ignoreIndex is 1");
        refuses(loss -> loss.ignoreIndex(0), Given.filled(.5, 2, 3), Given.filled(.5, 2, 3), "ignoreIndex is 0");
        refuses(Given.zeros(2, 3), Given.zeros(2), "LONG");
        refuses(Given.zeros(2, 3, 2), Given.zeros(2, 2), "LONG");
    }

    @Override
    public List<TargetForm> forms() {
        return List.of(TargetForm.INDEX, TargetForm.ONE_HOT, TargetForm.DENSE);
    }

    @Override
    protected TargetRange targets(CrossEntropyLoss loss) {
        return TargetRange.CLASS_PROBABILITIES;
    }

    @Override
    protected String torch(CrossEntropyLoss loss, int reduction) {
        String weight = loss.getWeight() == null ? "None" : "weight";
        return "torch.cross_entropy_loss(x, t, " + weight + ", " + reduction
                + ", int(ignore_index), float(label_smoothing))";
    }

    @Override
    protected PlainResult plain(CrossEntropyLoss loss, PlainBatch batch) {
        return new PlainCrossEntropy(loss.getWeight(), loss.getLabelSmoothing()).of(batch);
    }

    @Override
    protected ExactLoss exact(CrossEntropyLoss loss) {
        return new ExactClasses(true, loss.getWeight(), loss.getIgnoreIndex(), loss.getLabelSmoothing());
    }
}
