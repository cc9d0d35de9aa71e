/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** A network that {@link FitBenchmark} trains, with its batch. */
enum FitNetwork {
    MLP("a perceptron 64-32-10 with batches of 32"),
    CNN("two convolutions of 5x5 with pooling, 6 and 16 channels, and 10 classes, on 32 images of 28x28"),
    LSTM("an LSTM with 32 units on 16 texts of 40 letters out of 60"),
    VOCABULARY("a dense layer 64-512 below 50,257 words with batches of 256, labels by index");

    private static final int SEED = 1;
    private static final int LETTERS = 60;
    private static final int WORDS = 50_257;
    private static final int BATCH_OF_WORDS = 256;
    private static final int FEWER_ROUNDS = 3;

    private final String description;

    FitNetwork(String description) {
        this.description = description;
    }

    static FitNetwork parse(String option) {
        return Arrays.stream(values())
                .filter(network -> network.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "A network is one of " + options() + " or none, got '" + option + "'"));
    }

    static List<String> options() {
        return Arrays.stream(values()).map(FitNetwork::option).toList();
    }

    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** Whether an iteration takes milliseconds. */
    boolean isSmall() {
        return this != VOCABULARY;
    }

    /** How many times the contenders take turns. */
    int rounds(BenchmarkOptions.Pace pace) {
        return isSmall() ? pace.rounds() : Math.max(1, pace.rounds() / FEWER_ROUNDS);
    }

    /** How many numbers its last layer makes of a batch. */
    long outputs() {
        return switch (this) {
            case MLP, CNN -> 32 * 10;
            case LSTM -> 16 * 40 * LETTERS;
            case VOCABULARY -> (long) BATCH_OF_WORDS * WORDS;
        };
    }

    /** With the same weights for each contender. */
    MultiLayerNetwork network(Contender contender, DataType type) {
        MultiLayerNetwork network = network(contender == Contender.FIT_BUILT_IN ? builtIn() : ours(), type);
        return contender == Contender.FIT_FUSED ? LossSwap.fuse(network) : network;
    }

    private ILossFunction builtIn() {
        return this == VOCABULARY ? new LossSparseMCXENT() : new LossMCXENT();
    }

    private ILossFunction ours() {
        return this == VOCABULARY
                ? new CrossEntropyLoss()
                : CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
    }

    private MultiLayerNetwork network(ILossFunction loss, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(type)
                .updater(new Sgd(1e-3))
                .activation(Activation.TANH)
                .list(layers(loss))
                .setInputType(inputType())
                .build());
        network.init();
        return network;
    }

    private Layer[] layers(ILossFunction loss) {
        return switch (this) {
            case MLP -> new Layer[] {dense(32), output(loss, 10)};
            case CNN -> new Layer[] {convolution(6), pooling(), convolution(16), pooling(), output(loss, 10)};
            case LSTM ->
                new Layer[] {
                    new LSTM.Builder().nOut(32).build(),
                    new RnnOutputLayer.Builder(loss)
                            .nOut(LETTERS)
                            .activation(Activation.SOFTMAX)
                            .build()
                };
            case VOCABULARY -> new Layer[] {dense(512), output(loss, WORDS)};
        };
    }

    private static Layer dense(int outputs) {
        return new DenseLayer.Builder().nOut(outputs).build();
    }

    private static Layer convolution(int channels) {
        return new ConvolutionLayer.Builder(5, 5).nOut(channels).build();
    }

    private static Layer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                .build();
    }

    private static Layer output(ILossFunction loss, int outputs) {
        return new OutputLayer.Builder(loss)
                .nOut(outputs)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private InputType inputType() {
        return switch (this) {
            case MLP, VOCABULARY -> InputType.feedForward(64);
            case CNN -> InputType.convolutional(28, 28, 1);
            case LSTM -> InputType.recurrent(LETTERS);
        };
    }

    INDArray features(DataType type) {
        Nd4j.getRandom().setSeed(SEED);
        return switch (this) {
            case MLP -> Nd4j.randn(type, 32, 64);
            case CNN -> Nd4j.randn(type, 32, 1, 28, 28);
            case LSTM -> letters(type);
            case VOCABULARY -> Nd4j.randn(type, BATCH_OF_WORDS, 64);
        };
    }

    INDArray labels(DataType type) {
        return switch (this) {
            case MLP, CNN -> oneHotRows(type, 32, 10);
            case LSTM -> letters(type);
            case VOCABULARY ->
                Nd4j.arange(BATCH_OF_WORDS)
                        .muli(WORDS / BATCH_OF_WORDS)
                        .reshape(BATCH_OF_WORDS, 1)
                        .castTo(type);
        };
    }

    /** [examples, letters, time], one letter at each time. */
    private static INDArray letters(DataType type) {
        return oneHotRows(type, 16 * 40, LETTERS)
                .reshape(16, 40, LETTERS)
                .permute(0, 2, 1)
                .dup('c');
    }

    private static INDArray oneHotRows(DataType type, int rows, int classes) {
        INDArray labels = Nd4j.zeros(type, rows, classes);
        for (int row = 0; row < rows; row++) {
            labels.putScalar(row, row * 7 % classes, 1);
        }
        return labels;
    }
}
