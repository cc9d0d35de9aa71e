/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.examples.common.Decimals;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/** How sure an over-trained network is, and how often it is right, without label smoothing and with it. */
public final class LabelSmoothing {
    private static final double[] SMOOTHING = {0, 0.02, 0.05, 0.1, 0.2};
    private static final int SEEDS = 3;
    private static final int HIDDEN = 32;
    private static final int STEPS = 150;
    private static final double LEARNING_RATE = 0.02;
    private static final Ink[] INKS = {Ink.BUILT_IN, Ink.GREEN, Ink.OURS, Ink.TORCH, Ink.PINK};

    private static final String ROW = "%9s  %-14s  %-14s  %-14s  %s%n";

    private LabelSmoothing() {}

    /** Trains with each smoothing from several seeds, and compares what the networks say of the test rows. */
    public static void main(String[] args) {
        INDArray truth = HandwrittenDigits.test().getLabels();
        Chart chart = new Chart(
                "A little smoothing makes the network as sure as it is right",
                "mean confidence of the bin",
                "share of right answers");
        double[] diagonal = {0, 1};
        chart.add(ChartLine.curve("as sure as right", Ink.BLACK, diagonal, diagonal)
                .wide(1)
                .dashed());
        System.out.printf("%d test rows; mean of %d seeds, and below it lowest to highest%n%n", truth.size(0), SEEDS);
        System.out.printf(ROW, "smoothing", "right", "confidence", "calib. error", "NLL");
        for (int i = 0; i < SMOOTHING.length; i++) {
            Reliability pooled = new Reliability();
            List<Reliability> seeds = new ArrayList<>();
            DoubleStream.Builder logLikelihoods = DoubleStream.builder();
            for (int seed = 1; seed <= SEEDS; seed++) {
                INDArray probabilities = probabilities(SMOOTHING[i], seed);
                seeds.add(Reliability.of(probabilities, truth));
                pooled.add(probabilities, truth);
                logLikelihoods.add(new CrossEntropyLoss().value(Transforms.log(probabilities), truth));
            }
            print(
                    SMOOTHING[i],
                    seeds.stream().mapToDouble(Reliability::accuracy),
                    seeds.stream().mapToDouble(Reliability::meanConfidence),
                    seeds.stream().mapToDouble(Reliability::calibrationError),
                    logLikelihoods.build());
            pooled.draw(chart, Decimals.rounded(SMOOTHING[i], 2), INKS[i]);
        }
        Pictures.write("label-smoothing", Pictures.ONE, chart);
    }

    private static void print(double smoothing, DoubleStream... columns) {
        List<DoubleSummaryStatistics> seeds =
                Arrays.stream(columns).map(DoubleStream::summaryStatistics).toList();
        print(String.format("%.2f", smoothing), seeds, column -> decimals(column.getAverage()));
        print("", seeds, column -> decimals(column.getMin()) + " to " + decimals(column.getMax()));
    }

    private static void print(
            String first, List<DoubleSummaryStatistics> columns, Function<DoubleSummaryStatistics, String> text) {
        System.out.printf(
                ROW, Stream.concat(Stream.of(first), columns.stream().map(text)).toArray());
    }

    private static String decimals(double number) {
        return Decimals.rounded(number, 3);
    }

    /** What a network that was trained for long says of the test rows. */
    private static INDArray probabilities(double smoothing, int seed) {
        CrossEntropyLoss loss = CrossEntropyLoss.builder()
                .labelSmoothing(smoothing)
                .targetFormat(TargetFormat.ONE_HOT)
                .build();
        MultiLayerNetwork network = Networks.of(
                seed,
                new Adam(LEARNING_RATE),
                Networks.hidden(HandwrittenDigits.PIXELS, HIDDEN),
                Networks.output(loss, new ActivationSoftmax(), HIDDEN, HandwrittenDigits.CLASSES));
        Networks.fit(network, HandwrittenDigits.training(), STEPS);
        return network.output(HandwrittenDigits.test().getFeatures());
    }
}
