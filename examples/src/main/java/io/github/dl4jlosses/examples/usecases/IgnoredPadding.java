/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.Constitution;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.updater.TorchAdam;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Clauses of many lengths in one batch: the padding behind the short ones has the label -100, and the loss leaves it out. */
public final class IgnoredPadding {
    private static final int LENGTH = 32;
    private static final double[] EPOCHS = {1, 2, 3, 4, 5};
    private static final int BATCH = 16;
    private static final int IGNORED = -100;
    private static final String ALPHABET = Constitution.alphabet();
    private static final List<String> TRAINING = Constitution.training(LENGTH);
    private static final DataSet HELD_OUT = padded(Constitution.test(LENGTH), IGNORED);

    private IgnoredPadding() {}

    /** Trains on padding that is ignored, and on padding that is not. */
    public static void main(String[] args) {
        int characters = TRAINING.stream().mapToInt(String::length).sum() - TRAINING.size();
        System.out.printf(
                "%d clauses, padding is %.0f %% of the places%n",
                TRAINING.size(), 100 - 100. * characters / (LENGTH - 1) / TRAINING.size());
        Chart reported = new Chart("Padding makes the loss look better", "epoch", "mean loss of the batches");
        Chart perplexity = new Chart("and the network worse", "epoch", "perplexity of a held-out character");

        train("padding ignored", IGNORED, Ink.OURS, reported, perplexity);
        train("padding is class 0", 0, Ink.TORCH, reported, perplexity);
        Pictures.write("ignored-padding", Pictures.TWO, reported, perplexity);
    }

    private static void train(String name, int padding, Ink ink, Chart reported, Chart perplexity) {
        MultiLayerNetwork network = network();
        DataSet first = padded(TRAINING.subList(0, BATCH), padding);
        System.out.printf("%n%s: first batch %.6f, torch %.6f%n", name, network.score(first), torch(network, first));
        System.out.printf("epoch  reported  held-out  perplexity%n");
        System.out.printf("%5d  %8s  %8.3f  %10.2f%n", 0, "", network.score(HELD_OUT), perplexity(network));
        double[] losses = new double[EPOCHS.length];
        double[] perplexities = new double[EPOCHS.length];
        for (int epoch = 0; epoch < EPOCHS.length; epoch++) {
            int batches = TRAINING.size() / BATCH;
            for (int from = 0; from < batches * BATCH; from += BATCH) {
                network.fit(padded(TRAINING.subList(from, from + BATCH), padding));
                losses[epoch] += network.score() / batches;
            }
            perplexities[epoch] = perplexity(network);
            System.out.printf(
                    "%5d  %8.3f  %8.3f  %10.2f%n",
                    epoch + 1, losses[epoch], network.score(HELD_OUT), perplexities[epoch]);
        }
        System.out.println("writes:");
        "Tao".chars().forEach(letter -> System.out.println("  " + write(network, (char) letter)));
        reported.add(ChartLine.marked(name, ink, EPOCHS, losses));
        perplexity.add(ChartLine.marked(name, ink, EPOCHS, perplexities));
    }

    /** Lengths differ, so miniBatch(false) stands in network and loss: the mean is over the characters that are there. */
    private static MultiLayerNetwork network() {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().ignoreIndex(IGNORED).miniBatch(false).build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .miniBatch(false)
                .updater(TorchAdam.builder().lr(.03).build())
                .list()
                .layer(new LSTM.Builder()
                        .nIn(ALPHABET.length())
                        .nOut(32)
                        .activation(Activation.TANH)
                        .build())
                .layer(new RnnOutputLayer.Builder(loss)
                        .activation(Activation.SOFTMAX)
                        .dataFormat(RNNFormat.NCW)
                        .nIn(32)
                        .nOut(ALPHABET.length())
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Characters as one-hot features, the next characters as class indices, and behind them zeros and {@code padding}. */
    private static DataSet padded(List<String> clauses, int padding) {
        double[][][] features = new double[clauses.size()][ALPHABET.length()][LENGTH - 1];
        int[][][] labels = new int[clauses.size()][1][LENGTH - 1];
        for (int i = 0; i < labels.length; i++) {
            Arrays.fill(labels[i][0], padding);
            for (int t = 0; t < clauses.get(i).length() - 1; t++) {
                features[i][ALPHABET.indexOf(clauses.get(i).charAt(t))][t] = 1;
                labels[i][0][t] = ALPHABET.indexOf(clauses.get(i).charAt(t + 1));
            }
        }
        return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
    }

    private static double perplexity(MultiLayerNetwork network) {
        return Math.exp(network.score(HELD_OUT));
    }

    /** torch's mean over the same characters. */
    private static double torch(MultiLayerNetwork network, DataSet batch) {
        INDArray logProbabilities = Transforms.log(network.output(batch.getFeatures()));
        INDArray target = batch.getLabels().reshape(BATCH, LENGTH - 1).castTo(DataType.INT64);
        return TorchFunction.of("torch.nll_loss_nd(x, t, None, 1, -100)", "x", "t")
                .call(logProbabilities, target)
                .value()
                .item();
    }

    /** A clause, character by character, each the most probable one after those before. */
    private static String write(MultiLayerNetwork network, char first) {
        StringBuilder text = new StringBuilder();
        network.rnnClearPreviousState();
        for (char next = first; next != Constitution.END && text.length() < LENGTH; ) {
            text.append(next);
            INDArray input = Nd4j.zeros(DataType.DOUBLE, 1, ALPHABET.length(), 1);
            input.putScalar(0, ALPHABET.indexOf(next), 0, 1);
            next = ALPHABET.charAt(network.rnnTimeStep(input).argMax(1).getInt(0));
        }
        return text.toString();
    }
}
