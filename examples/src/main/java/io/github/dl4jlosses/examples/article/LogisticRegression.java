/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.PercentCorrect;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.BreastCancer;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Logistic regression is a network of one layer with a sigmoid and binary cross entropy. */
public final class LogisticRegression {
    // autograd differentiates the whole network
    private static final TorchFunction TORCH =
            TorchFunction.of("""
            logits = torch.addmm(b, x, w)
            torch.binary_cross_entropy_with_logits(logits, y, None, None, 1)
            """, "x", "w", "b", "y").withRespectTo("w");

    private static final int STEPS = 300;
    private static final Set<Integer> SHOWN = Set.of(2, 10, 100, STEPS);

    private LogisticRegression() {}

    /** Trains it and compares its gradients. */
    public static void main(String[] args) {
        DataSet training = BreastCancer.training();
        DataSet test = BreastCancer.test();
        MultiLayerNetwork network =
                Networks.regression(new BCEWithLogitsLoss(), new ActivationSigmoid(), BreastCancer.FEATURES, 1, .5);

        network.fit(training);
        gradients(network, training);
        System.out.println("step   training loss   test loss   test accuracy");
        for (int step = 2; step <= STEPS; step++) {
            network.fit(training);
            if (SHOWN.contains(step)) {
                System.out.printf(
                        "%4d   %13.4f   %9.4f   %11.1f %%%n",
                        step,
                        network.score(training),
                        network.score(test),
                        PercentCorrect.ofYesAndNo(network.output(test.getFeatures()), test.getLabels()));
            }
        }
        decisions(network, test);
    }

    /** The gradient of the loss by the weights, in three ways. */
    private static void gradients(MultiLayerNetwork network, DataSet data) {
        INDArray x = data.getFeatures();
        INDArray y = data.getLabels();
        network.setInput(x);
        network.setLabels(y);
        network.computeGradientAndScore();
        // DL4J divides by the number of rows later, in the updater
        INDArray dl4j = network.gradient().getGradientFor("0_W").div(x.rows());
        INDArray formula = x.transpose().mmul(network.output(x).sub(y)).div(x.rows());
        INDArray torch = TORCH.call(x, network.getParam("0_W"), network.getParam("0_b"), y)
                .gradient("w")
                .toArray();
        System.out.println("gradient after the first step      radius   texture   perimeter");
        print("network.gradient()", dl4j);
        print("x (sigma - y), mean", formula);
        print("torch.autograd", torch);
        System.out.println();
    }

    private static void print(String name, INDArray gradient) {
        System.out.printf(
                "  %-29s %9.5f %9.5f %11.5f%n",
                name, gradient.getDouble(0), gradient.getDouble(1), gradient.getDouble(2));
    }

    private static void decisions(MultiLayerNetwork network, DataSet test) {
        // malignant where the logit is above 0, which is where the probability is above one half
        double[] logit = Networks.logits(network, test.getFeatures()).toDoubleVector();
        double[] probability = network.output(test.getFeatures()).toDoubleVector();
        double[] truth = test.getLabels().toDoubleVector();
        System.out.println("\nThe six nearest to the border\ntumour   w x + b   sigma(w x + b)   decision    truth");
        IntStream.range(0, truth.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> Math.abs(logit[row])))
                .limit(6)
                .forEach(row -> System.out.printf(
                        "%6d   %7.3f   %14.4f   %-9s   %s%n",
                        row, logit[row], probability[row], name(logit[row] > 0), name(truth[row] == 1)));

        Chart chart = new Chart(
                "Few of " + truth.length + " unseen tumours are on the wrong side",
                "logit, w x + b",
                "probability of malignant");
        INDArray z = Nd4j.linspace(-15, 50, 261, DataType.DOUBLE);
        double[] sigmoid = Transforms.sigmoid(z).toDoubleVector();
        chart.add(ChartLine.curve("sigmoid", Ink.BUILT_IN, z.toDoubleVector(), sigmoid));
        for (boolean malignant : new boolean[] {false, true}) {
            int[] rows = IntStream.range(0, truth.length)
                    .filter(i -> truth[i] == 1 == malignant)
                    .toArray();
            Ink ink = malignant ? Ink.TORCH : Ink.OURS;
            chart.add(ChartLine.dots(name(malignant), ink, at(rows, logit), at(rows, probability)));
        }
        Pictures.write("logistic-regression", Pictures.ONE, chart);
    }

    private static double[] at(int[] rows, double[] values) {
        return Arrays.stream(rows).mapToDouble(i -> values[i]).toArray();
    }

    private static String name(boolean malignant) {
        return malignant ? "malignant" : "benign";
    }
}
