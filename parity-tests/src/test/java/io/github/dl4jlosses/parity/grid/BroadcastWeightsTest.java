/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.MultiLabelSoftMarginLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights of shapes of their own: values, gradients and refusals are live torch's. */
class BroadcastWeightsTest {
    /** Of logits from -4 to 4 and weights up to 3. */
    private static final double LARGEST_TERM = 12;

    private static final Reduction[] REDUCTIONS = {Reduction.MEAN, Reduction.SUM};

    /** Input and weight. */
    private static final long[][][] SHAPES = {
        {{4}, {1}},
        {{4}, {4}},
        {{3, 4}, {1, 4}},
        {{3, 4}, {3, 1}},
        {{3, 4}, {3, 4}},
        {{3, 4}, {1, 1}},
        {{1, 4}, {1, 4}},
        {{3, 1}, {3, 1}},
        {{2, 3, 4}, {3, 4}},
        {{2, 3, 4}, {3, 1}},
        {{2, 3, 4}, {1, 4}},
        {{2, 3, 4}, {2, 1, 1}},
        {{2, 3, 4}, {2, 1, 4}},
        {{2, 3, 4}, {1, 3, 1}},
        {{2, 3, 4}, {2, 3, 4}},
        {{2, 3, 4, 5}, {4, 5}},
        {{2, 3, 4, 5}, {3, 1, 5}},
        {{2, 3, 4, 5}, {2, 1, 4, 1}},
        {{2, 3, 4, 5}, {2, 3, 4, 5}},
        {{0, 3}, {1, 3}},
        // several tiles, and rows longer than one
        {{3000, 3}, {3000, 1}},
        {{2, 5000}, {2, 1}},
        {{2, 5000}, {2, 5000}},
        {{40, 7, 50}, {40, 1, 50}}
    };

    private static final long[][][] REFUSED = {
        {{2, 3}, {2, 2}},
        {{2, 3}, {4, 1}},
        {{2, 3}, {4, 3}},
        {{2, 3}, {1, 2, 3}},
        {{2, 3}, {5, 2, 2}},
        {{3}, {1, 3}},
        {{3}, {2, 3}},
        {{}, {1, 1}},
        {{2, 3, 4}, {2, 3}},
        {{1, 3}, {2, 3}},
        {{1, 3}, {2, 1}},
        {{2, 1}, {1, 2}},
        {{0, 3}, {2, 3}}
    };

    /** A loss with weights, torch's expression of it, and the weights that go with it by torch's names. */
    private record Weighted(TorchLoss loss, String expression, Map<String, TorchTensor> weights) {
        static Weighted bce(Reduction reduction, TorchTensor w) {
            return new Weighted(
                    BCELoss.builder().weight(w.toArray()).reduction(reduction).build(),
                    "torch.binary_cross_entropy(x, t, w, %d)",
                    Map.of("w", w));
        }

        static Weighted logits(Reduction reduction, TorchTensor w) {
            return new Weighted(
                    BCEWithLogitsLoss.builder()
                            .weight(w.toArray())
                            .reduction(reduction)
                            .build(),
                    "torch.binary_cross_entropy_with_logits(x, t, w, None, %d)",
                    Map.of("w", w));
        }

        static Weighted multiLabel(Reduction reduction, TorchTensor w) {
            return new Weighted(
                    MultiLabelSoftMarginLoss.builder()
                            .weight(w.toArray())
                            .reduction(reduction)
                            .build(),
                    """
                    each = -(t * torch.log_sigmoid(x) + (1 - t) * torch.log_sigmoid(-x)) * w
                    rows = torch.div(torch.sum(each, [-1]), x.size(-1))
                    torch.mean(rows) if %1$d == 1 else (torch.sum(rows) if %1$d == 2 else rows)""",
                    Map.of("w", w));
        }

        static Weighted positive(Reduction reduction, TorchTensor v) {
            return new Weighted(
                    BCEWithLogitsLoss.builder()
                            .posWeight(v.toArray())
                            .reduction(reduction)
                            .build(),
                    "torch.binary_cross_entropy_with_logits(x, t, None, v, %d)",
                    Map.of("v", v));
        }

        static Weighted both(Reduction reduction, TorchTensor w, TorchTensor v) {
            return new Weighted(
                    BCEWithLogitsLoss.builder()
                            .weight(w.toArray())
                            .posWeight(v.toArray())
                            .reduction(reduction)
                            .build(),
                    "torch.binary_cross_entropy_with_logits(x, t, w, v, %d)",
                    Map.of("w", w, "v", v));
        }

        TorchTensor[] arguments(TorchTensor x, TorchTensor t) {
            return Stream.concat(Stream.of(x, t), weights.values().stream()).toArray(TorchTensor[]::new);
        }

