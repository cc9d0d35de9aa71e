/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.BreastCancer;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.io.File;
import java.io.IOException;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** A saved model loses the clipping of DL4J's loss, and goes on training where it stopped. */
public final class SwapSavedLoss {
    private static final int HIDDEN = 16;
    private static final int TRAINING_STEPS = 300;

    /** So high that the saved network is wrong about some rows, and very sure. */
    private static final double TRAINING_RATE = 1.5;

    private static final int STEPS = 100;
    private static final int SHOWN_EVERY = 20;
    private static final ILossFunction BUILT_IN = new LossBinaryXENT();

    private SwapSavedLoss() {}

    /** Trains, saves, loads, swaps and goes on. */
    public static void main(String[] args) throws IOException {
        File file = File.createTempFile("model", ".zip");
        file.deleteOnExit();
        trained().save(file);

        MultiLayerNetwork old = MultiLayerNetwork.load(file, true);
        Swapped<MultiLayerNetwork> result = LossSwap.swapAll(old, Scale.DL4J);
        MultiLayerNetwork swapped = result.get();
        System.out.printf(
                "kept: parameters %s, updater state %s, iterations %d of %d%n",
                swapped.params().equals(old.params()),
                swapped.updaterState().equals(old.updaterState()),
                swapped.getIterationCount(),
                old.getIterationCount());

        DataSet arrived = BreastCancer.test();
        int worst = mostWrong(old, arrived);
        System.out.printf(
                "score of all new rows: %.4f before, %.4f after%n", old.score(arrived), swapped.score(arrived));
        System.out.printf("new row %d, label %.0f%n", worst, arrived.getLabels().getDouble(worst));
        System.out.printf("%16s  %6s  %6s  %9s%n", "", "logit", "loss", "gradient");
        print("LossBinaryXENT", BUILT_IN, old, arrived.get(worst));
        print("BCEWithLogits", result.outputs().get(0).after().orElseThrow(), swapped, arrived.get(worst));

        System.out.printf("%ntraining on all %d new rows: logit of row %d%n", arrived.numExamples(), worst);
        double[] before = logits(old, arrived, worst);
        double[] after = logits(swapped, arrived, worst);
        System.out.printf("%5s  %14s  %14s%n", "step", "LossBinaryXENT", "BCEWithLogits");
        for (int step = 0; step <= STEPS; step += SHOWN_EVERY) {
            System.out.printf("%5d  %14.2f  %14.2f%n", step, before[step], after[step]);
        }
        System.out.printf("wrong  %14d  %14d%n", wrong(old, arrived), wrong(swapped, arrived));
        System.out.println("\n" + Paragraph.of(result));

        Chart chart = new Chart(
                "Only the new loss unlearns the saved model's confident mistake",
                "step after loading",
                "logit of a benign tumour: malignant above 0, benign below");
        double[] steps = IntStream.rangeClosed(0, STEPS).asDoubleStream().toArray();
        chart.add(ChartLine.curve("LossBinaryXENT goes on", Ink.BUILT_IN, steps, before));
        chart.add(ChartLine.curve("swapped for BCEWithLogitsLoss", Ink.OURS, steps, after));
        chart.level(0, "", Ink.BLACK);
        Pictures.write("swap-saved-loss", Pictures.ONE, chart);
    }

    private static MultiLayerNetwork trained() {
        MultiLayerNetwork network = Networks.of(
                1,
                new Nesterovs(TRAINING_RATE, .9),
                Networks.hidden(BreastCancer.FEATURES, HIDDEN),
                Networks.output(BUILT_IN, new ActivationSigmoid(), HIDDEN, 1));
        Networks.fit(network, BreastCancer.training(), TRAINING_STEPS);
        return network;
    }

    /** The row whose logit is farthest on the wrong side of 0. */
    private static int mostWrong(MultiLayerNetwork network, DataSet data) {
        // 1 for label 0, -1 for label 1
        INDArray side = data.getLabels().mul(-2).addi(1);
        return Networks.logits(network, data.getFeatures()).mul(side).argMax(0).getInt(0);
    }

    /** What the output layer gets of its loss for one example. */
    private static void print(String name, ILossFunction loss, MultiLayerNetwork network, DataSet row) {
        INDArray logit = Networks.logits(network, row.getFeatures());
        double value = loss.computeScore(row.getLabels(), logit.dup(), new ActivationSigmoid(), null, true);
        INDArray gradient = loss.computeGradient(row.getLabels(), logit.dup(), new ActivationSigmoid(), null);
        System.out.printf("%16s  %6.2f  %6.2f  %9.2g%n", name, logit.getDouble(0), value, gradient.getDouble(0));
    }

    /** The logit of a row while the network trains on all of them. */
    private static double[] logits(MultiLayerNetwork network, DataSet data, int row) {
        network.setLearningRate(.1);
        double[] logits = new double[STEPS + 1];
        logits[0] = Networks.logits(network, data.getFeatures()).getDouble(row);
        for (int step = 1; step <= STEPS; step++) {
            network.fit(data);
            logits[step] = Networks.logits(network, data.getFeatures()).getDouble(row);
        }
        return logits;
    }

    /** How many rows it calls what they are not. */
    private static int wrong(MultiLayerNetwork network, DataSet data) {
        INDArray malignant = Networks.logits(network, data.getFeatures()).gt(0).castTo(DataType.DOUBLE);
        return (int) malignant.distance1(data.getLabels());
    }
}
