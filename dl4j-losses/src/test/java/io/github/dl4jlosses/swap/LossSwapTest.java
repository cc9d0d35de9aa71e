/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Swaps in configurations, and what is refused. */
class LossSwapTest {
    static final ILossFunction OLD = new LossMCXENT();
    static final TorchLoss NEW = CrossEntropyLoss.builder()
            .weight(1, 2)
            .targetFormat(TargetFormat.ONE_HOT)
            .build();

    static MultiLayerConfiguration layers(Layer output) {
        return layers(output, true);
    }

    private static MultiLayerConfiguration layers(Layer output, boolean miniBatch) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .miniBatch(miniBatch)
                .dataType(DataType.DOUBLE)
                // the rate depends on the iteration and the epoch, so that a lost count shows
                .updater(new Adam(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.5)))
                .list(new DenseLayer.Builder().nIn(3).nOut(2).build(), output)
                .build();
    }

    static OutputLayer output(ILossFunction loss) {
        return output(loss, 2);
    }

    static OutputLayer output(ILossFunction loss, int inputs) {
        return new OutputLayer.Builder(loss).nIn(inputs).nOut(2).build();
    }

    static ILossFunction lossOf(MultiLayerConfiguration conf) {
        return LossPlace.last(conf).holder().orElseThrow().loss();
    }

    // ---- configurations ----

    static Stream<Layer> lossLayers() {
        return Stream.of(
                output(OLD),
                new RnnOutputLayer.Builder(OLD).nIn(2).nOut(2).build(),
                new CenterLossOutputLayer.Builder(OLD).nIn(2).nOut(2).build(),
                new LossLayer.Builder(OLD).build(),
                new RnnLossLayer.Builder(OLD).build(),
                new CnnLossLayer.Builder(OLD).build(),
                new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW)
                        .lossFunction(OLD)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("lossLayers")
    void everyKindOfLossLayerTakesAnotherLoss(Layer layer) {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .list(layer)
                .validateOutputLayerConfig(false)
                .build();

        MultiLayerConfiguration swapped = LossSwap.swap(conf, NEW);

        assertThat(lossOf(swapped)).isEqualTo(NEW);
        assertThat(lossOf(conf)).isEqualTo(OLD);
    }

    @Test
    void aConfigurationStaysAsItIs() {
        MultiLayerConfiguration conf = layers(output(OLD));
        String before = conf.toJson();

        MultiLayerConfiguration swapped = LossSwap.swap(conf, NEW);

        assertThat(conf.toJson()).isEqualTo(before);
        assertThat(swapped.toJson()).isNotEqualTo(before);
    }

    @Test
    void nothingButTheLossChanges() {
        MultiLayerConfiguration conf = layers(output(OLD));
        conf.setIterationCount(7);
        conf.setEpochCount(3);

        MultiLayerConfiguration back = LossSwap.swap(LossSwap.swap(conf, NEW), OLD);

        assertThat(back).isEqualTo(conf).isNotSameAs(conf);
        assertThat(back.toJson()).isEqualTo(conf.toJson());
    }

    /** A network changes the rate of its updaters in place. */
    @Test
    void aCopyHasUpdatersOfItsOwn() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .updater(new Sgd(0.1))
                .biasUpdater(new Sgd(0.2))
                .list(output(OLD))
                .build();
        String before = conf.toJson();

        BaseLayer copied = (BaseLayer) LossSwap.swap(conf, NEW).getConf(0).getLayer();

        assertThat(copied.getIUpdater()).isEqualTo(new Sgd(0.1));
        assertThat(copied.getBiasUpdater()).isEqualTo(new Sgd(0.2));
        ((Sgd) copied.getIUpdater()).setLearningRate(5);
        ((Sgd) copied.getBiasUpdater()).setLearningRate(6);
        assertThat(conf.toJson()).isEqualTo(before);
    }

    @Test
    void aLayerWithoutUpdatersIsCopiedSo() {
        MultiLayerConfiguration conf = layers(output(OLD));
        ((BaseLayer) conf.getConf(0).getLayer()).setIUpdater(null);

        BaseLayer copied = (BaseLayer) LossSwap.swap(conf, NEW).getConf(0).getLayer();

        assertThat(copied.getIUpdater()).isNull();
        assertThat(copied.getBiasUpdater()).isNull();
    }

    @Test
    void aSwappedConfigurationSurvivesJson() {
        MultiLayerConfiguration swapped = LossSwap.swap(layers(output(OLD)), NEW);

        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(swapped.toJson());

        assertThat(lossOf(read)).isEqualTo(NEW);
        assertThat(read).isEqualTo(swapped);
    }

    @Test
    void anyLossCanBeSwappedIn() {
        ILossFunction loss = new LossMSE();

        assertThat(lossOf(LossSwap.swap(layers(output(NEW)), loss))).isSameAs(loss);
    }

    // ---- what the loss is told ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTorchLossGetsTheMiniBatchOfTheConfiguration(boolean miniBatch) {
        for (boolean given : new boolean[] {true, false}) {
            TorchLoss loss = NLLLoss.builder().miniBatch(given).build();

            ILossFunction put = lossOf(LossSwap.swap(layers(output(OLD), miniBatch), loss));

            assertThat(put).isEqualTo(NLLLoss.builder().miniBatch(miniBatch).build());
            assertThat(loss.isMiniBatch()).isEqualTo(given);
        }
    }

    static Stream<TorchLoss> configured() {
        return LossSpecs.all().stream().flatMap(spec -> spec.forms().stream().map(form -> spec.inUse(form, 2)));
    }

    @ParameterizedTest
    @MethodSource("configured")
    void everyOtherOptionStaysAsGiven(TorchLoss withoutMiniBatch) {
        TorchLoss swapped = (TorchLoss) lossOf(LossSwap.swap(layers(output(OLD)), withoutMiniBatch));
        TorchLoss back = (TorchLoss) lossOf(LossSwap.swap(layers(output(OLD), false), swapped));

        assertThat(swapped).isNotEqualTo(withoutMiniBatch);
        assertThat(swapped.isMiniBatch()).isTrue();
        assertThat(back).isEqualTo(withoutMiniBatch);
    }

    // ---- errors ----

    static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void argumentsMustNotBeNull() {
        MultiLayerConfiguration conf = layers(output(OLD));
        refused(() -> LossSwap.swap((MultiLayerConfiguration) null, NEW), "conf must not be null");
        refused(() -> LossSwap.swap(conf, null), "loss must not be null");
        refused(() -> LossSwap.swap((MultiLayerNetwork) null, NEW), "net must not be null");
        refused(() -> LossSwap.swap(new MultiLayerNetwork(conf), null), "loss must not be null");
        refused(
                () -> LossSwap.torchEquivalent(null, Activation.SOFTMAX.getActivationFunction()),
                "builtIn must not be null");
        refused(() -> LossSwap.torchEquivalent(OLD, null), "activation must not be null");
        refused(() -> LossSwap.check((MultiLayerConfiguration) null), "conf must not be null");
        refused(() -> LossSwap.check((ComputationGraphConfiguration) null), "conf must not be null");
    }

    @Test
    void aNetworkThatDoesNotEndInALossLayerIsAnError() {
        MultiLayerConfiguration conf =
                layers(new DenseLayer.Builder().nIn(2).nOut(2).build());

        refused(
                () -> LossSwap.swap(conf, NEW),
                "layer 1 'layer1' (DenseLayer) is the only output of the network, and has no loss to swap");
    }

    @Test
    void aLayerWithALossOfItsOwnIsAnError() {
        MultiLayerConfiguration yolo = new NeuralNetConfiguration.Builder()
                .list(new Yolo2OutputLayer.Builder()
                        .boundingBoxPriors(Nd4j.ones(1, 2))
                        .build())
                .setInputType(InputType.convolutional(2, 2, 7))
                .build();
        MultiLayerConfiguration oneClass = layers(
                new OCNNOutputLayer.Builder().nIn(2).hiddenLayerSize(2).nu(0.1).build());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swap(yolo, NEW))
                .withMessageContaining("(Yolo2OutputLayer)")
                .withMessageContaining("no loss to swap");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swap(oneClass, NEW))
                .withMessageContaining("(OCNNOutputLayer)")
                .withMessageContaining("no loss to swap");
        assertThat(LossSwap.check(yolo)).isEmpty();
        assertThat(((BaseOutputLayer) oneClass.getConf(1).getLayer()).getLossFn())
                .isNotEqualTo(NEW);
    }
}
