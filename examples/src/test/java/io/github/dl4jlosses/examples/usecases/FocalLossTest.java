/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.Targets;
import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The loss of the example, beyond what the example compares. */
class FocalLossTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 5})
    void equalsTorchForOtherExponents(double gamma) {
        Parity.of(new FocalLoss(gamma))
                .targets(Targets.zeroOrOne())
                .against("(torch.binary_cross_entropy_with_logits(z, t, None, None, 0)"
                        + " * torch.sigmoid(z * (1 - 2 * t)) ** " + gamma + ").mean()")
                .check();
    }

    @Test
    void leavesMaskedRowsOut() {
        Parity.of(new FocalLoss(2))
                .targets(Targets.zeroOrOne())
                .masked()
                .against("(torch.binary_cross_entropy_with_logits(z, t, None, None, 0)"
                        + " * torch.sigmoid(z * (1 - 2 * t)) ** 2 * m).mean()")
                .check();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 3})
    void aSavedNetworkKeepsGamma(double gamma, @TempDir File folder) throws IOException {
        OutputLayer layer = new OutputLayer.Builder(new FocalLoss(gamma))
                .activation(Activation.SIGMOID)
                .nIn(2)
                .nOut(3)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(
                new NeuralNetConfiguration.Builder().seed(1).list(layer).build());
        network.init();
        DataSet data = new DataSet(Nd4j.ones(1, 2), Nd4j.createFromArray(new float[][] {{1, 0, 1}}));
        File file = new File(folder, "network.zip");
        network.save(file);

        MultiLayerNetwork loaded = MultiLayerNetwork.load(file, true);

        assertThat(loaded.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
        assertThat(loaded.getOutputLayer().conf().getLayer())
                .isInstanceOfSatisfying(
                        OutputLayer.class, read -> assertThat(read.getLossFn()).isEqualTo(new FocalLoss(gamma)));
        assertThat(loaded.score(data)).isEqualTo(network.score(data)).isPositive();
    }

    @Test
    void lossesOfOtherGammaAreOthers() {
        assertThat(new FocalLoss(2)).isNotEqualTo(new FocalLoss(1)).hasSameHashCodeAs(new FocalLoss(2));
    }
}
