/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.Variance;
import io.github.dl4jlosses.layer.CTCOutputLayer;
import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.junit.jupiter.api.Test;

/** Reports of layers that do not take the labels of their loss. */
class LossSwapLabelCheckTest extends CheckedNetworks {
    private static final GaussianNLLLoss GAUSSIAN =
            GaussianNLLLoss.builder().variance(Variance.EXP).build();
    private static final CTCLoss WITH_STEPS =
            CTCLoss.builder().positionsPerExample(STEPS).build();

    @Test
    void anOddNumberOfMeansAndVariancesIsReported() {
        assertThat(check(output(GAUSSIAN, IDENTITY, 3)))
                .containsExactly("layer 0 'layer0' (OutputLayer): GaussianNLLLoss needs 2 outputs for each label, but"
                        + " there are 3 outputs, so every call throws; set a multiple of 2");
        assertOneFinding(check(dense(IDENTITY, 1), loss(GAUSSIAN, IDENTITY)), "there is 1 output,");
        assertThat(check(output(GAUSSIAN, IDENTITY, 4))).isEmpty();
    }

    @Test
    void layersThatRefuseLabelsOfHalfTheirWidthAreReported() {
        Layer images = new ConvolutionLayer.Builder(1, 1)
                .activation(IDENTITY)
                .nIn(4)
                .nOut(4)
                .build();
        Layer center = new CenterLossOutputLayer.Builder(GAUSSIAN)
                .activation(IDENTITY)
                .nIn(4)
                .nOut(4)
                .build();

        assertOneFinding(
                check(
                        images,
                        new CnnLossLayer.Builder(GAUSSIAN).activation(IDENTITY).build()),
                "(CnnLossLayer)",
                "refuses labels of another width than the output");
        assertOneFinding(check(center), "(CenterLossOutputLayer)", "refuses labels of another width");
    }

    @Test
    void sequencesOfUnknownLengthAreReported() {
        assertThat(check(sequences(new CTCLoss())))
                .containsExactly(
                        "layer 0 'layer0' (RnnOutputLayer): the loss has no positionsPerExample, and without the"
                                + " number of steps fit throws; use CTCOutputLayer, or set positionsPerExample");
        assertThat(check(sequences(WITH_STEPS))).isEmpty();
        assertThat(check(
                        sequencesBelow(),
                        new RnnLossLayer.Builder(WITH_STEPS).activation(SOFTMAX).build()))
                .isEmpty();
        assertThat(check(aligned())).isEmpty();
    }

    @Test
    void aLayerThatTakesNoLabelOfASequenceIsReported() {
        assertThat(check(output(WITH_STEPS, SOFTMAX)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): CTCLoss has one label for a sequence, which this layer"
                                + " does not hand over; use CTCOutputLayer");
        assertOneFinding(check(centerLoss(new CTCLoss())), "use CTCOutputLayer");
    }

    @Test
    void labelsOfSequencesThatAreCutAreReported() {
        for (Layer output : List.of(aligned(), sequences(WITH_STEPS))) {
            Layer below = new LSTM.Builder().nIn(4).nOut(4).build();
            ComputationGraphConfiguration graph = new NeuralNetConfiguration.Builder()
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("lstm", below, "in")
                    .addLayer("out", output, "lstm")
                    .setOutputs("out")
                    .backpropType(BackpropType.TruncatedBPTT)
                    .tBPTTLength(2)
                    .build();

            assertOneFinding(
                    LossSwap.check(network(below, output)
                            .backpropType(BackpropType.TruncatedBPTT)
                            .tBPTTLength(2)
                            .build()),
                    "in truncated back-propagation DL4J 1.0.0-M2.1 trains nothing",
                    "use BackpropType.Standard");
            assertOneFinding(LossSwap.check(graph), "use BackpropType.Standard");
            assertThat(check(below, output)).isEmpty();
        }
    }

    private static Layer aligned() {
        return new CTCOutputLayer.Builder().nIn(4).nOut(3).build();
    }
}
