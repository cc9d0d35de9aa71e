/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static io.github.dl4jlosses.parity.TorchType.FLOAT16;
import static io.github.dl4jlosses.parity.TorchType.FLOAT32;
import static io.github.dl4jlosses.parity.TorchType.FLOAT64;
import static io.github.dl4jlosses.parity.TorchType.INT32;
import static io.github.dl4jlosses.parity.TorchType.INT64;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.MultiLabelSoftMarginLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.SigmoidFocalLoss;
import io.github.dl4jlosses.SoftMarginLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A known difference as it is today, asked of both sides.
 *
 * @param number the difference's in docs/differences.md
 * @param what what is asked
 * @param ours what this library answers
 * @param torch what torch answers
 */
record Demonstration(int number, String what, String ours, String torch) {
    private static final int DIGITS = 9;
    private static final int MANY = 100_000;

    /** In the order of docs/differences.md. */
    static List<Demonstration> all() {
        return Stream.of(gradients(), types(), options(), accuracy())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Demonstration> gradients() {
        TorchLoss manyLogits =
                BCEWithLogitsLoss.builder().reduction(Reduction.SUM).build();
        double[] large = new double[70];
        Arrays.fill(large, 1000);
        return List.of(
                gradient(
                        1,
                        "gradient, logits (NaN, inf) and (1, 2), classes -100 and 1",
                        new CrossEntropyLoss(),
                        TorchTensor.of(FLOAT32, new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1, 2}, 2, 2),
                        indices(-100, 1)),
                value(
                        2,
                        "sum of 70 logits 1000 with target 0, float16",
                        manyLogits,
                        TorchTensor.of(FLOAT16, large, 70),
                        TorchTensor.of(FLOAT16, new double[70], 70)),
                gradient(
                        2,
                        "gradient, probability 1 and target 1, float16",
                        new BCELoss(),
                        TorchTensor.of(FLOAT16, new double[] {1}, 1),
                        TorchTensor.of(FLOAT16, new double[] {1}, 1)));
    }

    private static List<Demonstration> types() {
        TorchTensor weighted = TorchTensor.of(FLOAT32, new double[] {0, 1, 2, 3}, 1, 2, 2);
        TorchTensor zeros = TorchTensor.of(FLOAT32, new double[4], 1, 2, 2);
        TorchLoss weights = BCEWithLogitsLoss.builder()
                .weight(1, 3)
                .reduction(Reduction.SUM)
                .build();
        return List.of(
                value(
                        3,
                        "logits (1, 2, 3), class 2 as int32",
                        new CrossEntropyLoss(),
                        floats(1, 2, 3),
                        TorchTensor.of(INT32, new long[] {2}, 1)),
                value(
                        4,
                        "float32 probability 0.5, float64 target 1",
                        new BCELoss(),
                        floats(.5),
                        TorchTensor.of(FLOAT64, new double[] {1}, 1, 1)),
                new Demonstration(
                        5,
                        "sum, weights (1, 3), logits ((0, 1), (2, 3)) of shape (1, 2, 2), targets 0",
                        ours(() -> weights.value(weighted.toArray(), zeros.toArray())),
                        torch(
                                "torch.binary_cross_entropy_with_logits(x, t, torch.tensor([1.0, 3.0]), None, 2)",
                                weighted,
                                zeros)),
                value(
                        5,
                        "logits ((0, 1), (2, 3)) of shape (1, 2, 2), targets 0",
                        new MultiLabelSoftMarginLoss(),
                        weighted,
                        zeros));
    }

    private static List<Demonstration> options() {
        TorchTensor row = floats(1, 2, 3);
        TorchTensor vector = TorchTensor.of(FLOAT32, new double[] {-1, -2, -3}, 3);
        return List.of(
                new Demonstration(
                        6,
                        "label smoothing -0.1, logits (1, 2, 3), class 2",
                        ours(() -> CrossEntropyLoss.builder()
                                .labelSmoothing(-.1)
                                .build()
                                .value(row.toArray(), indices(2).toArray())),
                        torch("torch.cross_entropy_loss(x, t, None, 1, -100, -0.1)", row, indices(2))),
                value(7, "input (-1, -2, -3) of shape (3), target (2, 0, 1)", new NLLLoss(), vector, indices(2, 0, 1)));
    }