        TorchFunction torch(int reduction) {
            String[] names = Stream.concat(Stream.of("x", "t"), weights.keySet().stream())
                    .toArray(String[]::new);
            return TorchFunction.of(expression.formatted(reduction), names);
        }

        int reduction() {
            return loss.getReduction() == Reduction.MEAN ? 1 : 2;
        }
    }

    static Stream<long[][]> shapes() {
        return Arrays.stream(SHAPES);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void valuesAndGradientsAreTorchs(long[]... shapes) {
        for (TorchType type : new TorchType[] {TorchType.FLOAT64, TorchType.FLOAT32}) {
            Random random = new Random(Arrays.deepHashCode(shapes));
            TorchTensor probabilities = random(type, random, 0, 1, shapes[0]);
            TorchTensor logits = random(type, random, -4, 4, shapes[0]);
            TorchTensor target = random(type, random, 0, 1, shapes[0]);
            for (int i = 1; i < shapes.length; i++) {
                TorchTensor w = random(type, random, -.5, 3, shapes[i]);
                TorchTensor v = random(type, random, 0, 3, shapes[i]);
                TorchTensor same = TorchTensor.of(type, new double[] {2.5}, 1);
                for (Reduction reduction : REDUCTIONS) {
                    assertEqualsTorch(Weighted.bce(reduction, w), probabilities, target);
                    assertEqualsTorch(Weighted.logits(reduction, w), logits, target);
                    assertEqualsTorch(Weighted.positive(reduction, v), logits, target);
                    if (shapes[0].length <= 2) {
                        assertEqualsTorch(Weighted.multiLabel(reduction, w), logits, target);
                    }
                    assertEqualsTorch(Weighted.both(reduction, w, v), logits, target);
                    assertEqualsTorch(Weighted.both(reduction, same, v), logits, target);
                    assertEqualsTorch(Weighted.both(reduction, w, same), logits, target);
                }
            }
        }
    }

    /** Numbers per output stay along dimension 1, whatever the shape of the other weight. */
    @Test
    void oneWeightMayBePerOutputAndTheOtherPerExample() {
        Random random = new Random(7);
        TorchTensor x = random(TorchType.FLOAT64, random, -4, 4, 2, 3, 4);
        TorchTensor t = random(TorchType.FLOAT64, random, 0, 1, 2, 3, 4);
        TorchTensor perExample = random(TorchType.FLOAT64, random, 0, 3, 2, 1, 1);
        TorchTensor perOutput = TorchTensor.of(TorchType.FLOAT64, new double[] {1, 2, 5}, 3, 1);
        Weighted weighted = new Weighted(
                BCEWithLogitsLoss.builder()
                        .weight(perExample.toArray())
                        .posWeight(1, 2, 5)
                        .build(),
                "torch.binary_cross_entropy_with_logits(x, t, w, v, %d)",
                Map.of("w", perExample, "v", perOutput));
        assertEqualsTorch(weighted, x, t);
    }

    /** One infinite logit sends a tile through the scalar formulas. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void specialNumbersAreTorchs(TorchType type) {
        Random random = new Random(11);
        TorchTensor x =
                TorchTensor.of(type, new double[] {Double.POSITIVE_INFINITY, 1, -1000, Double.NaN, 2, 50}, 3, 2);
        TorchTensor t = TorchTensor.of(type, new double[] {0, 1, .5, 1, Double.POSITIVE_INFINITY, -1}, 3, 2);
        TorchTensor w = TorchTensor.of(type, new double[] {2, 0, -1}, 3, 1);
        assertEqualsTorch(Weighted.both(Reduction.SUM, w, random(type, random, 0, 3, 3, 2)), x, t);
        assertEqualsTorch(Weighted.logits(Reduction.SUM, w), x, t);
    }

    static Stream<long[][]> refused() {
        return Arrays.stream(REFUSED);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shapesThatDoNotBroadcastAreRefusedInTorchsWords(long[]... shapes) {
        TorchTensor x = random(TorchType.FLOAT64, new Random(1), 0, 1, shapes[0]);
        TorchTensor w = random(TorchType.FLOAT64, new Random(2), 0, 1, shapes[1]);
        for (Weighted weighted : new Weighted[] {
            Weighted.bce(Reduction.MEAN, w), Weighted.logits(Reduction.MEAN, w), Weighted.positive(Reduction.MEAN, w)
        }) {
            TorchException torch = torchsRefusal(weighted, x);
            assertThatThrownBy(() -> weighted.loss().value(x.toArray(), x.toArray()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(firstLine(torch))
                    .hasMessageContaining(Arrays.toString(shapes[1]));
        }
    }

    /** Torch spreads the losses over a larger weight here, and divides by the classes that the input had. */
    @ParameterizedTest
    @MethodSource("refused")
    void largerWeightsOfRowsAreRefusedLikeThoseOfElements(long[]... shapes) {
        if (shapes[0].length < 1 || shapes[0].length > 2) {
            return;
        }
        TorchTensor x = random(TorchType.FLOAT64, new Random(1), 0, 1, shapes[0]);
        TorchTensor w = random(TorchType.FLOAT64, new Random(2), 0, 1, shapes[1]);
        Weighted weighted = Weighted.multiLabel(Reduction.MEAN, w);
        String torch = refusal(weighted, x).map(BroadcastWeightsTest::firstLine).orElse("");
        assertThatThrownBy(() -> weighted.loss().value(x.toArray(), x.toArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(torch)
                .hasMessageContaining(Arrays.toString(shapes[1]));
    }

    private static TorchException torchsRefusal(Weighted weighted, TorchTensor x) {
        return refusal(weighted, x).orElseThrow(() -> new AssertionError("torch takes " + weighted.loss()));
    }

    private static Optional<TorchException> refusal(Weighted weighted, TorchTensor x) {
        try {
            weighted.torch(1).call(weighted.arguments(x, x));
            return Optional.empty();
        } catch (TorchException refusal) {
            return Optional.of(refusal);
        }
    }

    private static String firstLine(TorchException torch) {
        return torch.getMessage().lines().findFirst().orElseThrow().strip();
    }

    private static void assertEqualsTorch(Weighted weighted, TorchTensor x, TorchTensor t) {
        TorchLoss loss = weighted.loss();
        INDArray input = x.toArray();
        INDArray target = t.toArray();
        LossAndGradient fused = loss.valueAndGradient(input, target);
        Results torch = Results.of(weighted, weighted.arguments(x, t));
        // torch's own sums in float may be off by more
        Results exact = Results.of(weighted, inDouble(weighted.arguments(x, t)));
        List<String> differences = new ArrayList<>();
        compare("value", differences, new double[] {loss.value(input, target)}, torch.value, exact.value);
        compare("fused value", differences, new double[] {fused.value()}, torch.value, exact.value);
        compare("gradient", differences, numbers(loss.gradient(input, target)), torch.ofInput, exact.ofInput);
        compare("fused gradient", differences, numbers(fused.gradient()), torch.ofInput, exact.ofInput);
        double[] ofTarget = numbers(loss.targetGradient(input, target));
        compare("target gradient", differences, ofTarget, torch.ofTarget, exact.ofTarget);
        compare("unreduced", differences, numbers(loss.unreduced(input, target)), torch.unreduced, exact.unreduced);
        assertThat(differences.stream().limit(10)).as(loss.toString()).isEmpty();
    }

    private static TorchTensor[] inDouble(TorchTensor... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> argument.to(TorchType.FLOAT64))
                .toArray(TorchTensor[]::new);
    }

    /** All that torch gives. */
    private record Results(TorchTensor value, TorchTensor ofInput, TorchTensor ofTarget, TorchTensor unreduced) {
        static Results of(Weighted weighted, TorchTensor... arguments) {
            TorchResult reduced =
                    weighted.torch(weighted.reduction()).withRespectTo("x", "t").call(arguments);
            return new Results(
                    reduced.value(),
                    reduced.gradient("x"),
                    reduced.gradient("t"),
                    weighted.torch(0).call(arguments).value());
        }
    }

    private static double[] numbers(INDArray array) {
        return TorchTensor.of(array).toDoubles();
    }

    private static void compare(
            String what, List<String> differences, double[] ours, TorchTensor torch, TorchTensor inDouble) {
        double[] theirs = torch.toDoubles();
        double[] exact = inDouble.toDoubles();
        assertThat(ours).as(what).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            if (!Closeness.isClose(torch.type(), ours[i], theirs[i], LARGEST_TERM)
                    && !isBetter(what, torch.type(), ours[i], theirs[i], exact[i])) {
                differences.add(what + "[" + i + "] is " + ours[i] + ", torch has " + theirs[i]);
            }
        }
    }

    private static boolean isBetter(String what, TorchType type, double ours, double theirs, double exact) {
        return what.endsWith("value")
                ? Closeness.isBetter(type, ours, theirs, exact, LARGEST_TERM)
                : Closeness.isBetterElement(type, ours, theirs, exact, LARGEST_TERM);
    }

    private static TorchTensor random(TorchType type, Random random, double from, double to, long... shape) {
        return TorchTensor.of(type, FilledArray.numbers(() -> from + (to - from) * random.nextDouble(), shape), shape);
    }
}
