/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static io.github.dl4jlosses.swap.LossSwapTest.NEW;
import static io.github.dl4jlosses.swap.LossSwapTest.OLD;
import static io.github.dl4jlosses.swap.LossSwapTest.layers;
import static io.github.dl4jlosses.swap.LossSwapTest.lossOf;
import static io.github.dl4jlosses.swap.LossSwapTest.output;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchSGD;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Swaps in trained networks. */
class LossSwapNetworkTest {
    private static MultiLayerNetwork trained(ILossFunction loss) {
        MultiLayerNetwork net = new MultiLayerNetwork(layers(output(loss)));
        net.init();
        net.fit(data());
        net.incrementEpochCount();
        net.fit(data());
        return net;
    }

    private static void assertGoOnAlike(MultiLayerNetwork net, MultiLayerNetwork other) {
        net.fit(data());
        other.fit(data());
        assertThat(Layout.bytes(other.params())).isEqualTo(Layout.bytes(net.params()));
        assertThat(other.score()).isEqualTo(net.score());
    }

    private static DataSet data() {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 0, -1}, {0, 2, 1}, {1, 1, 0}}),
                Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {0, 1}}));
    }

    @Test
    void aNetworkStaysAsItIs() {
        MultiLayerNetwork net = trained(OLD);
        String conf = net.getLayerWiseConfigurations().toJson();
        byte[] params = Layout.bytes(net.params());
        byte[] state = Layout.bytes(net.getUpdater().getStateViewArray());

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);
        swapped.fit(data());
        swapped.setLearningRate(0.5);

        assertThat(net.getLayerWiseConfigurations().toJson()).isEqualTo(conf);
        assertThat(Layout.bytes(net.params())).isEqualTo(params);
        assertThat(Layout.bytes(net.getUpdater().getStateViewArray())).isEqualTo(state);
    }

    @Test
    void aNetworkKeepsParametersUpdaterStateAndCounts() {
        MultiLayerNetwork net = trained(OLD);

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);

        assertThat(Layout.bytes(swapped.params())).isEqualTo(Layout.bytes(net.params()));
        assertThat(Layout.bytes(swapped.getUpdater().getStateViewArray()))
                .isEqualTo(Layout.bytes(net.getUpdater().getStateViewArray()));
        assertThat(swapped.getIterationCount()).isEqualTo(2);
        assertThat(swapped.getEpochCount()).isEqualTo(1);
        assertThat(swapped.params().dataType()).isEqualTo(DataType.DOUBLE);
        assertThat(lossOf(swapped.getLayerWiseConfigurations())).isEqualTo(NEW);
    }

    /** Parameters, moments, both counts and the schedule enter the step, so this would show the loss of any of them. */
    @Test
    void aLossSwappedForItselfChangesNoBitOfTheTraining() {
        MultiLayerNetwork net = trained(NEW);
        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);

        for (int step = 0; step < 3; step++) {
            assertGoOnAlike(net, swapped);
        }
    }

    @Test
    void aNetworkThatHasNotBeenTrainedHasNoStateToKeep() {
        MultiLayerNetwork net = new MultiLayerNetwork(layers(output(NEW)));
        net.init();
        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);

        assertGoOnAlike(net, swapped);
    }

    @Test
    void aNetworkThatIsNotInitializedIsReturnedSo() {
        MultiLayerNetwork net = new MultiLayerNetwork(layers(output(OLD)));

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);

        assertThat(swapped.isInitCalled()).isFalse();
        assertThat(net.isInitCalled()).isFalse();
    }

    @Test
    void aNetworkWithoutParametersCanBeSwapped() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list(new LossLayer.Builder(OLD).activation(Activation.SOFTMAX).build())
                .build());
        net.init();

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);

        assertThat(swapped.isInitCalled()).isTrue();
        assertThat(swapped.getUpdater(false)).isNull();
    }

    @Test
    void listenersStayWithTheirNetwork() {
        MultiLayerNetwork net = trained(OLD);
        net.setListeners(new CollectScoresIterationListener());

        assertThat(LossSwap.swap(net, NEW).getListeners()).isEmpty();
        assertThat(net.getListeners()).hasSize(1);
    }

    @Test
    void aFrozenLayerStaysFrozen() {
        MultiLayerNetwork net = new TransferLearning.Builder(trained(OLD))
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(0.1))
                        .build())
                .setFeatureExtractor(0)
                .build();
        net.fit(data());

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);
        swapped.fit(data());

        assertThat(swapped.getLayerWiseConfigurations().getConf(0).getLayer()).isInstanceOf(FrozenLayer.class);
        assertThat(swapped.getParam("0_W")).isEqualTo(net.getParam("0_W"));
        assertThat(swapped.getParam("1_W")).isNotEqualTo(net.getParam("1_W"));
    }

    /** TransferLearningHelper freezes so: the configuration does not know of it. */
    @Test
    void aLayerThatIsFrozenInTheNetworkAloneStaysFrozen() {
        for (UnaryOperator<org.deeplearning4j.nn.api.Layer> freezing :
                List.<UnaryOperator<org.deeplearning4j.nn.api.Layer>>of(
                        org.deeplearning4j.nn.layers.FrozenLayer::new,
                        org.deeplearning4j.nn.layers.FrozenLayerWithBackprop::new)) {
            MultiLayerNetwork net = new MultiLayerNetwork(layers(output(OLD)));
            net.init();
            org.deeplearning4j.nn.api.Layer[] layers = net.getLayers();
            layers[0] = freezing.apply(layers[0]);
            net.setLayers(layers);

            MultiLayerNetwork swapped = LossSwap.swap(net, NEW);
            swapped.fit(data());

            assertThat(swapped.getLayers()[0]).isInstanceOf(layers[0].getClass());
            assertThat(swapped.getParam("0_W")).isEqualTo(net.getParam("0_W"));
            assertThat(swapped.getParam("1_W")).isNotEqualTo(net.getParam("1_W"));
        }
    }

    /** Above a layer to freeze. Where each layer has an updater of its own, it has a block of the state of its own too. */
    static Stream<MultiLayerConfiguration> layersAboveAFrozenOne() {
        Stream<IUpdater> updaters = Stream.of(
                new Adam(0.1),
                TorchAdam.builder().lr(.1).build(),
                TorchSGD.builder().lr(.1).momentum(.9).build(),
                TorchSGD.builder().lr(.1).momentum(.9).dampening(.5).build());
        return Stream.concat(
                updaters.map(updater -> updatedBy(updater, dense(3, 1, updater), output(NEW, 1))),
                Stream.of(updatedBy(
                        new Adam(0.1),
                        dense(3, 1, new Adam(0.1)),
                        dense(1, 4, new Adam(0.2)),
                        dense(4, 2, new Adam(0.05)),
                        output(NEW, 2))));
    }

    private static MultiLayerConfiguration updatedBy(IUpdater updater, Layer... layers) {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .list(layers)
                .build();
    }

    private static Layer dense(int inputs, int outputs, IUpdater updater) {
        return new DenseLayer.Builder()
                .nIn(inputs)
                .nOut(outputs)
                .updater(updater)
                .build();
    }

    /** DL4J itself moves such a layer, by the last gradient that it had; its state must not be taken for another's. */
    @ParameterizedTest
    @MethodSource("layersAboveAFrozenOne")
    void aLayerThatIsFrozenAfterItWasTrainedStaysAndTheOthersGoOnAsTheyStood(MultiLayerConfiguration conf) {
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        net.fit(data());
        net.fit(data());
        new TransferLearningHelper(net, 0);
        INDArray frozen = net.getParam("0_W").dup();

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);
        net.fit(data());
        swapped.fit(data());

        assertThat(swapped.getParam("0_W")).isEqualTo(frozen);
        net.paramTable().forEach((name, parameter) -> {
            if (!name.startsWith("0_")) {
                assertThat(swapped.getParam(name)).as(name).isEqualTo(parameter);
            }
        });
        assertThat(swapped.score()).isEqualTo(net.score());
    }

    @Test
    void aNetworkThatWasFrozenBeforeItWasTrainedGoesOnAsItStood() {
        MultiLayerNetwork net = new MultiLayerNetwork(layers(output(NEW)));
        net.init();
        new TransferLearningHelper(net, 0);
        net.fit(data());

        MultiLayerNetwork swapped = LossSwap.swap(net, NEW);
        assertGoOnAlike(net, swapped);
    }

    @Test
    void aSavedModelIsSwappedInOneLineAndSavedInOneMore() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(trained(OLD), file, true);
        MultiLayerNetwork restored = restore(file);
        ByteArrayOutputStream newFile = new ByteArrayOutputStream();

        MultiLayerNetwork swapped = LossSwap.swap(restored, NEW);
        ModelSerializer.writeModel(swapped, newFile, true);

        MultiLayerNetwork read = restore(newFile);
        assertThat(read.getLayerWiseConfigurations()).isEqualTo(swapped.getLayerWiseConfigurations());
        assertThat(lossOf(read.getLayerWiseConfigurations())).isEqualTo(NEW);
        assertThat(read.getIterationCount()).isEqualTo(2);
        assertGoOnAlike(swapped, read);
    }

    private static MultiLayerNetwork restore(ByteArrayOutputStream file) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
    }
}
