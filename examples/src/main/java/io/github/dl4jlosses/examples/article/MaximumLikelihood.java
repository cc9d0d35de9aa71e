/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.examples.common.Decimals;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.BreastCancer;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Maximum likelihood is minimum cross entropy, and both are where the model's probabilities are the frequencies. */
public final class MaximumLikelihood {
    private static final INDArray MALIGNANT = BreastCancer.training().getLabels();

    private MaximumLikelihood() {}

    /** Prints and draws the loss over the model's probability. */
    public static void main(String[] args) {
        double frequency = MALIGNANT.meanNumber().doubleValue();
        System.out.println("   p      -log(likelihood) / tumours   H(frequency, p)   d/dp");
        for (double p : new double[] {.2, .3, .4, frequency, .5, .6, .7}) {
            LossAndGradient loss = loss(p);
            System.out.printf(
                    "%.4f   %26.6f   %15.6f   %8s%s%n",
                    p,
                    loss.value(),
                    crossEntropy(frequency, p),
                    Decimals.rounded(slope(loss), 4),
                    p == frequency ? "  the frequency" : "");
        }

        INDArray digits = HandwrittenDigits.training().getLabels();
        INDArray logFrequencies = Transforms.log(digits.mean(true, 0));
        INDArray uniform = Nd4j.zerosLike(logFrequencies);
        System.out.printf("%nten digits: length of the gradient by the logits%n");
        System.out.printf("all digits alike     %.4f%n", slope(uniform, digits));
        System.out.printf("their frequencies    %.4f%n", slope(logFrequencies, digits));
        draw(frequency);
    }

    /** The mean binary cross entropy of all tumours, each of them malignant with probability p. */
    private static LossAndGradient loss(double p) {
        return new BCELoss().valueAndGradient(Nd4j.zerosLike(MALIGNANT).addi(p), MALIGNANT);
    }

    /** By p, which all tumours share: the sum of their gradients. */
    private static double slope(LossAndGradient loss) {
        return loss.gradient().sumNumber().doubleValue();
    }

    /** H(f, p) of two distributions over (benign, malignant): one row, with probabilities as its target. */
    private static double crossEntropy(double frequency, double p) {
        INDArray logits = Nd4j.createFromArray(new double[][] {{Math.log(1 - p), Math.log(p)}});
        return new CrossEntropyLoss().value(logits, Nd4j.createFromArray(new double[][] {{1 - frequency, frequency}}));
    }

    private static double slope(INDArray logits, INDArray labels) {
        INDArray gradient = new CrossEntropyLoss().gradient(logits.repeat(0, labels.rows()), labels);
        return gradient.sum(0).norm2Number().doubleValue();
    }

    private static void draw(double frequency) {
        double[] p = IntStream.rangeClosed(2, 98).mapToDouble(i -> i / 100.).toArray();
        double[] value = IntStream.range(0, p.length)
                .mapToDouble(i -> loss(p[i]).value())
                .toArray();
        double[] slope =
                IntStream.range(0, p.length).mapToDouble(i -> slope(loss(p[i]))).toArray();
        String axis = "p, the model's probability";
        Chart losses = new Chart("The loss is least at the frequency", axis, "-log(likelihood) / tumours");
        losses.x(0, 1).add(ChartLine.curve("loss", Ink.OURS, p, value)).mark(frequency, "the frequency", Ink.TORCH);
        Chart slopes = new Chart("There its slope is 0", axis, "d loss / dp");
        slopes.x(0, 1).y(-4, 4).add(ChartLine.curve("slope", Ink.OURS, p, slope));
        slopes.mark(frequency, "the frequency", Ink.TORCH);
        Pictures.write("maximum-likelihood", Pictures.TWO, losses, slopes);
    }
}
