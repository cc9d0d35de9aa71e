/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.PercentCorrect;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Multinomial logistic regression is a network of one layer with a softmax; C and D train it along the same steps. */
public final class MultinomialLogisticRegression {
    private static final int EPOCHS = 20;
    private static final int BATCH = 32;
    private static final double ROUNDING = 1e-12;

    private MultinomialLogisticRegression() {}

    /** Trains it twice. */
    public static void main(String[] args) {
        // torch: LogSoftmax and NLLLoss, which read one-hot labels as classes
        MultiLayerNetwork c = network(new NLLLoss(), new ActivationLogSoftmax());
        // torch: CrossEntropyLoss of the logits; the softmax only makes output() readable
        MultiLayerNetwork d = network(
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build(), new ActivationSoftmax());

        List<DataSet> batches = HandwrittenDigits.training().batchBy(BATCH);
        DataSet test = HandwrittenDigits.test();
        System.out.println("             loss of the batch          test accuracy");
        System.out.println("epoch   step         C          D         C        D");
        double difference = 0;
        int step = 0;
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            for (DataSet batch : batches) {
                c.fit(batch);
                d.fit(batch);
                difference = Math.max(difference, difference(c, d));
                step++;
                if (step == 1 || step == 10 || step % (5 * batches.size()) == 0) {
                    System.out.printf(
                            "%5d  %5d  %.6f   %.6f    %.1f %%   %.1f %%%n",
                            epoch, step, c.score(), d.score(), accuracy(c, test), accuracy(d, test));
                }
            }
        }
        System.out.printf(
                "%nAfter each of the %d steps every weight of C is that of D: %s (within %.0e)%n",
                step, difference < ROUNDING, ROUNDING);

        INDArray logProbabilities = c.output(test.getFeatures());
        INDArray probabilities = d.output(test.getFeatures());
        int row = Nd4j.argMax(probabilities.max(1).neg()).getInt(0);
        System.out.printf(
                "%nThe test image that both are least sure about. Its truth: %d%n",
                test.getLabels().getRow(row).argMax().getInt(0));
        System.out.println("digit   C: log-probability   its exp   D: probability");
        for (int digit = 0; digit < HandwrittenDigits.CLASSES; digit++) {
            System.out.printf(
                    "%5d   %18.4f   %7.4f   %14.4f%n",
                    digit,
                    logProbabilities.getDouble(row, digit),
                    Math.exp(logProbabilities.getDouble(row, digit)),
                    probabilities.getDouble(row, digit));
        }
    }

    private static MultiLayerNetwork network(TorchLoss loss, IActivation activation) {
        return Networks.regression(loss, activation, HandwrittenDigits.PIXELS, HandwrittenDigits.CLASSES, .5);
    }

    private static double difference(MultiLayerNetwork one, MultiLayerNetwork other) {
        return one.params().distance2(other.params());
    }

    /** The largest logarithm is that of the largest probability. */
    private static double accuracy(MultiLayerNetwork network, DataSet data) {
        return PercentCorrect.ofClasses(network.output(data.getFeatures()), data.getLabels());
    }
}
