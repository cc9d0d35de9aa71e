/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.evaluation.GreedyDecoder;
import io.github.dl4jlosses.evaluation.LabelErrorRate;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.DigitRows;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.layer.CTCOutputLayer;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/** Reads rows of handwritten digits: labels say which digits there are, and CTCLoss finds out where. */
public final class ReadDigitRows {
    private static final int TRAINING_ROWS = 1024;
    private static final int TEST_ROWS = 200;
    private static final int BATCH = 32;
    private static final int EPOCHS = 6;
    private static final int SHOWN = 5;
    private static final double RATE = 1e-2;
    private static final int HIDDEN = 64;

    private static final List<Ink> INKS = List.of(Ink.OURS, Ink.TORCH, Ink.GREEN, Ink.PINK, Ink.RED);

    private ReadDigitRows() {}

    /** Trains, and tells the errors on rows of digits that training has not seen. */
    public static void main(String[] args) {
        List<DataSet> training = DigitRows.of(HandwrittenDigits.training(), TRAINING_ROWS, BATCH);
        DataSet test =
                DigitRows.of(HandwrittenDigits.test(), TEST_ROWS, TEST_ROWS).get(0);
        MultiLayerNetwork network = network();
        System.out.println("epoch  training loss  test loss  errors in digits  rows without an error");
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            double sum = 0;
            for (DataSet batch : training) {
                network.fit(batch);
                sum += network.score();
            }
            LabelErrorRate rate = new LabelErrorRate();
            rate.add(DigitRows.labels(test), read(network, test));
            System.out.printf(
                    "%5d  %13.3f  %9.3f  %15.1f%%  %20.1f%%%n",
                    epoch, sum / training.size(), network.score(test), 100 * rate.errorRate(), 100 * rate.exactRate());
        }
        List<int[]> labels = DigitRows.labels(test);
        List<int[]> read = read(network, test);
        System.out.printf("%n%-8s read as%n", "row");
        for (int n = 0; n < SHOWN; n++) {
            System.out.printf("%-8s %s%n", DigitRows.text(labels.get(n)), DigitRows.text(read.get(n)));
        }
        draw(
                labels.get(0),
                network.output(test.getFeatures()).slice(0),
                test.getFeaturesMaskArray().getRow(0));
    }

    /** What each step of a row is taken for. */
    private static void draw(int[] label, INDArray output, INDArray mask) {
        int steps = mask.sumNumber().intValue();
        double[] places = IntStream.rangeClosed(1, steps).asDoubleStream().toArray();
        Chart chart = new Chart(
                "The row " + DigitRows.text(label) + ": each digit is seen for a step or two, the rest is blank",
                "step of the window",
                "probability");
        IntFunction<double[]> ofClass =
                c -> output.getRow(c).get(NDArrayIndex.interval(0, steps)).toDoubleVector();
        chart.y(0, 1.12).add(ChartLine.marked("blank", Ink.BUILT_IN, places, ofClass.apply(0)));
        for (int i = 0; i < label.length; i++) {
            String digit = DigitRows.text(new int[] {label[i]});
            chart.add(ChartLine.marked(digit, INKS.get(i), places, ofClass.apply(label[i])));
        }
        Pictures.write("read-digit-rows", Pictures.ONE, chart);
    }

    private static List<int[]> read(MultiLayerNetwork network, DataSet rows) {
        INDArray output = network.output(rows.getFeatures(), false, rows.getFeaturesMaskArray(), null);
        return new GreedyDecoder(0).decode(output, rows.getFeaturesMaskArray());
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(RATE))
                .list()
                .layer(new DenseLayer.Builder()
                        .activation(Activation.RELU)
                        .nOut(HIDDEN)
                        .build())
                .layer(new CTCOutputLayer.Builder().nOut(DigitRows.CLASSES).build())
                .setInputType(InputType.recurrent(HandwrittenDigits.PIXELS))
                .build());
        network.init();
        return network;
    }
}
