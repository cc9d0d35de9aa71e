/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static io.github.dl4jlosses.CheckedNetworks.IDENTITY;
import static io.github.dl4jlosses.CheckedNetworks.RELU;
import static io.github.dl4jlosses.CheckedNetworks.SOFTMAX;
import static io.github.dl4jlosses.CheckedNetworks.STEPS;
import static io.github.dl4jlosses.CheckedNetworks.check;
import static io.github.dl4jlosses.CheckedNetworks.dense;
import static io.github.dl4jlosses.CheckedNetworks.images;
import static io.github.dl4jlosses.CheckedNetworks.layers;
import static io.github.dl4jlosses.CheckedNetworks.loss;
import static io.github.dl4jlosses.CheckedNetworks.network;
import static io.github.dl4jlosses.CheckedNetworks.output;
import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Reports of scales that disagree, and of data formats. */
class LossSwapScaleCheckTest {
    @Test
    void aMiniBatchThatDisagreesIsReported() {
        Layer output = output(CrossEntropyLoss.builder().miniBatch(false).build(), SOFTMAX);

        assertThat(check(dense(RELU, 4), output))
                .containsExactly("layer 1 'layer1' (OutputLayer): the loss has miniBatch(false), the network"
                        + " miniBatch(true), so the step is one N-th of what both alike give for N examples; set"
                        + " miniBatch(true) in the loss, as LossSwap.swap does");
        assertThat(LossSwap.check(new NeuralNetConfiguration.Builder()
                        .miniBatch(false)
                        .list(output(new CrossEntropyLoss(), SOFTMAX))
                        .build()))
                .singleElement()
                .asString()
                .contains("the loss has miniBatch(true), the network miniBatch(false)", "N times");
    }

    @Test
    void aSwapLeavesNoMiniBatchToReport() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .miniBatch(false)
                .list(output(new LossMCXENT(), SOFTMAX))
                .build();

        assertThat(LossSwap.check(LossSwap.swap(conf, new CrossEntropyLoss()))).isEmpty();
    }

    @Test
    void layersWhoseMiniBatchDisagreesAreReported() {
        MultiLayerConfiguration conf = layers(dense(RELU, 4), output(new CrossEntropyLoss(), SOFTMAX));
        conf.getConf(1).setMiniBatch(false);

        assertThat(LossSwap.check(conf))
                .containsExactly("layer 1 'layer1' (OutputLayer): the layer has miniBatch(false), the network"
                        + " miniBatch(true), so its score and its step are scaled apart; set both alike");
    }

    @Test
    void positionsInALayerWithoutPositionsAreReported() {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();

        assertThat(check(output(loss, SOFTMAX)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): the loss has positionsPerExample(5), but an example has"
                                + " one position in this layer; leave it out");
        assertThat(check(dense(IDENTITY), loss(loss, SOFTMAX))).hasSize(1);
    }

    @Test
    void positionsThatPlayNoPartAreNotReported() {
        KLDivLoss loss = KLDivLoss.builder()
                .reduction(Reduction.BATCHMEAN)
                .positionsPerExample(STEPS)
                .build();

        assertThat(check(output(loss, SOFTMAX))).isEmpty();
    }

    @Test
    void morePositionsThanASegmentHasAreReported() {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        MultiLayerConfiguration conf = network(
                        new LSTM.Builder().nIn(4).nOut(4).build(),
                        new RnnOutputLayer.Builder(loss).nIn(4).nOut(3).build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(2)
                .build();

        assertThat(LossSwap.check(conf))
                .containsExactly("layer 1 'layer1' (RnnOutputLayer): the loss has positionsPerExample(5), but truncated"
                        + " back-propagation hands over 2 time steps at most; set 2, or miniBatch(false) in network and"
                        + " loss");
    }

    @Test
    void positionsThatAreNotThoseOfTheImageAreReported() {
        assertThat(LossSwap.check(images(36, IDENTITY)))
                .containsExactly(
                        "layer 1 'layer1' (CnnLossLayer): the loss has positionsPerExample(36), but an image has"
                                + " 25 pixels here; set 25");
    }

    @Test
    void anOutputLayerAboveImagesHasOnePositionToo() {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        Layer images = new ConvolutionLayer.Builder(2, 2).nOut(3).build();
        MultiLayerConfiguration conf = network(
                        images, new OutputLayer.Builder(loss).nOut(3).build())
                .setInputType(InputType.convolutional(STEPS, STEPS, 1))
                .build();

        assertThat(LossSwap.check(conf)).singleElement().asString().contains("one position");
    }

    @Test
    void aMissingDataFormatIsReportedWhateverTheLoss() {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(new LossMCXENT())
                                .nIn(4)
                                .nOut(3)
                                .build(),
                        "in")
                .setOutputs("out")
                .build();

        assertThat(LossSwap.check(conf))
                .containsExactly("output 'out' (RnnOutputLayer): it has no data format, and without one DL4J 1.0.0-M2.1"
                        + " compares the wrong dimensions of input and labels; set dataFormat(RNNFormat.NCW), or NWC, or"
                        + " the network's input type");
    }

    @Test
    void formatsThatTheFrameworkCannotTrainAreReported() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        Layer sequences = new RnnLossLayer.Builder(loss)
                .activation(SOFTMAX)
                .dataFormat(RNNFormat.NWC)
                .build();
        Layer images = new CnnLossLayer.Builder(loss)
                .activation(SOFTMAX)
                .format(CNN2DFormat.NHWC)
                .build();

        assertThat(check(sequences)).singleElement().asString().contains("NWC; use NCW");
        assertThat(check(images)).singleElement().asString().contains("NHWC; use NCHW");
    }
}
