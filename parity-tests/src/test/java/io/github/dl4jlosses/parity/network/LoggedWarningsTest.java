/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** What a user hears without asking. */
@Isolated
class LoggedWarningsTest {
    private static final INDArray ONE_HOT = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {0, 1}});
    private static final INDArray SOFT = Nd4j.createFromArray(new double[][] {{1, 0}, {.25, .75}, {0, 1}});
    private static final INDArray LOGITS = Nd4j.createFromArray(new double[][] {{1, 2}, {3, 1}, {0, 0}});

    private static String logged(Runnable run) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String loggedBy(TorchLoss loss, INDArray labels) {
        return logged(() -> loss.computeScore(labels, LOGITS, new ActivationSoftmax(), null, false));
    }

    private static CrossEntropyLoss.Builder weighted() {
        return CrossEntropyLoss.builder().weight(1, 3);
    }

    // ---- one-hot labels as probabilities ----

    @Test
    void oneHotLabelsWithClassWeightsAreSpokenOfOnceForEachLoss() {
        TorchLoss loss = weighted().build();

        assertThat(loggedBy(loss, ONE_HOT))
                .contains("CrossEntropyLoss(weight=[1.0, 3.0]", "set targetFormat(TargetFormat.ONE_HOT)")
                .containsOnlyOnce("WARN");
        assertThat(loggedBy(loss, ONE_HOT)).isEmpty();
        assertThat(loggedBy(weighted().build(), ONE_HOT)).contains("WARN");
    }

    @Test
    void aDirectCallIsSpokenOfToo() {
        assertThat(logged(() -> weighted().build().valueAndGradient(LOGITS, ONE_HOT)))
                .contains("WARN");
    }

    @Test
    void nothingIsSaidWhereBothMeansAreOneOrProbabilitiesAreMeant() {
        assertThat(loggedBy(new CrossEntropyLoss(), ONE_HOT)).isEmpty();
        assertThat(loggedBy(weighted().targetFormat(TargetFormat.ONE_HOT).build(), ONE_HOT))
                .isEmpty();
        assertThat(loggedBy(weighted().reduction(Reduction.BATCHMEAN).build(), ONE_HOT))
                .isEmpty();
        assertThat(loggedBy(weighted().reduction(Reduction.SUM).build(), ONE_HOT))
                .isEmpty();
        assertThat(loggedBy(weighted().build(), SOFT)).isEmpty();
        assertThat(loggedBy(weighted().build(), Nd4j.zeros(3, 2))).isEmpty();
    }

    // ---- what a check finds ----

    private static MultiLayerConfiguration softmaxBelowSoftmax() {
        return new NeuralNetConfiguration.Builder()
                .list(
                        new DenseLayer.Builder()
                                .activation(Activation.SIGMOID)
                                .nIn(2)
                                .nOut(2)
                                .build(),
                        new LossLayer.Builder(new LossMCXENT())
                                .activation(Activation.SOFTMAX)
                                .build())
                .build();
    }

    @Test
    void aSwapSaysWhatDoesNotFit() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .list(new OutputLayer.Builder(new LossMCXENT()).nIn(2).nOut(2).build())
                .build();

        assertThat(logged(() -> LossSwap.swap(conf, new BCEWithLogitsLoss())))
                .contains("WARN", "BCEWithLogitsLoss takes logits", "set activation sigmoid or identity");
        assertThat(logged(() -> LossSwap.swap(conf, new CrossEntropyLoss()))).isEmpty();
    }

    @Test
    void aSwapOfAllSaysItToo() {
        assertThat(logged(() -> LossSwap.swapAll(softmaxBelowSoftmax(), Scale.DL4J)))
                .contains("WARN", "set activation identity there");
    }
}
