/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.examples.Pictures;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.report.ChartSheet;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.knowm.xchart.XYChart;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Four yes-or-no questions about a digit at once, where many of the answers are not known. */
public final class MultiLabelDigits {
    private static final String[] QUESTIONS = {"even", "above 4", "prime", "has a loop"};

    /** A row for each digit, a column for each question. */
    private static final INDArray ANSWERS = Nd4j.createFromArray(new double[][] {
        {1, 0, 0, 1}, {0, 0, 0, 0}, {1, 0, 1, 0}, {0, 0, 1, 0}, {1, 0, 0, 0},
        {0, 1, 1, 0}, {1, 1, 0, 1}, {0, 1, 1, 0}, {1, 1, 0, 1}, {0, 1, 0, 1}
    });

    private static final double[] KNOWN = {0.05, 0.1, 0.2, 0.4, 1};
    private static final INDArray PIXELS = HandwrittenDigits.training().getFeatures();
    private static final INDArray TRUTH =
            HandwrittenDigits.training().getLabels().mmul(ANSWERS);

    /** The loss of what is known, which torch has no mask for. */
    private static final String TORCH =
            "(torch.binary_cross_entropy_with_logits(h @ W + b, t, None, w, 0) * m).sum() / m.sum()";

    private MultiLabelDigits() {}

    /**
     * Trains with unknown answers masked, and with unknown answers taken for no.
     *
     * @param args none
     */
    public static void main(String[] args) {
        INDArray known = known(0.2);
        MultiLayerNetwork network = trainedOnKnown(known);
        EvaluationBinary masked = evaluation(network);
        EvaluationBinary guessed = evaluation(trainedWithNoForUnknown(known));
        System.out.println("one answer in five known      unknown ones masked     unknown ones taken for no");
        System.out.println("question     pos_weight       precision   recall      precision   recall");
        double[] posWeight = loss(TRUTH, known).getPosWeight();
        for (int q = 0; q < QUESTIONS.length; q++) {
            System.out.printf(
                    "%-12s %10.3f %15.3f %8.3f %14.3f %8.3f%n",
                    QUESTIONS[q],
                    posWeight[q],
                    masked.precision(q),
                    masked.recall(q),
                    guessed.precision(q),
                    guessed.recall(q));
        }
        double score = network.score(new DataSet(PIXELS, TRUTH, null, known));
        System.out.printf("%nloss of the known answers: in DL4J %.6f, in torch %.6f%n%n", score, torch(network, known));

        double[] good = new double[KNOWN.length];
        double[] bad = new double[KNOWN.length];
        System.out.println("answers known    mean F1, unknown masked    mean F1, unknown taken for no");
        for (int i = 0; i < KNOWN.length; i++) {
            good[i] = evaluation(trainedOnKnown(known(KNOWN[i]))).averageF1();
            bad[i] = evaluation(trainedWithNoForUnknown(known(KNOWN[i]))).averageF1();
            System.out.printf("%11.0f %% %26.3f %32.3f%n", 100 * KNOWN[i], good[i], bad[i]);
        }
        ChartSheet sheet = new ChartSheet(1, 640, 420);
        XYChart chart = sheet.chart("Four questions", "share of answers known", "F1, mean of the questions");
        ChartSheet.line(chart, "unknown masked", ChartSheet.BLUE, KNOWN, good);
        ChartSheet.line(chart, "unknown taken for no", ChartSheet.GREY, KNOWN, bad);
        Pictures.write("multi-label-digits", sheet, chart);
    }

    /** 1 for each answer that is known, which chance decides. */
    private static INDArray known(double share) {
        DoubleStream chance = new Random(1).doubles(TRUTH.length());
        double[] known = chance.map(number -> number < share ? 1 : 0).toArray();
        return Nd4j.createFromArray(known).reshape(TRUTH.shape());
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
        DenseLayer hidden = new DenseLayer.Builder().nIn(64).nOut(32).build();
        OutputLayer.Builder output = new OutputLayer.Builder(loss).activation(Activation.SIGMOID);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.02))
                .activation(Activation.RELU)
                .list(hidden, output.nIn(32).nOut(4).build())
                .build());
        network.init();
        for (int step = 0; step < 100; step++) {
            network.fit(new DataSet(PIXELS, labels, null, mask));
        }
        return network;
    }

    private static EvaluationBinary evaluation(MultiLayerNetwork network) {
        DataSet test = HandwrittenDigits.test();
        EvaluationBinary evaluation = new EvaluationBinary();
        evaluation.eval(test.getLabels().mmul(ANSWERS), network.output(test.getFeatures()));
        return evaluation;
    }

    private static double torch(MultiLayerNetwork network, INDArray known) {
        INDArray hidden = network.feedForwardToLayer(0, PIXELS).get(1);
        INDArray posWeight = Nd4j.createFromArray(loss(TRUTH, known).getPosWeight());
        TorchTensor[] arguments = Stream.of(
                        hidden, network.getParam("1_W"), network.getParam("1_b"), TRUTH, posWeight, known)
                .map(TorchTensor::of)
                .toArray(TorchTensor[]::new);
        TorchFunction function = TorchFunction.of(TORCH, "h", "W", "b", "t", "w", "m");
        return function.call(arguments).value().item();
    }
}
