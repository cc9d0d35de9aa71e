/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The running statistics of DL4J's batch normalisation, with the listener, against those of torch's kernel. */
class RunningVarianceTest {
    private static final int CHANNELS = 3;
    private static final int CLASSES = 2;
    private static final int STEPS = 4;
    private static final TorchFunction TORCH = TorchFunction.of("""
                    y, m, i, mean1, var1 = torch._native_batch_norm_legit_functional(x, None, None, mean, var, True, 0.1, 1e-05)
                    torch.cat([mean1, var1])
                    """, "x", "mean", "var");

    @ParameterizedTest
    @CsvSource({
        "false, 2, false",
        "false, 2, true",
        "false, 4, false",
        "false, 4, true",
        "true, 2, false",
        "true, 4, true"
    })
    void theRunningStatisticsAreTorchs(boolean graph, int rank, boolean useLogStd) {
        Random random = PrintedSeed.randomFor(RunningVarianceTest.class);
        MultiLayerNetwork layers = network(rank, useLogStd);
        Model net = graph ? layers.toComputationGraph() : layers;
        net.setListeners(new TorchBatchNormListener());
        Layer layer = net instanceof ComputationGraph asGraph ? asGraph.getLayer(0) : layers.getLayer(0);
        double[] theirs = {0, 0, 0, 1, 1, 1};
        for (int step = 0; step < STEPS; step++) {
            DataSet batch = batch(random, rank, 5);
            ((NeuralNetwork) net).fit(batch);
            theirs = TORCH.call(
                            batch.getFeatures(),
                            Nd4j.createFromArray(Arrays.copyOf(theirs, CHANNELS)),
                            Nd4j.createFromArray(Arrays.copyOfRange(theirs, CHANNELS, 2 * CHANNELS)))
                    .value()
                    .toDoubles();
            assertThat(statistics(layer, useLogStd)).as("after step %s", step).containsExactly(theirs, within(1e-13));
        }
    }

    @Test
    void aBatchOfOneValuePerChannelIsRefused() {
        MultiLayerNetwork net = network(2, false);
        net.setListeners(new TorchBatchNormListener());
        DataSet one = batch(new Random(1), 2, 1);

        assertThatThrownBy(() -> net.fit(one))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Expected more than 1 value per channel when training. (layer '0'");
    }

    /** It normalises by its statistics, so a batch of one is as good as any. */
    @Test
    void aFrozenLayerKeepsItsStatistics() {
        MultiLayerNetwork net = network(2, true);
        Layer[] layers = net.getLayers();
        Layer inner = layers[0];
        layers[0] = new FrozenLayer(inner);
        net.setLayers(layers);
        net.setListeners(new TorchBatchNormListener());
        double[] before = statistics(inner, true);

        net.fit(batch(new Random(1), 2, 1));

        assertThat(statistics(inner, true)).isEqualTo(before);
    }

    private static double[] statistics(Layer layer, boolean useLogStd) {
        double[] mean = layer.getParam("mean").dup().data().asDouble();
        double[] second =
                layer.getParam(useLogStd ? "log10stdev" : "var").dup().data().asDouble();
        double[] all = Arrays.copyOf(mean, 2 * CHANNELS);
        for (int c = 0; c < CHANNELS; c++) {
            all[CHANNELS + c] = useLogStd ? Math.pow(10, 2 * second[c]) : second[c];
        }
        return all;
    }

    private static MultiLayerNetwork network(int rank, boolean useLogStd) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .updater(new Sgd(.1))
                .miniBatch(false)
                .list()
                .layer(new BatchNormalization.Builder().useLogStd(useLogStd).build())
                .layer(new OutputLayer.Builder(
                                CrossEntropyLoss.builder().miniBatch(false).build())
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(rank == 2 ? InputType.feedForward(CHANNELS) : InputType.convolutional(2, 4, CHANNELS))
                .build());
        net.init();
        return net;
    }

    private static DataSet batch(Random random, int rank, int n) {
        long[] shape = rank == 2 ? new long[] {n, CHANNELS} : new long[] {n, CHANNELS, 2, 4};
        double[] classes = random.ints(n, 0, CLASSES).asDoubleStream().toArray();
        INDArray features = FilledArray.of(() -> 6 * random.nextDouble() - 1, DataType.DOUBLE, shape);
        return new DataSet(features, Nd4j.createFromArray(classes).reshape(n, 1));
    }
}
