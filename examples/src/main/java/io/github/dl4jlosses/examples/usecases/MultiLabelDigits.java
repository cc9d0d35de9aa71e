/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.DigitQuestions;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Four yes-or-no questions about a digit at once, where many of the answers are not known. */
public final class MultiLabelDigits {
    private static final double SHOWN = 0.2;
    private static final double[] SHARES = {0.05, 0.1, SHOWN, 0.4, 1};
    private static final int HIDDEN = 32;
    private static final int STEPS = 100;
    private static final INDArray PIXELS = HandwrittenDigits.training().getFeatures();
    private static final INDArray TRUTH = DigitQuestions.answers(HandwrittenDigits.training());

    /** The loss of what is known, which torch has no mask for. */
    private static final String TORCH =
            "(torch.binary_cross_entropy_with_logits(z, t, None, w, 0) * m).sum() / m.sum()";

    private MultiLabelDigits() {}

    /** Trains with unknown answers masked, and with unknown answers taken for no. */
    public static void main(String[] args) {
        double[] ofMasked = new double[SHARES.length];
        double[] ofTakenForNo = new double[SHARES.length];
        for (int i = 0; i < SHARES.length; i++) {
            INDArray known = DigitQuestions.known(SHARES[i], TRUTH);
            MultiLayerNetwork network = trainedOnKnown(known);
            EvaluationBinary masked = evaluation(network);
            EvaluationBinary takenForNo = evaluation(trainedWithNoForUnknown(known));
            ofMasked[i] = masked.averageF1();
            ofTakenForNo[i] = takenForNo.averageF1();
            if (SHARES[i] == SHOWN) {
                printQuestions(known, masked, takenForNo);
                printLoss(network, known);
            }
        }
        System.out.println("answers known    mean F1, unknown masked    mean F1, unknown taken for no");
        for (int i = 0; i < SHARES.length; i++) {
            System.out.printf("%11.0f %% %26.3f %32.3f%n", 100 * SHARES[i], ofMasked[i], ofTakenForNo[i]);
        }
        Chart chart = new Chart(
                "Masking unknown answers costs little, taking them for no costs much",
                "share of answers known",
                "F1, mean of the four questions");
        chart.add(ChartLine.marked("unknown masked", Ink.OURS, SHARES, ofMasked));
        chart.add(ChartLine.marked("unknown taken for no", Ink.BUILT_IN, SHARES, ofTakenForNo));
        Pictures.write("multi-label-digits", Pictures.ONE, chart);
    }

    private static void printQuestions(INDArray known, EvaluationBinary masked, EvaluationBinary takenForNo) {
        System.out.println("one answer in five known     unknown ones masked     unknown ones taken for no");
        System.out.println("question     pos_weight      precision   recall      precision   recall");
        double[] posWeight = loss(TRUTH, known).getPosWeight();
        for (int q = 0; q < DigitQuestions.QUESTIONS.size(); q++) {
            System.out.printf(
                    "%-12s %10.3f%s%s%n",
                    DigitQuestions.QUESTIONS.get(q), posWeight[q], columns(masked, q), columns(takenForNo, q));
        }
    }

    private static String columns(EvaluationBinary evaluation, int q) {
        return String.format("%15.3f %8.3f", evaluation.precision(q), evaluation.recall(q));
    }

    private static MultiLayerNetwork trainedOnKnown(INDArray known) {
        INDArray labels = TRUTH.dup();
        // to show that what is masked does not matter at all
        labels.putWhereWithMask(known.eq(0), Nd4j.valueArrayOf(labels.shape(), Double.NaN));
        return trained(loss(TRUTH, known), labels, known);
    }

    private static MultiLayerNetwork trainedWithNoForUnknown(INDArray known) {
        INDArray labels = TRUTH.mul(known);
        return trained(loss(labels, Nd4j.onesLike(labels)), labels, null);
    }

    /** Yes weighs more where it is rarer than no. */
    private static BCEWithLogitsLoss loss(INDArray labels, INDArray mask) {
        INDArray yes = labels.mul(mask).sum(0);
        INDArray no = mask.sum(0).sub(yes);
        double[] posWeight = no.div(yes).toDoubleVector();
        return BCEWithLogitsLoss.builder().posWeight(posWeight).build();
    }

    private static MultiLayerNetwork trained(BCEWithLogitsLoss loss, INDArray labels, INDArray mask) {
        MultiLayerNetwork network = Networks.of(
                1,
                new Adam(0.02),
                Networks.hidden(HandwrittenDigits.PIXELS, HIDDEN),
                Networks.output(loss, new ActivationSigmoid(), HIDDEN, DigitQuestions.QUESTIONS.size()));
        Networks.fit(network, new DataSet(PIXELS, labels, null, mask), STEPS);
        return network;
    }

    private static EvaluationBinary evaluation(MultiLayerNetwork network) {
        DataSet test = HandwrittenDigits.test();
        EvaluationBinary evaluation = new EvaluationBinary();
        evaluation.eval(DigitQuestions.answers(test), network.output(test.getFeatures()));
        return evaluation;
    }

    private static void printLoss(MultiLayerNetwork network, INDArray known) {
        double here = network.score(new DataSet(PIXELS, TRUTH, null, known));
        INDArray posWeight = Nd4j.createFromArray(loss(TRUTH, known).getPosWeight());
        double torch = TorchFunction.of(TORCH, "z", "t", "w", "m")
                .call(Networks.logits(network, PIXELS), TRUTH, posWeight, known)
                .value()
                .item();
        System.out.printf("%nloss of the known answers: in DL4J %.6f, in torch %.6f%n%n", here, torch);
    }
}
