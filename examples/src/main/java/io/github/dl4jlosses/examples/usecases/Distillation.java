/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Decimals;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Learning from wrong labels by way of a teacher: KL divergence from its probabilities, softened by a temperature. */
public final class Distillation {
    private static final double REPLACED = 0.6;
    private static final int SEEDS = 5;
    private static final int TEACHER_STEPS = 80;
    private static final int SHOWN_EVERY = 40;
    private static final int ROWS = 6;
    private static final String TORCH = "torch.kl_div(torch.log_softmax(z / T, 1), p, 2) / z.size(0) * T * T";
    private static final TorchLoss CROSS_ENTROPY =
            CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
    private static final TorchLoss DIVERGENCE =
            KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();

    private Distillation() {}

    /** Trains teachers and students, and compares what they know of the test rows. */
    public static void main(String[] args) {
        DoubleSummaryStatistics teachers = new DoubleSummaryStatistics();
        DoubleSummaryStatistics[] ofWrongLabels = emptyTable();
        DoubleSummaryStatistics[] ofTeacher = emptyTable();
        DoubleSummaryStatistics[] ofSoftTeacher = emptyTable();
        System.out.println("T^2 times the divergence of the trained student from its teacher");
        for (int seed = 1; seed <= SEEDS; seed++) {
            INDArray wrong = withWrongLabels(seed);
            SoftenedNetwork teacher = new SoftenedNetwork(CROSS_ENTROPY, 1, seed);
            teacher.fit(wrong, TEACHER_STEPS);
            teachers.accept(teacher.accuracy());
            // the students start from the weights of the next teacher: over all seeds, from those of the teachers
            int next = seed % SEEDS + 1;
            train(new SoftenedNetwork(CROSS_ENTROPY, 1, next), wrong, ofWrongLabels);
            trainStudent(1, teacher.logits(), next, ofTeacher);
            trainStudent(4, teacher.logits(), next, ofSoftTeacher);
        }
        System.out.printf("%nright answers for the test rows in %%, mean of %d seeds (lowest to highest)%n", SEEDS);
        System.out.printf("the teachers, after %d steps: %s%n", TEACHER_STEPS, Decimals.meanAndRange(teachers, 1));
        System.out.println("steps   wrong labels          teacher, T = 1        teacher, T = 4");
        for (int row = 0; row < ROWS; row++) {
            System.out.printf(
                    "%5d   %s   %s   %s%n",
                    (row + 1) * SHOWN_EVERY,
                    Decimals.meanAndRange(ofWrongLabels[row], 1),
                    Decimals.meanAndRange(ofTeacher[row], 1),
                    Decimals.meanAndRange(ofSoftTeacher[row], 1));
        }
        Chart chart = new Chart(
                "A teacher's students do not learn the wrong labels by heart",
                "steps",
                "right answers for the test rows, %");
        draw(chart, "wrong labels", Ink.BUILT_IN, ofWrongLabels);
        draw(chart, "teacher, T = 1", Ink.GREEN, ofTeacher);
        draw(chart, "teacher, T = 4", Ink.OURS, ofSoftTeacher);
        Pictures.write("distillation", Pictures.ONE, chart);
    }

    private static DoubleSummaryStatistics[] emptyTable() {
        return Stream.generate(DoubleSummaryStatistics::new).limit(ROWS).toArray(DoubleSummaryStatistics[]::new);
    }

    /** The training labels, most of them replaced by a random digit. */
    private static INDArray withWrongLabels(int seed) {
        INDArray labels = HandwrittenDigits.training().getLabels();
        Random random = new Random(seed);
        for (int row = 0; row < labels.rows(); row++) {
            if (random.nextDouble() < REPLACED) {
                labels.getRow(row).assign(0);
                labels.putScalar(row, random.nextInt(HandwrittenDigits.CLASSES), 1);
            }
        }
        return labels;
    }

    /** Trains a student on the softened probabilities of a teacher with these logits, and shows its loss beside torch's. */
    private static void trainStudent(
            double temperature, INDArray teacher, int seed, DoubleSummaryStatistics... accuracy) {
        INDArray targets = Nd4j.nn.softmax(teacher.div(temperature), 1);
        SoftenedNetwork student = new SoftenedNetwork(DIVERGENCE, temperature, seed);
        train(student, targets, accuracy);
        double torch = TorchFunction.of(TORCH, "z", "p", "T")
                .call(student.logits(), targets, Nd4j.scalar(temperature))
                .value()
                .item();
        System.out.printf("  T = %.0f: in DL4J %.6f, in torch %.6f%n", temperature, student.loss(targets), torch);
    }

    /** Trains, and adds the accuracy to each row of a table. */
    private static void train(SoftenedNetwork network, INDArray labels, DoubleSummaryStatistics... accuracy) {
        for (DoubleSummaryStatistics row : accuracy) {
            network.fit(labels, SHOWN_EVERY);
            row.accept(network.accuracy());
        }
    }

    private static void draw(Chart chart, String name, Ink ink, DoubleSummaryStatistics... accuracy) {
        double[] steps = IntStream.rangeClosed(1, ROWS)
                .mapToDouble(row -> row * SHOWN_EVERY)
                .toArray();
        double[] means = Arrays.stream(accuracy)
                .mapToDouble(DoubleSummaryStatistics::getAverage)
                .toArray();
        chart.add(ChartLine.marked(name, ink, steps, means));
    }
}
