/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** The running variance by its formula; the proofs against torch compare it with torch's kernel. */
class TorchBatchNormListenerTest {
    private static final int CHANNELS = 3;
    private static final double DECAY = .8;

    @ParameterizedTest
    @CsvSource({
        "false, 1, false",
        "false, 1, true",
        "false, 8, false",
        "false, 8, true",
        "true, 1, false",
        "true, 8, true"
    })
    void theUnbiasedVarianceOfEachBatchEnters(boolean graph, int positions, boolean useLogStd) {
        MultiLayerNetwork net = network(positions, useLogStd);
        ComputationGraph asGraph = net.toComputationGraph();
        net.setListeners(new TorchBatchNormListener());
        asGraph.setListeners(new TorchBatchNormListener());
        Consumer<DataSet> fit = graph ? asGraph::fit : net::fit;
        Layer layer = graph ? asGraph.getLayer(0) : net.getLayer(0);
        Random random = new Random(1);
        double[] expected = {1, 1, 1};
        for (int n = 5; n > 1; n--) {
            DataSet batch = batch(random, positions, n);
            fit.accept(batch);
            for (int c = 0; c < CHANNELS; c++) {
                expected[c] = DECAY * expected[c] + (1 - DECAY) * unbiasedVariance(batch.getFeatures(), c);
            }

            assertThat(variances(layer, useLogStd)).containsExactly(expected, within(1e-12));
        }
    }

    private static double unbiasedVariance(INDArray features, int channel) {
        INDArray values = features.rank() == 2
                ? features.getColumn(channel)
                : features.get(NDArrayIndex.all(), NDArrayIndex.point(channel));
        double[] x = values.dup().data().asDouble();
        double mean = Arrays.stream(x).sum() / x.length;
        return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBatchOfOneValuePerChannelIsRefused(boolean graph) {
        MultiLayerNetwork net = network(1, false);
        ComputationGraph asGraph = net.toComputationGraph();
        net.setListeners(new TorchBatchNormListener());
        asGraph.setListeners(new TorchBatchNormListener());
        Consumer<DataSet> fit = graph ? asGraph::fit : net::fit;
        DataSet one = batch(new Random(1), 1, 1);

        assertThatIllegalStateException()
                .isThrownBy(() -> fit.accept(one))
                .withMessageContaining("Expected more than 1 value per channel when training. (layer '0' got");
    }

    /** It normalises by its statistics, so a batch of one is as good as any. */
    @Test
    void aFrozenLayerKeepsItsStatistics() {
        MultiLayerNetwork net = network(1, true);
        Layer inner = wrapFirst(net, new FrozenLayer(net.getLayer(0)));
        net.setListeners(new TorchBatchNormListener());
        double[] before = variances(inner, true);

        net.fit(batch(new Random(1), 1, 1));

        assertThat(variances(inner, true)).isEqualTo(before);
    }

    @Test
    void aLayerThatWasFrozenAfterABatchIsLeftAlone() {
        MultiLayerNetwork net = network(1, false);
        DataSet batch = batch(new Random(1), 1, 4);
        net.fit(batch);
        List<INDArray> activations = List.of(batch.getFeatures(), batch.getFeatures(), batch.getLabels());
        TorchBatchNormListener listener = new TorchBatchNormListener();
        listener.onForwardPass(net, activations);
        wrapFirst(net, new FrozenLayer(net.getLayer(0)));
        INDArray step = net.gradient().getGradientFor("0_var");
        double[] before = step.dup().data().asDouble();

        listener.onForwardPass(net, activations);
        listener.onGradientCalculation(net);

        assertThat(step.dup().data().asDouble()).isEqualTo(before);
    }

    /** The same of the layer that lets gradients through, which DL4J cannot train here. */
    @Test
    void aFrozenLayerThatPassesGradientsOnTakesABatchOfOne() {
        MultiLayerNetwork net = network(1, false);
        wrapFirst(net, new FrozenLayerWithBackprop(net.getLayer(0)));
        INDArray one = batch(new Random(1), 1, 1).getFeatures();

        assertThatCode(() -> new TorchBatchNormListener().onForwardPass(net, List.of(one, one, one)))
                .doesNotThrowAnyException();
    }

    private static Layer wrapFirst(MultiLayerNetwork net, Layer wrapper) {
        Layer[] layers = net.getLayers();
        Layer inner = layers[0];
        layers[0] = wrapper;
        net.setLayers(layers);
        return inner;
    }

    /** What was counted for one batch plays no part in the next. */
    @Test
    void aBatchThatWasRefusedLeavesNothingBehind() {
        MultiLayerNetwork net = network(1, false);
        net.setListeners(new TorchBatchNormListener());
        DataSet one = batch(new Random(1), 1, 1);
        assertThatIllegalStateException().isThrownBy(() -> net.fit(one));
        MultiLayerNetwork fresh = network(1, false);
        fresh.setListeners(new TorchBatchNormListener());
        DataSet good = batch(new Random(2), 1, 4);

        net.fit(good);
        fresh.fit(good);

        assertThat(variances(net.getLayer(0), false)).isEqualTo(variances(fresh.getLayer(0), false));
    }

    private static double[] variances(Layer layer, boolean useLogStd) {
        double[] all =
                layer.getParam(useLogStd ? "log10stdev" : "var").dup().data().asDouble();
        return useLogStd ? Arrays.stream(all).map(log -> Math.pow(10, 2 * log)).toArray() : all;
    }

    private static MultiLayerNetwork network(int positions, boolean useLogStd) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .updater(new Sgd(.1))
                .miniBatch(false)
                .list()
                .layer(new BatchNormalization.Builder()
                        .decay(DECAY)
                        .useLogStd(useLogStd)
                        .build())
                .layer(new OutputLayer.Builder(
                                CrossEntropyLoss.builder().miniBatch(false).build())
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(
                        positions == 1
                                ? InputType.feedForward(CHANNELS)
                                : InputType.convolutional(2, positions / 2, CHANNELS))
                .build());
        net.init();
        return net;
    }

    private static DataSet batch(Random random, int positions, int n) {
        long[] shape = positions == 1 ? new long[] {n, CHANNELS} : new long[] {n, CHANNELS, 2, positions / 2};
        double[] values = random.doubles((long) n * CHANNELS * positions, -1, 5).toArray();
        double[] classes = random.ints(n, 0, 2).asDoubleStream().toArray();
        return new DataSet(
                Nd4j.createFromArray(values).reshape(shape),
                Nd4j.createFromArray(classes).reshape(n, 1));
    }
}