    private static List<Demonstration> accuracy() {
        TorchLoss sum = BCEWithLogitsLoss.builder().reduction(Reduction.SUM).build();
        TorchLoss infinite = CrossEntropyLoss.builder()
                .weight(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
                .reduction(Reduction.SUM)
                .build();
        TorchTensor zeros = TorchTensor.of(FLOAT32, new double[MANY], MANY);
        return List.of(
                value(8, "sum of 100000 logits 0 with target 0, float32; exact: 69314.7181", sum, zeros, zeros),
                value(9, "logits (0, 20), class 1, float32", new CrossEntropyLoss(), floats(0, 20), indices(1)),
                gradient(9, "gradient, logit -95, target 0, float32", new BCEWithLogitsLoss(), floats(-95), floats(0)),
                value(10, "sum, weights (inf, inf), logits (0, 20), class 1", infinite, floats(0, 20), indices(1)),
                value(11, "input (1, 2), target 0 of shape (1, 1)", new HuberLoss(), floats(1, 2), floats(0)),
                new Demonstration(
                        12,
                        "SoftMarginLoss: score -100, target 1, float32",
                        ours(() -> new SoftMarginLoss()
                                .value(floats(-100).toArray(), floats(1).toArray())),
                        torch("torch.soft_margin_loss(x, t, 1)", floats(-100), floats(1))),
                new Demonstration(
                        12,
                        "SigmoidFocalLoss without alpha, gamma 1: logit 20, target 1, float32",
                        ours(() -> SigmoidFocalLoss.builder()
                                .alpha(-1)
                                .gamma(1)
                                .build()
                                .value(floats(20).toArray(), floats(1).toArray())),
                        torch(
                                "torch.mean(torch.binary_cross_entropy_with_logits(x, t, None, None, 0)"
                                        + " * (1 - (torch.sigmoid(x) * t + (1 - torch.sigmoid(x)) * (1 - t))))",
                                floats(20),
                                floats(1))),
                value(
                        12,
                        "logits (inf, 0), targets (1, 0)",
                        new MultiLabelSoftMarginLoss(),
                        floats(Double.POSITIVE_INFINITY, 0),
                        floats(1, 0)));
    }

    private static Demonstration value(int number, String what, TorchLoss loss, TorchTensor input, TorchTensor target) {
        return new Demonstration(
                number,
                loss + ": " + what,
                ours(() -> loss.value(input.toArray(), target.toArray())),
                CellText.answer(() -> CellText.of(
                        TorchReference.of(loss)
                                .evaluate(input, target, false)
                                .value()
                                .item(),
                        DIGITS)));
    }

    private static Demonstration gradient(
            int number, String what, TorchLoss loss, TorchTensor input, TorchTensor target) {
        return new Demonstration(
                number,
                loss + ": " + what,
                CellText.answer(() -> CellText.of(loss.gradient(input.toArray(), target.toArray()))),
                CellText.answer(() -> CellText.of(
                        TorchReference.of(loss).evaluate(input, target, false).gradient("x"))));
    }

    private static String ours(Supplier<Double> value) {
        return CellText.answer(() -> CellText.of(value.get(), DIGITS));
    }

    private static String torch(String expression, TorchTensor input, TorchTensor target) {
        return CellText.answer(() -> CellText.of(
                TorchFunction.of(expression, "x", "t")
                        .call(input, target)
                        .value()
                        .item(),
                DIGITS));
    }

    private static TorchTensor floats(double... row) {
        return TorchTensor.of(FLOAT32, row, 1, row.length);
    }

    private static TorchTensor indices(long... indices) {
        return TorchTensor.of(INT64, indices, indices.length);
    }
}
