/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.LossCase;
import io.github.dl4jlosses.parity.grid.LossCheck;
import io.github.dl4jlosses.parity.grid.Subject;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A corner of a loss that a reader will ask about.
 *
 * @param what the numbers, in words
 * @param loss the loss
 * @param input its input in a type
 * @param target its target, for an input of a type
 */
record Corner(
        String what, TorchLoss loss, Function<TorchType, TorchTensor> input, Function<TorchType, TorchTensor> target) {
    private static final TorchLoss CE = new CrossEntropyLoss();
    private static final TorchLoss CE_SUM =
            CrossEntropyLoss.builder().reduction(Reduction.SUM).build();
    private static final TorchLoss SMOOTHED =
            CrossEntropyLoss.builder().labelSmoothing(.125).build();
    private static final TorchLoss NLL = new NLLLoss();
    private static final TorchLoss BCE = new BCELoss();
    private static final TorchLoss LOGITS = new BCEWithLogitsLoss();
    private static final TorchLoss KL = new KLDivLoss();
    private static final TorchLoss HUBER = new HuberLoss();

    /**
     * What both sides give.
     *
     * @param corner the corner
     * @param ours value and gradient of ours in float32
     * @param torch those of torch
     * @param differences what differs in float32 or float64; empty: nothing
     */
    record Answer(Corner corner, String ours, String torch, List<String> differences) {}

    /** Asks both sides. */
    Answer ask() {
        LossCase example = in(TorchType.FLOAT32);
        LossAndGradient ours = loss.valueAndGradient(example.input(), example.target());
        TorchResult torch = TorchReference.of(loss).evaluate(example.torchInput(), example.torchTarget(), false);
        List<String> differences = Stream.of(TorchType.FLOAT32, TorchType.FLOAT64)
                .map(this::in)
                .flatMap(both -> LossCheck.differences(both, Subject.of(both)).stream())
                .toList();
        return new Answer(
                this,
                Numbers.text(ours.value(), 4) + "; " + Numbers.text(ours.gradient()),
                Numbers.text(torch.value().item(), 4) + "; " + Numbers.text(torch.gradient("x")),
                differences);
    }

    private LossCase in(TorchType type) {
        return LossCase.of(loss, input.apply(type), target.apply(type));
    }

    static List<Corner> all() {
        return Stream.of(binary(), classes(), nothing(), divergence(), distances())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Corner> binary() {
        return List.of(
                new Corner("probability 0, target 1", BCE, floats(0), floats(1)),
                new Corner("probabilities 0 and 1, targets the same", BCE, floats(0, 1), floats(0, 1)),
                new Corner("logit NaN", LOGITS, floats(NaN), floats(1)),
                new Corner("target NaN", LOGITS, floats(0), floats(NaN)),
                new Corner("logit inf, target 1", LOGITS, floats(POSITIVE_INFINITY), floats(1)),
                new Corner("logit inf, target 0", LOGITS, floats(POSITIVE_INFINITY), floats(0)),
                new Corner("logit -inf, target 0", LOGITS, floats(NEGATIVE_INFINITY), floats(0)),
                new Corner("logit -inf, target 1", LOGITS, floats(NEGATIVE_INFINITY), floats(1)),
                new Corner("logits -1000 and 1000, targets 1 and 0", LOGITS, floats(-1000, 1000), floats(1, 0)),
                new Corner("weight NaN", BCEWithLogitsLoss.builder().weight(NaN).build(), floats(1), floats(1)));
    }

    private static List<Corner> classes() {
        return List.of(
                new Corner("a logit NaN", CE, floats(NaN, 1, 2), index(1)),
                new Corner("logit inf of the class", CE, floats(0, POSITIVE_INFINITY), index(1)),
                new Corner("logit inf of another class", CE, floats(POSITIVE_INFINITY, 0), index(1)),
                new Corner("logit -inf of the class", CE, floats(0, NEGATIVE_INFINITY), index(1)),
                new Corner("logit -inf of another class", CE, floats(NEGATIVE_INFINITY, 0), index(1)),
                new Corner("all logits -inf", CE, floats(NEGATIVE_INFINITY, NEGATIVE_INFINITY), index(1)),
                new Corner("logit -inf of another class", SMOOTHED, floats(NEGATIVE_INFINITY, 0), index(1)),
                new Corner("logit -inf, probability 0", CE, floats(NEGATIVE_INFINITY, 0), floats(0, 1)),
                new Corner("probability NaN", CE, floats(0, 0), floats(NaN, 1)),
                new Corner("logits 0 and 10000, class 0", CE, floats(0, 1e4), index(0)),
                new Corner("log-probability NaN of another class", NLL, floats(NaN, -1), index(1)),
                new Corner("log-probability -inf of the class", NLL, floats(-1, NEGATIVE_INFINITY), index(1)));
    }

    private static List<Corner> nothing() {
        return List.of(
                new Corner("empty", BCE, floats(), floats()),
                new Corner("empty", LOGITS, floats(), floats()),
                new Corner(
                        "empty",
                        BCEWithLogitsLoss.builder().reduction(Reduction.SUM).build(),
                        floats(),
                        floats()),
                new Corner("no rows", CE, rows(0), index()),
                new Corner("no rows", CE_SUM, rows(0), index()),
                new Corner("no rows", NLL, rows(0), index()),
                new Corner("all ignored", CE, rows(2, 1, 2, 3, 4), index(-100, -100)),
                new Corner("all ignored", CE_SUM, rows(2, 1, 2, 3, 4), index(-100, -100)),
                new Corner("all ignored", SMOOTHED, rows(2, 1, 2, 3, 4), index(-100, -100)),
                new Corner("all ignored", NLL, rows(2, -1, -2, -3, -4), index(-100, -100)),
                new Corner(
                        "all weights 0", CrossEntropyLoss.builder().weight(0, 0).build(), floats(1, 2), index(1)));
    }

    private static List<Corner> divergence() {
        TorchLoss logTarget = KLDivLoss.builder().logTarget(true).build();
        TorchLoss batchMean = KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
        return List.of(
                new Corner("input NaN, target 0", KL, floats(NaN), floats(0)),
                new Corner("input -inf, target 0", KL, floats(NEGATIVE_INFINITY), floats(0)),
                new Corner("input -inf, target 1", KL, floats(NEGATIVE_INFINITY), floats(1)),
                new Corner("target negative", KL, floats(-1), floats(-1)),
                new Corner("target NaN", KL, floats(-1), floats(NaN)),
                new Corner("log target -inf", logTarget, floats(-1), floats(NEGATIVE_INFINITY)),
                new Corner(
                        "input and log target -inf", logTarget, floats(NEGATIVE_INFINITY), floats(NEGATIVE_INFINITY)),
                new Corner("empty", KL, floats(), floats()),
                new Corner("empty", batchMean, floats(), floats()));
    }

    private static List<Corner> distances() {
        TorchLoss square = HuberLoss.builder().delta(POSITIVE_INFINITY).build();
        return List.of(
                new Corner("distance delta", HUBER, floats(2), floats(1)),
                new Corner("input NaN", HUBER, floats(NaN), floats(0)),
                new Corner("target NaN", HUBER, floats(0), floats(NaN)),
                new Corner("input inf", HUBER, floats(POSITIVE_INFINITY), floats(0)),
                new Corner("target inf", HUBER, floats(0), floats(POSITIVE_INFINITY)),
                new Corner("input and target inf", HUBER, floats(POSITIVE_INFINITY), floats(POSITIVE_INFINITY)),
                new Corner("input inf", square, floats(POSITIVE_INFINITY), floats(0)),
                new Corner("empty", HUBER, floats(), floats()));
    }

    /** A single row; nothing at all has the shape (0). */
    private static Function<TorchType, TorchTensor> floats(double... numbers) {
        return numbers.length == 0 ? shaped(numbers, 0) : rows(1, numbers);
    }

    /** So many rows; no row has three classes. */
    private static Function<TorchType, TorchTensor> rows(int rows, double... numbers) {
        return shaped(numbers, rows, rows == 0 ? 3 : numbers.length / rows);
    }

    private static Function<TorchType, TorchTensor> shaped(double[] numbers, long... shape) {
        return type -> TorchTensor.of(type, numbers, shape);
    }

    private static Function<TorchType, TorchTensor> index(long... indices) {
        return type -> TorchTensor.of(TorchType.INT64, indices, indices.length);
    }
}
