/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.PercentCorrect;
import io.github.dl4jlosses.examples.data.BreastCancer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A softmax over two classes is a sigmoid of the difference of their logits. */
public final class TwoClassSoftmax {
    private TwoClassSoftmax() {}

    /** Prints both on the same logits, and trains a network with each. */
    public static void main(String[] args) {
        System.out.println("                 probability of class 1                 truth: class 1");
        System.out.println("logits           softmax   sigmoid      loss      torch     gradient");
        compare(0, 0);
        compare(1, 3);
        compare(101, 103);
        compare(2, -1.5);
        train();
    }

    private static void compare(double a, double b) {
        INDArray two = Nd4j.createFromArray(new double[][] {{a, b}});
        INDArray one = Nd4j.createFromArray(new double[][] {{b - a}});
        INDArray second = Nd4j.createFromArray(new long[] {1});
        INDArray yes = Nd4j.createFromArray(new double[][] {{1}});
        LossAndGradient softmax = new CrossEntropyLoss().valueAndGradient(two, second);
        LossAndGradient sigmoid = new BCEWithLogitsLoss().valueAndGradient(one, yes);
        System.out.printf(
                "%5.1f, %5.1f     %.5f              %.6f   %.6f   %8.5f, %8.5f%n",
                a,
                b,
                Transforms.softmax(two).getDouble(0, 1),
                softmax.value(),
                FiveImplementations.D.torch(two, second).value().item(),
                softmax.gradient().getDouble(0),
                softmax.gradient().getDouble(1));
        System.out.printf(
                "difference %4.1f            %.5f    %.6f   %.6f             %8.5f%n",
                b - a,
                Transforms.sigmoid(one).getDouble(0),
                sigmoid.value(),
                FiveImplementations.B.torch(one, yes).value().item(),
                sigmoid.gradient().getDouble(0));
    }

    /** The two logits of the softmax go apart by two steps at a time, so it gets half the learning rate. */
    private static void train() {
        DataSet training = BreastCancer.training();
        DataSet test = BreastCancer.test();
        MultiLayerNetwork sigmoid =
                Networks.regression(new BCEWithLogitsLoss(), new ActivationSigmoid(), BreastCancer.FEATURES, 1, .5);
        TorchLoss ofOneHot =
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
        MultiLayerNetwork softmax =
                Networks.regression(ofOneHot, new ActivationSoftmax(), BreastCancer.FEATURES, 2, .25);

        System.out.println("\n       loss before the step   weight of radius           test accuracy");
        System.out.println("step   sigmoid    softmax     sigmoid   softmax, w1-w0   sigmoid   softmax");
        for (int step = 1; step <= 100; step++) {
            sigmoid.fit(training);
            softmax.fit(oneHot(training));
            if (step == 1 || step == 10 || step == 100) {
                INDArray weights = softmax.getParam("0_W");
                System.out.printf(
                        "%4d   %.6f   %.6f   %8.5f   %14.5f   %5.1f %%   %5.1f %%%n",
                        step,
                        sigmoid.score(),
                        softmax.score(),
                        sigmoid.getParam("0_W").getDouble(0),
                        weights.getDouble(0, 1) - weights.getDouble(0, 0),
                        PercentCorrect.ofYesAndNo(sigmoid.output(test.getFeatures()), test.getLabels()),
                        PercentCorrect.ofClasses(
                                softmax.output(test.getFeatures()), oneHot(test).getLabels()));
            }
        }
    }

    /** Benign in the first column, malignant in the second. */
    private static DataSet oneHot(DataSet data) {
        INDArray malignant = data.getLabels();
        return new DataSet(data.getFeatures(), Nd4j.hstack(malignant.rsub(1), malignant));
    }
}
