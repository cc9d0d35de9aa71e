/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.Pictures;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.report.ChartSheet;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.knowm.xchart.XYChart;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Learning from wrong labels by way of a teacher: KL divergence from its probabilities, softened by a temperature. */
public final class Distillation {
    private static final double REPLACED = 0.6;
    private static final int SEEDS = 3;
    private static final int HIDDEN = 32;
    private static final int STRIDE = 40;
    private static final int STRIDES = 6;
    private static final int TEACHER_STRIDES = 2;
    private static final String TORCH = "torch.kl_div(torch.log_softmax(z / T, 1), p, 2) / z.size(0) * T * T";
    private static final DataSet TRAINING = HandwrittenDigits.training();
    private static final DataSet TEST = HandwrittenDigits.test();
    private static final TorchLoss HARD =
            CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
    private static final TorchLoss SOFT =
            KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();

    private Distillation() {}

    /**
     * Trains teachers and students, and compares what they know of the test rows.
     *
     * @param args none
     */
    public static void main(String[] args) {
        double[] steps = new double[STRIDES];
        double[] taught = new double[TEACHER_STRIDES];
        double[] hard = new double[STRIDES];
        double[] once = new double[STRIDES];
        double[] softened = new double[STRIDES];
        System.out.println("T^2 times the divergence of the trained student from its teacher");
        for (int seed = 1; seed <= SEEDS; seed++) {
            INDArray wrong = withWrongLabels(seed);
            ComputationGraph teacher = network(HARD, 1, seed);
            train(teacher, wrong, taught);
            INDArray logits = teacher.feedForward(TRAINING.getFeatures(), false).get("logits");
            train(network(HARD, 1, seed + SEEDS), wrong, hard);
            student(1, logits, seed + SEEDS, once);
            student(4, logits, seed + SEEDS, softened);
        }
        System.out.printf("%nright answers for %d test rows, mean of %d seeds%n", TEST.numExamples(), SEEDS);
        System.out.printf(
                "the teachers, after %d steps: %.1f %%%n", TEACHER_STRIDES * STRIDE, taught[TEACHER_STRIDES - 1]);
        System.out.println("steps   wrong labels   teacher, T = 1   teacher, T = 4");
        for (int i = 0; i < STRIDES; i++) {
            steps[i] = (i + 1) * STRIDE;
            System.out.printf("%5.0f %12.1f %% %14.1f %% %14.1f %%%n", steps[i], hard[i], once[i], softened[i]);
        }
        ChartSheet sheet = new ChartSheet(1, 640, 420);
        XYChart chart = sheet.chart("Students of the same wrong labels", "steps", "right answers for the test rows, %");
        ChartSheet.line(chart, "wrong labels", ChartSheet.GREY, steps, hard);
        ChartSheet.line(chart, "teacher, T = 1", ChartSheet.GREEN, steps, once);
        ChartSheet.line(chart, "teacher, T = 4", ChartSheet.BLUE, steps, softened);
        Pictures.write("distillation", sheet, chart);
    }

    /** Trains a student on the softened probabilities of a teacher with these logits, and shows its loss beside torch's. */
    private static void student(double temperature, INDArray logits, int seed, double[] right) {
        INDArray targets = Nd4j.nn.softmax(logits.div(temperature), 1);
        ComputationGraph student = network(SOFT, temperature, seed);
        train(student, targets, right);
        double divergence = student.score(new DataSet(TRAINING.getFeatures(), targets));
        INDArray own = student.feedForward(TRAINING.getFeatures(), false).get("logits");
        double torch = TorchFunction.of(TORCH, "z", "p", "T")
                .call(TorchTensor.of(own), TorchTensor.of(targets), TorchTensor.of(Nd4j.scalar(temperature)))
                .value()
                .item();
        System.out.printf(
                "  T = %.0f: in DL4J %.6f, in torch %.6f%n",
                temperature, temperature * temperature * divergence, torch);
    }

    /** The training labels, most of them replaced by a random digit. */
    private static INDArray withWrongLabels(int seed) {
        INDArray labels = TRAINING.getLabels().dup();
        Random random = new Random(seed);
        for (int row = 0; row < labels.rows(); row++) {
            if (random.nextDouble() < REPLACED) {
                labels.getRow(row).assign(0);
                labels.putScalar(row, random.nextInt(HandwrittenDigits.CLASSES), 1);
            }
        }
        return labels;
    }

    /** A network whose loss sees the logits divided by a temperature. */
    private static ComputationGraph network(TorchLoss loss, double temperature, int seed) {
        LossLayer softmax =
                new LossLayer.Builder(loss).activation(Activation.SOFTMAX).build();
        // the factor T^2 of the loss: for this updater a longer step is the same
        double rate = 0.2 * temperature * temperature;
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.DOUBLE)
                .updater(new Nesterovs(rate, 0.9))
                .graphBuilder()
                .addInputs("pixels")
                .addLayer("hidden", dense(HandwrittenDigits.PIXELS, HIDDEN, Activation.RELU), "pixels")
                .addLayer("logits", dense(HIDDEN, HandwrittenDigits.CLASSES, Activation.IDENTITY), "hidden")
                .addVertex("softened", new ScaleVertex(1 / temperature), "logits")
                .addLayer("digit", softmax, "softened")
                .setOutputs("digit")
                .build());
        network.init();
        return network;
    }

    private static DenseLayer dense(int inputs, int outputs, Activation activation) {
        DenseLayer.Builder layer = new DenseLayer.Builder().activation(activation);
        return layer.nIn(inputs).nOut(outputs).build();
    }

    private static void train(ComputationGraph network, INDArray labels, double[] right) {
        for (int i = 0; i < right.length; i++) {
            for (int step = 0; step < STRIDE; step++) {
                network.fit(new DataSet(TRAINING.getFeatures(), labels));
            }
            INDArray answers = network.outputSingle(TEST.getFeatures()).argMax(1);
            INDArray same = answers.eq(TEST.getLabels().argMax(1)).castTo(DataType.DOUBLE);
            right[i] += 100 * same.meanNumber().doubleValue() / SEEDS;
        }
    }
}
