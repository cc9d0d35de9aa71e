/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.examples.data.PyTorchFiles;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.updater.TorchSGD;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A model that PyTorch saved trains on in DL4J: each loss beside the one that PyTorch wrote down, and then beyond them. */
public final class PortAndTrain {
    private static final INDArray DIGITS = Nd4j.createFromArray(HandwrittenDigits.table());
    private static final int HIDDEN = 32;
    private static final int BATCH = 32;
    private static final int STEPS_PER_EPOCH = DIGITS.rows() / BATCH;
    private static final int EPOCHS_BEYOND = 5;
    private static final int SHOWN_EVERY = 50;
    private static final double ROUNDING = 1e-12;
    // a logarithmic axis has no 0
    private static final double DRAWN_ZERO = 1e-17;

    private PortAndTrain() {}

    /** Ports, compares and goes on. */
    public static void main(String[] args) {
        TorchWeights weights = TorchWeights.load(PyTorchFiles.state("digits_mlp_ce"));
        weights.tensors().forEach((name, tensor) -> System.out.println(name + " " + Arrays.toString(tensor.shape())));
        MultiLayerNetwork network = network();
        weights.copyInto(network);

        // a loss for each step, and last the sum of the absolute outputs for the first batch
        double[] torch = PyTorchFiles.trace("digits_mlp_ce");
        int traced = torch.length - 1;
        System.out.printf("%n step   loss in PyTorch      loss in DL4J%n");
        double[] losses = train(network, 0, traced);
        double[] differences = new double[traced];
        for (int step = 0; step < traced; step++) {
            differences[step] = Math.abs(losses[step] - torch[step]);
            if (step % SHOWN_EVERY == 0) {
                System.out.printf("%5d  %16.12f  %16.12f%n", step, torch[step], losses[step]);
            }
        }
        boolean equal = Arrays.stream(differences).allMatch(difference -> difference < ROUNDING);
        System.out.printf("all %d losses within 1e-12: %s%n", traced, equal);
        double outputs = network.output(batch(0).getFeatures()).norm1Number().doubleValue();
        System.out.printf("sum of |outputs|: PyTorch %.10f, DL4J %.10f%n", torch[traced], outputs);

        System.out.printf("%nbeyond the trace%n step  mean loss of the %d batches%n", STEPS_PER_EPOCH);
        double[] beyond = train(network, traced, EPOCHS_BEYOND * STEPS_PER_EPOCH);
        for (int epoch = 0; epoch < EPOCHS_BEYOND; epoch++) {
            int from = epoch * STEPS_PER_EPOCH;
            double mean = Arrays.stream(beyond, from, from + STEPS_PER_EPOCH)
                    .average()
                    .orElseThrow();
            System.out.printf("%5d  %.4f%n", traced + from + STEPS_PER_EPOCH, mean);
        }
        draw(Arrays.copyOf(torch, traced), losses, beyond, differences);
    }

    /** What the file of weights does not say: the layers, the loss and the optimizer. */
    private static MultiLayerNetwork network() {
        CrossEntropyLoss loss = CrossEntropyLoss.builder()
                .weight(Nd4j.linspace(.5, 1.5, HandwrittenDigits.CLASSES, DataType.DOUBLE)
                        .toDoubleVector())
                .ignoreIndex(7)
                .labelSmoothing(.1)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(TorchSGD.builder()
                .lr(.5)
                .build()
                .configure(new NeuralNetConfiguration.Builder())
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(HandwrittenDigits.PIXELS)
                        .nOut(HIDDEN)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(HIDDEN)
                        .nOut(HandwrittenDigits.CLASSES)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Trains on {@code steps} batches, from batch {@code first} on, and returns the loss of each. */
    private static double[] train(MultiLayerNetwork network, int first, int steps) {
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            network.fit(batch(first + step));
            losses[step] = network.score();
        }
        return losses;
    }

    /** Batches are consecutive rows, and begin again after the last full one. */
    private static DataSet batch(int step) {
        int from = step % STEPS_PER_EPOCH * BATCH;
        INDArray rows = DIGITS.get(NDArrayIndex.interval(from, from + BATCH), NDArrayIndex.all());
        INDArray pixels = rows.get(NDArrayIndex.all(), NDArrayIndex.interval(0, HandwrittenDigits.PIXELS));
        INDArray digits = rows.getColumn(HandwrittenDigits.PIXELS, true);
        return new DataSet(pixels.dup(), digits.castTo(DataType.INT32));
    }

    private static void draw(double[] torch, double[] losses, double[] beyond, double[] differences) {
        Chart loss = new Chart("DL4J repeats PyTorch's training, and goes on", "step", "loss of the batch");
        loss.add(ChartLine.curve("PyTorch, the broad line", Ink.TORCH, steps(0, torch.length), torch)
                .wide(6));
        loss.add(ChartLine.curve("DL4J, the thin line upon it", Ink.OURS, steps(0, losses.length), losses)
                .wide(1.5));
        loss.add(ChartLine.curve("DL4J alone", Ink.GREEN, steps(losses.length, beyond.length), beyond)
                .wide(1.5));
        Chart difference = new Chart("Both losses agree to 15 digits", "step", "|DL4J - PyTorch|");
        difference.logarithmicY().y(DRAWN_ZERO / 2, 1e-14);
        double[] drawn =
                Arrays.stream(differences).map(d -> Math.max(d, DRAWN_ZERO)).toArray();
        String label = "a dot for each step;\n1e-17 stands for 0";
        difference.add(
                ChartLine.dots(label, Ink.OURS, steps(0, drawn.length), drawn).wide(2));
        Pictures.write("port-and-train", Pictures.TWO, loss, difference);
    }

    private static double[] steps(int from, int count) {
        return IntStream.range(from, from + count).asDoubleStream().toArray();
    }
}
