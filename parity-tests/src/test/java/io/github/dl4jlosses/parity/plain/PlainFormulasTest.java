/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.plain.Nearness;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.spec.random.RandomCall;
import io.github.dl4jlosses.spec.random.RandomNetworkCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The plain formulas that the library's fuzz test takes for the truth are torch's. {@code -Dfuzz.torch.cases=N} says how
 * many cases are compared.
 */
class PlainFormulasTest {
    private static final int CASES = Integer.getInteger("fuzz.torch.cases", 2_000);
    private static final int SHOWN = 10;

    @Test
    void areTorchs() {
        Random seeds = PrintedSeed.randomFor(PlainFormulasTest.class);
        List<String> complaints = new ArrayList<>();
        for (int i = 0; i < CASES && complaints.size() < SHOWN; i++) {
            long seed = seeds.nextLong();
            complaints.addAll(complaints(RandomCall.directInDouble(seed)));
            complaints.addAll(complaints(RandomNetworkCall.inDouble(seed)));
        }
        // .ci/reliability reads this line
        System.out.printf("PlainFormulasTest: %,d cases with live torch, %d differences%n", CASES, complaints.size());
        assertThat(complaints).isEmpty();
    }

    /** The plain formulas have no factor. */
    private static TorchReference reference(TorchLoss loss) {
        return TorchReference.of(loss.toBuilder().factor(1).build());
    }

    static List<String> complaints(RandomCall example) {
        List<String> complaints = new ArrayList<>();
        PlainResult plain = example.plainly();
        TorchReference reference = reference(example.loss());
        TorchTensor input = TorchTensor.of(example.input());
        TorchTensor target = target(example);
        TorchResult torch = reference.evaluate(input, target, plain.targetGradient != null);
        double denominator = example.denominator(plain);

        compare(complaints, example, torch.value(), plain, denominator);
        compare(complaints, example, "gradient", torch.gradient("x"), plain.gradient, plain, denominator);
        if (plain.targetGradient != null) {
            compare(
                    complaints,
                    example,
                    "target gradient",
                    torch.gradient("t"),
                    plain.targetGradient,
                    plain,
                    denominator);
        }
        compareUnreduced(complaints, example, reference.unreduced(input, target), plain);
        return complaints;
    }

    /** The sum of the losses under an activation and a mask, and its gradient by torch's autograd. */
    private static List<String> complaints(RandomNetworkCall call) {
        List<String> complaints = new ArrayList<>();
        TorchReference reference = reference(call.loss());
        String text = """
                x = %s
                l = %s
                torch.where(m > 0, l, torch.zeros_like(l)).sum()
                """.formatted(call.seen().inTorch(), reference.expression(null));
        TorchResult torch = TorchFunction.of(text, reference.withOptions("z", "t", "m"))
                .withRespectTo("z")
                .call(reference.arguments(
                        TorchType.FLOAT64, 2, TorchTensor.of(call.preOutput()), target(call.rows()), mask(call)));
        PlainResult plain = call.expected();
        compare(complaints, call.rows(), torch.value(), plain, 1);
        compare(complaints, call.rows(), "gradient", torch.gradient("z"), plain.gradient, plain, 1);
        return complaints.stream().map(complaint -> call + ": " + complaint).toList();
    }

    /** Of the shape of torch's losses. */
    private static TorchTensor mask(RandomNetworkCall call) {
        double[] mask = Arrays.stream(call.kept())
                .flatMapToDouble(row -> IntStream.range(
                                0,
                                call.hasLossPerRow()
                                        ? 1
                                        : row.length / call.rows().spec().outputsPerLabel())
                        .mapToDouble(c -> row[c] ? 1 : 0))
                .toArray();
        return TorchTensor.of(TorchType.FLOAT64, mask, call.rows().lossShape());
    }

    /** One-hot rows become indices; the rows of zeros and the ignored ones the index to ignore. */
    private static TorchTensor target(RandomCall example) {
        if (example.form() == TargetForm.DENSE) {
            return TorchTensor.of(example.target().castTo(DataType.DOUBLE));
        }
        if (example.form() == TargetForm.LIST) {
            return TorchTensor.of(example.target().castTo(DataType.INT64));
        }
        return TorchTensor.of(TorchType.INT64, example.torchIndices(), new PlainRows(example.shape()).indexShape());
    }

    private static void compare(
            List<String> complaints, RandomCall example, TorchTensor torch, PlainResult plain, double denominator) {
        double theirs = torch.item();
        double value = plain.sum() / denominator;
        boolean near = denominator == 0
                ? !Double.isFinite(theirs)
                : isNear(theirs, value, plain.sumOfTerms() / Math.abs(denominator));
        if (!near) {
            complaints.add("value is " + value + ", torch's " + theirs + " (" + example + ")");
        }
    }

    private static void compare(
            List<String> complaints,
            RandomCall example,
            String what,
            TorchTensor torch,
            double[][] plain,
            PlainResult result,
            double denominator) {
        INDArray array = torch.toArray();
        double[] theirs = PlainRows.flat(array);
        boolean ofTarget = plain == result.targetGradient;
        PlainRows rows = new PlainRows(ofTarget ? example.labelShape() : example.shape());
        double[] sums = rows.summed(plain, array.shape());
        double[] terms = rows.summed(result.terms(plain), array.shape());
        for (int i = 0; i < theirs.length && complaints.size() < SHOWN; i++) {
            boolean touched = terms[i] > 0;
            double wanted = touched ? sums[i] / denominator : 0;
            // an ignored row of NaN has a gradient of NaN in torch, a known difference
            boolean near = !touched
                    ? theirs[i] == 0 || example.isSpecial()
                    : denominator == 0
                            ? !Double.isFinite(theirs[i])
                            : isNear(theirs[i], wanted, terms[i] / Math.abs(denominator));
            if (!near) {
                complaints.add(what + "[" + i + "] is " + wanted + ", torch's " + theirs[i] + " (" + example + ")");
            }
        }
    }

    private static void compareUnreduced(
            List<String> complaints, RandomCall example, TorchTensor torch, PlainResult plain) {
        double[] theirs = PlainRows.flat(torch.toArray());
        PlainRows rows = new PlainRows(example.labelShape());
        // a loss for each row is in the order of rows
        boolean perRow = example.hasLossPerRow();
        double[] losses = perRow
                ? Arrays.stream(plain.losses).mapToDouble(row -> row[0]).toArray()
                : rows.summed(plain.losses, example.labelShape());
        double[] terms = perRow ? plain.largestTerm : rows.summed(plain.terms(plain.losses), example.labelShape());
        assertThat(torch.shape()).isEqualTo(example.lossShape());
        for (int i = 0; i < theirs.length && complaints.size() < SHOWN; i++) {
            if (!isNear(theirs[i], losses[i], terms[i])) {
                complaints.add(
                        "unreduced[" + i + "] is " + losses[i] + ", torch's " + theirs[i] + " (" + example + ")");
            }
        }
    }

    private static boolean isNear(double torch, double plain, double largestTerm) {
        return Nearness.isNear(DataType.DOUBLE, DataType.DOUBLE, torch, plain, largestTerm);
    }
}
