/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.BreastCancer;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.curves.PrecisionRecallCurve;
import org.nd4j.evaluation.curves.RocCurve;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** What weights do for a rare class: they move the threshold. */
public final class ClassImbalance {
    /** Columns of texture and smoothness, in which malignant and benign tumours overlap. */
    private static final int[] OVERLAPPING = {1, 4};

    private static final int KEPT_EVERY = 8;

    /** Twice as many print the same numbers: the minimum is reached. */
    private static final int STEPS = 500;

    private static final double LEARNING_RATE = 0.05;
    private static final double EVEN_CHANCE = 0.5;

    private ClassImbalance() {}

    /** Trains without weights and with them, and compares what is found. */
    public static void main(String[] args) {
        DataSet training = withFewMalignant(BreastCancer.training());
        INDArray test = BreastCancer.test().getFeatures().getColumns(OVERLAPPING);
        INDArray truth = BreastCancer.test().getLabels();
        double malignant = training.getLabels().sumNumber().doubleValue();
        double w = (training.numExamples() - malignant) / malignant;
        print("training", training.getLabels());
        print("test", truth);
        System.out.printf("pos_weight = benign / malignant training rows = %.2f%n%n", w);

        TorchLoss noWeight = new BCEWithLogitsLoss();
        TorchLoss posWeight = BCEWithLogitsLoss.builder().posWeight(w).build();
        TorchLoss classWeights = CrossEntropyLoss.builder().weight(1, w).build();
        INDArray plain = malignancy(noWeight, 1, training, test);
        INDArray weighted = malignancy(posWeight, 1, training, test);
        System.out.println("texture and smoothness   threshold     found  false alarms  precision  AUC");
        print("no weight", plain, truth, EVEN_CHANCE);
        print("pos_weight", weighted, truth, EVEN_CHANCE);
        print("cross entropy, weight", malignancy(classWeights, 2, training, test), truth, EVEN_CHANCE);
        print("no weight", plain, truth, 1 / (1 + w));

        INDArray shift = Networks.logits(weighted).sub(Networks.logits(plain));
        System.out.printf(
                "%nlogit with pos_weight minus logit without: mean %.2f, from %.2f to %.2f%nlog(pos_weight) = %.2f%n",
                shift.meanNumber().doubleValue(),
                shift.minNumber().doubleValue(),
                shift.maxNumber().doubleValue(),
                Math.log(w));

        draw(roc(plain, truth), roc(weighted, truth));
    }

    /** All benign rows, and the malignant ones among every eighth row of the file; two columns. */
    private static DataSet withFewMalignant(DataSet all) {
        int[] rows = IntStream.range(0, all.numExamples())
                .filter(row -> all.getLabels().getDouble(row) == 0 || row % KEPT_EVERY == 0)
                .toArray();
        return new DataSet(
                all.getFeatures().getRows(rows).getColumns(OVERLAPPING),
                all.getLabels().getRows(rows));
    }

    /** Logistic regression: one layer learns the probability of malignant, and gives it for other rows. */
    private static INDArray malignancy(TorchLoss loss, int outputs, DataSet training, INDArray features) {
        IActivation activation = outputs == 1 ? new ActivationSigmoid() : new ActivationSoftmax();
        int inputs = OVERLAPPING.length;
        MultiLayerNetwork network =
                Networks.of(1, new Adam(LEARNING_RATE), Networks.output(loss, activation, inputs, outputs));
        Networks.fit(network, training, STEPS);
        return network.output(features).getColumn(outputs - 1, true);
    }

    private static void print(String part, INDArray labels) {
        double share = labels.meanNumber().doubleValue();
        System.out.printf(
                "%s rows: %d, malignant: %.0f (%.0f %%)%n",
                part, labels.length(), share * labels.length(), 100 * share);
    }

    private static void print(String name, INDArray probability, INDArray truth, double threshold) {
        INDArray alarm = probability.gt(threshold).castTo(DataType.DOUBLE);
        double malignant = truth.sumNumber().doubleValue();
        double found = alarm.mul(truth).sumNumber().doubleValue();
        double alarms = alarm.sumNumber().doubleValue();
        double auc = roc(probability, truth).calculateAUC();
        System.out.printf(
                "%-24s %9.3f %6.0f of %.0f %13.0f %10.2f  %.3f%n",
                name, threshold, found, malignant, alarms - found, found / alarms, auc);
    }

    private static ROC roc(INDArray probability, INDArray truth) {
        ROC roc = new ROC();
        roc.eval(truth, probability);
        return roc;
    }

    private static void draw(ROC plain, ROC weighted) {
        Chart roc = new Chart(
                "The weight leaves the ROC curve alone",
                "false alarms, share of benign rows",
                "found, share of malignant rows");
        Chart byThreshold =
                new Chart("It moves recall and precision", "threshold", "recall (solid), precision (dashed)");
        draw(roc, byThreshold, "no weight", Ink.BUILT_IN, plain);
        draw(roc, byThreshold, "pos_weight", Ink.OURS, weighted);
        Pictures.write("class-imbalance", Pictures.TWO, roc, byThreshold);
    }

    private static void draw(Chart roc, Chart byThreshold, String name, Ink ink, ROC evaluation) {
        RocCurve curve = evaluation.getRocCurve();
        roc.add(ChartLine.curve(name, ink, curve.getFpr(), curve.getTpr()));
        PrecisionRecallCurve both = evaluation.getPrecisionRecallCurve();
        byThreshold.add(ChartLine.curve(name, ink, both.getThreshold(), both.getRecall()));
        byThreshold.add(ChartLine.curve("", ink, both.getThreshold(), both.getPrecision())
                .wide(1.5)
                .dashed());
    }
}
