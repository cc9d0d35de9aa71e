/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.examples.data.BreastCancer;
import io.github.dl4jlosses.parity.TorchFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The likelihood of yes and no: its negative logarithm is the sum of binary cross entropies. */
public final class BernoulliLikelihood {
    private static final double[] PROBABILITIES = {.1, .2, .3, .4, .5, .6, .8};

    private static final BCELoss OF_PROBABILITIES =
            BCELoss.builder().reduction(Reduction.SUM).build();
    private static final BCEWithLogitsLoss OF_LOGITS =
            BCEWithLogitsLoss.builder().reduction(Reduction.SUM).build();

    // the 2 is reduction='sum'
    private static final TorchFunction TORCH = TorchFunction.of("torch.binary_cross_entropy(p, y, None, 2)", "p", "y");

    private BernoulliLikelihood() {}

    /** Prints both sides for several models. */
    public static void main(String[] args) {
        INDArray malignant = BreastCancer.training().getLabels();
        System.out.printf(
                "%d tumours, %.0f of them malignant%n%n",
                malignant.length(), malignant.sumNumber().doubleValue());

        System.out.println(" p      likelihood   -log(likelihood)     BCELoss  BCEWithLogitsLoss       torch");
        for (double p : PROBABILITIES) {
            INDArray probability = Nd4j.zerosLike(malignant).addi(p);
            INDArray logit = Nd4j.zerosLike(malignant).addi(Math.log(p / (1 - p)));
            double likelihood = likelihood(p, malignant.toDoubleVector());
            double torch = TORCH.call(probability, malignant).value().item();
            System.out.printf(
                    "%.2f   %.2e   %16.6f  %10.6f  %17.6f  %10.6f%n",
                    p,
                    likelihood,
                    -Math.log(likelihood),
                    OF_PROBABILITIES.value(probability, malignant),
                    OF_LOGITS.value(logit, malignant),
                    torch);
        }
    }

    /** The product over the tumours: p for each malignant one, 1 - p for each benign one. */
    private static double likelihood(double p, double... malignant) {
        double product = 1;
        for (double y : malignant) {
            product *= y == 1 ? p : 1 - p;
        }
        return product;
    }
}
