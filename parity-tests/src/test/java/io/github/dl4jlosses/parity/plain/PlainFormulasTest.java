/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.plain.PlainCase;
import io.github.dl4jlosses.plain.PlainLoss;
import io.github.dl4jlosses.plain.PlainResult;
import io.github.dl4jlosses.plain.PlainRows;
import io.github.dl4jlosses.plain.PlainTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
            complaints.addAll(complaints(PlainCase.directInDouble(seeds.nextLong())));
        }
        // .ci/reliability reads this line
        System.out.printf("PlainFormulasTest: %,d cases with live torch, %d differences%n", CASES, complaints.size());
        assertThat(complaints).isEmpty();
    }

    static List<String> complaints(PlainCase example) {
        List<String> complaints = new ArrayList<>();
        PlainResult plain = PlainLoss.of(example.loss(), example.batch());
        TorchReference reference = TorchReference.of(example.loss());
        TorchTensor input = TorchTensor.of(example.input());
        TorchTensor target = target(example);
        TorchResult torch = reference.evaluate(input, target, plain.targetGradient != null);
        double denominator = denominator(example, plain);

        double value = plain.sum() / denominator;
        if (denominator == 0
                ? Double.isFinite(torch.value().item())
                : !isNear(torch.value().item(), value, plain.sumOfTerms() / Math.abs(denominator))) {
            complaints.add("value is " + value + ", torch's " + torch.value().item() + " (" + example + ")");
        }
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
        return complaints;
    }

    /** One-hot rows become indices; the rows of zeros and the ignored ones the index to ignore. */
    private static TorchTensor target(PlainCase example) {
        if (example.form() == PlainTarget.DENSE) {
            return TorchTensor.of(example.target().castTo(DataType.DOUBLE));
        }
        long[] shape = example.shape();
        long[] rest = new long[Math.max(0, shape.length - 1)];
        for (int d = 0; d < rest.length; d++) {
            rest[d] = shape[d == 0 ? 0 : d + 1];
        }
        return TorchTensor.of(TorchType.INT64, example.torchIndices(), rest);
    }

    private static double denominator(PlainCase example, PlainResult plain) {
        Reduction reduction = example.loss().getReduction();
        return reduction == Reduction.SUM
                ? 1
                : reduction == Reduction.MEAN ? plain.meanDenominator : example.shape()[0];
    }

    private static void compare(
            List<String> complaints,
            PlainCase example,
            String what,
            TorchTensor torch,
            double[][] plain,
            PlainResult result,
            double denominator) {
        INDArray array = torch.toArray();
        double[][] theirs = new PlainRows(example.shape()).of(array);
        for (int r = 0; r < plain.length; r++) {
            for (int c = 0; c < plain[r].length; c++) {
                boolean touched = result.touched[r][c];
                double wanted = touched ? plain[r][c] / denominator : 0;
                // an ignored row of NaN has a gradient of NaN in torch, a known difference
                boolean known = !touched && example.isSpecial();
                boolean near = (touched && denominator == 0)
                        ? !Double.isFinite(theirs[r][c])
                        : isNear(theirs[r][c], wanted, result.largestTerm[r] / Math.abs(denominator));
                if (!near && !known && complaints.size() < SHOWN) {
                    complaints.add(what + "[" + r + "][" + c + "] is " + wanted + ", torch's " + theirs[r][c] + " ("
                            + example + ")");
                }
            }
        }
    }

    private static boolean isNear(double torch, double plain, double largestTerm) {
        return Double.compare(torch, plain) == 0
                || Math.abs(torch - plain) <= 2e-13 * Math.max(largestTerm, Math.abs(plain));
    }
}
