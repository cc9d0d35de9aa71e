/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.examples.data.Constitution;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** A language model with a vocabulary of 50,000 words: what an iteration takes with DL4J's output layer, and with a fused one. */
public final class LargeVocabulary {
    private static final int VOCABULARY = 50_000;
    private static final int EXAMPLES = 2048;
    private static final int ITERATIONS = 2;

    /** The characters before a word, and the kinds of them: the first blank, the last an underscore. */
    private static final int BEFORE = 8;

    private static final int KINDS = 64;
    private static final int INPUTS = BEFORE * KINDS;

    private static final double GIGABYTE = 1 << 30;
    private static final double SECOND = 1e9;
    private static final long BETWEEN_LOOKS = 1_000_000;
    private static final long MILLISECONDS_TO_FREE = 500;

    private LargeVocabulary() {}

    /** Trains both, one after the other. */
    public static void main(String[] args) throws InterruptedException {
        String text = String.join(" ", Constitution.training(Integer.MAX_VALUE))
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^ -_]+", " ");
        List<String> words = Arrays.stream(text.split(" +")).distinct().sorted().toList();
        System.out.printf("%d examples of %d inputs, %d outputs%n%n", EXAMPLES, INPUTS, VOCABULARY);
        DataSet batch = batch(text, words);

        // the smaller one first: memory that has been used once may stay with the process
        MultiLayerConfiguration dl4j = configuration();
        train(
                "FusedOutputLayer",
                LossSwap.fuse(LossSwap.swapAll(dl4j, Scale.DL4J).get()),
                batch);
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        train("OutputLayer", dl4j, batch);
    }

    /** Guesses a word from the characters before it. */
    private static MultiLayerConfiguration configuration() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(1))
                .list()
                .layer(new DenseLayer.Builder()
                        .activation(Activation.TANH)
                        .nIn(INPUTS)
                        .nOut(INPUTS)
                        .build())
                .layer(new OutputLayer.Builder(new LossSparseMCXENT())
                        .activation(Activation.SOFTMAX)
                        .nIn(INPUTS)
                        .nOut(VOCABULARY)
                        .build())
                .build();
    }

    /** Each character a one among zeros; each label a number: one-hot labels alone would take as much memory as the logits. */
    private static DataSet batch(String text, List<String> words) {
        INDArray features = Nd4j.zeros(DataType.FLOAT, EXAMPLES, INPUTS);
        INDArray labels = Nd4j.zeros(DataType.INT32, EXAMPLES, 1);
        int at = text.indexOf(' ', BEFORE) + 1;
        for (int i = 0; i < EXAMPLES; i++) {
            int end = text.indexOf(' ', at);
            labels.putScalar(i, 0, words.indexOf(text.substring(at, end)));
            for (int c = 0; c < BEFORE; c++) {
                features.putScalar(i, c * KINDS + text.charAt(at - BEFORE + c) - ' ', 1);
            }
            at = end + 1;
            while (text.charAt(at) == ' ') {
                at++;
            }
        }
        return new DataSet(features, labels);
    }

    private static void train(String layer, MultiLayerConfiguration configuration, DataSet batch)
            throws InterruptedException {
        // ND4J gives memory back some time after the collector has seen the last of an array
        System.gc();
        Thread.sleep(MILLISECONDS_TO_FREE);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        long before = Pointer.physicalBytes();
        long[] most = {before};
        AtomicBoolean trains = new AtomicBoolean(true);
        Thread watch = new Thread(() -> {
            while (trains.get()) {
                most[0] = Math.max(most[0], Pointer.physicalBytes());
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        });
        watch.start();
        StringBuilder scores = new StringBuilder();
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < ITERATIONS; i++) {
            long start = System.nanoTime();
            network.fit(batch);
            shortest = Math.min(shortest, System.nanoTime() - start);
            scores.append(String.format(" %.3f", network.score()));
        }
        trains.set(false);
        watch.join();
        System.out.println(layer + ": scores" + scores);
        System.out.printf(
                "measured: an iteration takes %.1f s and %.1f GB beside the parameters%n",
                shortest / SECOND, (most[0] - before) / GIGABYTE);
    }
}
