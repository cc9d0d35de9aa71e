/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import io.github.dl4jlosses.spec.memory.Layout;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Fused layers in the place of DL4J's. */
class LossSwapFuseTest {
    private static final TorchLoss LOSS = new CrossEntropyLoss();

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .l2(.01)
                .updater(new Adam(.01));
    }

    private static MultiLayerConfiguration layers(Layer output) {
        return settings()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(output)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LOSS).nIn(4).nOut(2).build();
    }

    private static DataSet data() {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 0, -1}, {0, 2, 1}, {1, 1, 0}}),
                Nd4j.createFromArray(new double[][] {{0}, {1}, {1}}));
    }

    @Test
    void aNetworkGoesOnWhereItStands() {
        MultiLayerNetwork net = new MultiLayerNetwork(layers(output()));
        net.init();
        net.fit(data());
        net.incrementEpochCount();
        net.fit(data());
        String conf = net.getLayerWiseConfigurations().toJson();

        MultiLayerNetwork fused = LossSwap.fuse(net);

        assertThat(net.getLayerWiseConfigurations().toJson()).isEqualTo(conf);
        assertThat(fused.getLayerWiseConfigurations().getConf(1).getLayer()).isEqualTo(FusedOutputLayer.of((OutputLayer)
                net.getLayerWiseConfigurations().getConf(1).getLayer()));
        assertThat(fused.getIterationCount()).isEqualTo(2);
        assertThat(fused.getEpochCount()).isEqualTo(1);
        for (int step = 0; step < 3; step++) {
            net.fit(data());
            fused.fit(data());
            assertThat(fused.score()).isEqualTo(net.score());
        }
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(net.params()));
    }

    @Test
    void sequencesHaveALayerOfTheirOwn() {
        MultiLayerConfiguration conf = settings()
                .list()
                .layer(new LSTM.Builder().nOut(4).dataFormat(RNNFormat.NWC).build())
                .layer(new RnnOutputLayer.Builder(LOSS).nOut(2).build())
                .setInputType(InputType.recurrent(3, 5, RNNFormat.NWC))
                .build();

        FusedRnnOutputLayer layer =
                (FusedRnnOutputLayer) LossSwap.fuse(conf).getConf(1).getLayer();

        assertThat(layer.getRnnDataFormat()).isEqualTo(RNNFormat.NWC);
        assertThat(layer.getNIn()).isEqualTo(4);
        assertThat(LossSwap.check(LossSwap.fuse(conf))).isEmpty();
    }

    @Test
    void eachOutputOfAGraphIsFusedThatCanBe() {
        ComputationGraphConfiguration conf = graph(output(), new LossLayer.Builder(new MSELoss()).build());
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {data().getFeatures()},
                new INDArray[] {data().getLabels(), Nd4j.ones(DataType.DOUBLE, 3, 4)});
        graph.fit(data);

        ComputationGraph fused = LossSwap.fuse(graph);
        graph.fit(data);
        fused.fit(data);

        assertThat(fused.getLayer("first").conf().getLayer()).isInstanceOf(FusedOutputLayer.class);
        assertThat(fused.getLayer("second").conf().getLayer()).isInstanceOf(LossLayer.class);
        assertThat(fused.score()).isEqualTo(graph.score());
        assertThat(Layout.bytes(fused.params())).isEqualTo(Layout.bytes(graph.params()));
    }

    private static ComputationGraphConfiguration graph(Layer first, Layer second) {
        return settings()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder()
                                .nIn(3)
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        "in")
                .addLayer("first", first, "dense")
                .addLayer("second", second, "dense")
                .setOutputs("first", "second")
                .build();
    }

    @Test
    void aSecondCallChangesNothing() {
        FusedOutputLayer chunked =
                new FusedOutputLayer.Builder(LOSS).nIn(4).nOut(2).chunk(9).build();
        MultiLayerConfiguration conf = layers(chunked);

        assertThat(LossSwap.fuse(conf)).isEqualTo(conf);
        assertThat(LossSwap.fuse(LossSwap.fuse(layers(output())))).isEqualTo(LossSwap.fuse(layers(output())));
    }

    @Test
    void aSwapFuseAndSwapAgainAreTheUsualOnes() {
        MultiLayerConfiguration builtIn =
                layers(new OutputLayer.Builder(new LossMCXENT()).nIn(4).nOut(2).build());
        MultiLayerConfiguration fused =
                LossSwap.fuse(LossSwap.swapAll(builtIn, Scale.DL4J).get());
        FusedOutputLayer layer = (FusedOutputLayer)
                LossSwap.swap(fused, new MSELoss()).getConf(1).getLayer();

        assertThat(layer.getLossFn()).isEqualTo(new MSELoss());
        assertThatThrownBy(() -> LossSwap.swap(fused, new LossMCXENT()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes a loss of this library, got LossMCXENT");
    }

    @Test
    void aLayerUnderAWrapperIsFused() {
        MultiLayerConfiguration fused = LossSwap.fuse(layers(new FrozenLayerWithBackprop(output())));

        assertThat(((FrozenLayerWithBackprop) fused.getConf(1).getLayer()).getUnderlying())
                .isInstanceOf(FusedOutputLayer.class);
    }

    @Test
    void aNetworkThatIsNotInitializedIsReturnedSo() {
        assertThat(LossSwap.fuse(new MultiLayerNetwork(layers(output()))).isInitCalled())
                .isFalse();
    }

    @Test
    void aLossOfDl4jIsRefusedWithAdvice() {
        MultiLayerConfiguration conf =
                layers(new OutputLayer.Builder(new LossMCXENT()).nIn(4).nOut(2).build());

        assertThatThrownBy(() -> LossSwap.fuse(conf))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "layer 1 'layer1' (OutputLayer) cannot be fused: its loss must be one of this library, but is"
                                + " LossMCXENT; LossSwap.swapAll puts its counterpart in");
    }

    @Test
    void aNetworkWithoutSuchALayerIsRefused() {
        assertThatThrownBy(() -> LossSwap.fuse(layers(new LossLayer.Builder(LOSS)
                        .activation(Activation.SOFTMAX)
                        .build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no output can be fused: layer 1 'layer1' (LossLayer) is neither an OutputLayer nor an"
                        + " RnnOutputLayer");
        assertThatThrownBy(() -> LossSwap.fuse(layers(new FrozenLayer(output()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is frozen, and has no gradient");
        assertThatThrownBy(() -> LossSwap.fuse("network"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got java.lang.String");
        assertThatThrownBy(() -> LossSwap.fuse(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("networkOrConfiguration");
    }
}
