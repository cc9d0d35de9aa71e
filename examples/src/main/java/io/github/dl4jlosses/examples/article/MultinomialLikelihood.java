/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The likelihood of one class of many: its negative logarithm is the sum of cross entropies. */
public final class MultinomialLikelihood {
    private static final NLLLoss OF_LOG_PROBABILITIES =
            NLLLoss.builder().reduction(Reduction.SUM).build();
    private static final CrossEntropyLoss OF_LOGITS =
            CrossEntropyLoss.builder().reduction(Reduction.SUM).build();

    // the 2 is reduction='sum'
    private static final TorchFunction TORCH =
            TorchFunction.of("torch.cross_entropy_loss(x, t, None, 2, -100, 0.)", "x", "t");

    /** So few digits that the product of their probabilities is a double. */
    private static final long FEW = 100;

    private MultinomialLikelihood() {}

    /** Prints both sides for three models, and where the product is too small for a double. */
    public static void main(String[] args) {
        INDArray digits = Nd4j.argMax(HandwrittenDigits.training().getLabels(), 1);
        double[] counts = counts(digits);
        double[] rising = {.01, .03, .05, .07, .09, .11, .13, .15, .17, .19};
        double[] uniform = {.1, .1, .1, .1, .1, .1, .1, .1, .1, .1};
        double[] frequencies =
                Arrays.stream(counts).map(count -> count / digits.length()).toArray();
        System.out.print("digit    ");
        for (int digit = 0; digit < counts.length; digit++) {
            System.out.printf("%5d", digit);
        }
        System.out.print("\nhow many ");
        Arrays.stream(counts).forEach(count -> System.out.printf("%5.0f", count));

        System.out.printf("%n%n%44s%24s%n", "-log", "CrossEntropy");
        System.out.printf(
                "%6s  %-12s %10s %12s %10s %12s %10s%n",
                "digits", "model", "likelihood", "(likelihood)", "NLLLoss", "Loss", "torch");
        for (long size : new long[] {FEW, digits.length()}) {
            INDArray sample = digits.get(NDArrayIndex.interval(0, size));
            print("0.01 to 0.19", rising, sample);
            print("uniform", uniform, sample);
            print("frequencies", frequencies, sample);
        }
    }

    private static double[] counts(INDArray digits) {
        double[] counts = new double[HandwrittenDigits.CLASSES];
        for (int digit : digits.toIntVector()) {
            counts[digit]++;
        }
        return counts;
    }

    private static void print(String name, double[] model, INDArray digits) {
        double likelihood = 1;
        for (int digit : digits.toIntVector()) {
            likelihood *= model[digit];
        }
        // the same row for every digit: this model does not look at the picture
        INDArray logProbabilities =
                Transforms.log(Nd4j.createFromArray(new double[][] {model})).repeat(0, digits.length());
        // log-probabilities are logits, and so is everything that is a constant away from them
        INDArray logits = logProbabilities.add(3);
        double torch = TORCH.call(logits, digits).value().item();
        System.out.printf(
                "%6d  %-12s %10.2e %12.4f %10.4f %12.4f %10.4f%n",
                digits.length(),
                name,
                likelihood,
                -Math.log(likelihood),
                OF_LOG_PROBABILITIES.value(logProbabilities, digits),
                OF_LOGITS.value(logits, digits),
                torch);
    }
}
