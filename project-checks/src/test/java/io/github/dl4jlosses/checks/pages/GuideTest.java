/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What docs/dl4j.md says beside its snippets. */
class GuideTest {
    private static final Page GUIDE = Page.of("docs/dl4j.md");
    private static final INDArray FEATURES = Nd4j.ones(2, 4);
    private static final INDArray CLASSES = Nd4j.createFromArray(new int[][] {{0}, {2}});
    private static final INDArray SHARES = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {.5, .5, 0}});

    /** Dots stand for what is left out of a message. */
    @Test
    void theMessagesAreThoseOfThisRun() {
        List<String> shown = GUIDE.tableAfter("| message |").stream()
                .skip(2)
                .map(row -> Page.first(row, "^\\| `(.*?)` \\|"))
                .toList();
        List<String> messages = mistakes().map(GuideTest::message).toList();

        assertThat(messages).hasSameSizeAs(shown);
        for (int row = 0; row < shown.size(); row++) {
            assertThat(messages.get(row)).containsSubsequence(shown.get(row).split(" \\.\\.(?: |$)", -1));
        }
    }

    @Test
    void theVersionsAreThoseOfTheBuild() {
        assertThat(GUIDE.versions()).isEqualTo(Page.versionsOfBuild("dl4j.version", "dl4j.spark.version"));
        assertThat(Page.versionsOfBuild("spark.version").iterator().next())
                .startsWith(GUIDE.first("Spark (\\d+\\.\\d+) "));
    }

    /** Behind the messages, in the order of the table. */
    private static Stream<ThrowingCallable> mistakes() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        CrossEntropyLoss oneHot =
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
        return Stream.of(
                () -> fit(loss, Nd4j.createFromArray(new int[][] {{0}, {3}})),
                () -> fit(loss, Nd4j.createFromArray(new double[][] {{0}, {.5}})),
                () -> fit(loss, Nd4j.ones(2, 2)),
                () -> fit(oneHot, SHARES),
                () -> fit(oneHot, CLASSES),
                () -> fit(new BCEWithLogitsLoss(), CLASSES),
                () -> fit(new BCELoss(), Activation.SIGMOID, SHARES.mul(2)),
                () -> fit(CrossEntropyLoss.builder().weight(1, 2).build(), CLASSES),
                () -> fitMasked(Nd4j.createFromArray(new double[][] {{1}, {.5}})),
                () -> fitMasked(Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 1, 1}})),
                () -> network(loss, Activation.SOFTMAX).evaluate(iterator(CLASSES)),
                () -> network(loss, Activation.IDENTITY).evaluate(iterator(SHARES)),
                () -> configuration(output(loss, Activation.SOFTMAX, 1)),
                GuideTest::fitWithoutFormat,
                GuideTest::fitIndicesOfImages,
                GuideTest::loadWithoutTheLibrary,
                () -> new ParallelWrapper.Builder<>(network(loss, Activation.SOFTMAX)).workers(1),
                () -> LossSwap.swap(
                        configuration(new DenseLayer.Builder().nIn(4).nOut(3).build()), loss));
    }

    private static String message(ThrowingCallable mistake) {
        Throwable thrown = catchThrowable(mistake);
        if (thrown == null) {
            throw new AssertionError("nothing was thrown");
        }
        Throwable root = Throwables.getRootCause(thrown);
        return (root == null ? thrown : root).getMessage();
    }

    private static void fit(TorchLoss loss, INDArray labels) {
        fit(loss, loss.hasLossPerRow() ? Activation.SOFTMAX : Activation.SIGMOID, labels);
    }

    private static void fit(TorchLoss loss, Activation activation, INDArray labels) {
        network(loss, activation).fit(new DataSet(FEATURES, labels));
    }

    private static void fitMasked(INDArray mask) {
        network(new CrossEntropyLoss(), Activation.SOFTMAX).fit(new DataSet(FEATURES, CLASSES, null, mask));
    }

    private static void fitWithoutFormat() {
        network(new RnnOutputLayer.Builder(new CrossEntropyLoss())
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(3)
                        .build())
                .fit(new DataSet(Nd4j.ones(2, 4, 5), Nd4j.ones(2, 3, 5)));
    }

    private static void fitIndicesOfImages() {
        network(
                        new ConvolutionLayer.Builder(1, 1)
                                .activation(Activation.IDENTITY)
                                .nIn(4)
                                .nOut(3)
                                .build(),
                        new CnnLossLayer.Builder(new CrossEntropyLoss())
                                .activation(Activation.SOFTMAX)
                                .build())
                .fit(new DataSet(Nd4j.ones(2, 4, 5, 5), Nd4j.ones(2, 1, 5, 5)));
    }

    /** A JVM without the jar does not find the class that the file names. */
    private static void loadWithoutTheLibrary() {
        String json = configuration(output(new CrossEntropyLoss(), Activation.SOFTMAX, 3))
                .toJson();
        MultiLayerConfiguration.fromJson(json.replace("dl4jlosses.CrossEntropyLoss", "missing.CrossEntropyLoss"));
    }

    private static ExistingDataSetIterator iterator(INDArray labels) {
        return new ExistingDataSetIterator(List.of(new DataSet(FEATURES, labels)));
    }

    private static MultiLayerNetwork network(TorchLoss loss, Activation activation) {
        return network(output(loss, activation, 3));
    }

    private static OutputLayer output(TorchLoss loss, Activation activation, int outputs) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(4)
                .nOut(outputs)
                .build();
    }

    private static MultiLayerNetwork network(Layer... layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(layers));
        network.init();
        return network;
    }

    private static MultiLayerConfiguration configuration(Layer... layers) {
        return new NeuralNetConfiguration.Builder().list(layers).build();
    }
}
