/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jlosses.MSELoss;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Listeners that change gradients before the updater sees them. */
class GradientListenersTest {

    /** An embedding of 5 rows, two layers of the same shape, and the embedding's transpose. */
    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(TorchAdam.builder().lr(.1).build())
                .activation(Activation.TANH)
                .list()
                .layer(new EmbeddingLayer.Builder().nIn(5).nOut(3).build())
                .layer(new DenseLayer.Builder().nIn(3).nOut(3).build())
                .layer(new DenseLayer.Builder().nIn(3).nOut(3).build())
                .layer(new OutputLayer.Builder(new MSELoss())
                        .nIn(3)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static void train(MultiLayerNetwork network, TrainingListener... listeners) {
        network.setListeners(listeners);
        INDArray x = Nd4j.createFromArray(0., 1, 2, 2, 4, 0).reshape(6, 1);
        INDArray y = Nd4j.rand(DataType.DOUBLE, 6, 5);
        for (int i = 0; i < 5; i++) {
            network.fit(new DataSet(x, y));
        }
    }

    @Test
    void theRowOfThePaddingStaysAndTheOthersMove() {
        MultiLayerNetwork network = network();
        INDArray before = network.getParam("0_W").dup();

        train(network, new TorchPaddingListener(Map.of("0", 2L)));

        INDArray moved = network.getParam("0_W").sub(before).norm2(1);
        assertThat(moved.toDoubleVector()).satisfies(rows -> {
            assertThat(rows[2]).isZero();
            assertThat(rows[0]).isPositive();
            assertThat(rows[4]).isPositive();
        });
    }

    @Test
    void tiedParametersStayEqualAndMoveByTheSum() {
        MultiLayerNetwork network = network();
        network.setParam("2_W", network.getParam("1_W"));
        network.setParam("2_b", network.getParam("1_b"));
        network.setParam("3_W", network.getParam("0_W").transpose());
        INDArray before = network.getParam("1_W").dup();

        train(
                network,
                new TiedWeightsListener().tie("1_W", "2_W").tie("1_b", "2_b").tieTransposed("0_W", "3_W"));

        assertThat(network.getParam("2_W")).isEqualTo(network.getParam("1_W")).isNotEqualTo(before);
        assertThat(network.getParam("2_b")).isEqualTo(network.getParam("1_b"));
        assertThat(network.getParam("3_W")).isEqualTo(network.getParam("0_W").transpose());
    }

    @Test
    void withoutTheListenerTheyPart() {
        MultiLayerNetwork network = network();
        network.setParam("2_W", network.getParam("1_W"));

        train(network);

        assertThat(network.getParam("2_W")).isNotEqualTo(network.getParam("1_W"));
    }

    @Test
    void aWrongNameTellsTheNamesThereAre() {
        assertThatIllegalStateException()
                .isThrownBy(() -> train(network(), new TorchPaddingListener(Map.of("embedding", 0L))))
                .withMessageContainingAll("'embedding'", "0_W");
        assertThatIllegalStateException()
                .isThrownBy(() -> train(network(), new TiedWeightsListener().tie("1_W", "left_W")))
                .withMessageContainingAll("'left_W'", "1_W");
        assertThatIllegalStateException()
                .isThrownBy(() -> train(network(), new TiedWeightsListener().tie("0_W", "1_W")))
                .withMessageContaining("different shapes");
    }

    @Test
    void argumentsAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TorchPaddingListener(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TorchPaddingListener(Map.of("e", -1L)))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> new TiedWeightsListener().tie("a_W", "a_W"));
        assertThatIllegalArgumentException().isThrownBy(() -> new TiedWeightsListener().tie("a_W", null));
    }

    @Test
    void twoBiasesTakeTheUpdaterOfTheSettings() {
        NeuralNetConfiguration.Builder torch =
                TorchSGD.builder().lr(.1).build().configure(new NeuralNetConfiguration.Builder());
        NeuralNetConfiguration.Builder other = new NeuralNetConfiguration.Builder().updater(new Sgd(.1));

        LSTM doubled =
                TwoBiases.configure(torch, new LSTM.Builder().nIn(2).nOut(3)).build();
        LSTM plain =
                TwoBiases.configure(other, new LSTM.Builder().nIn(2).nOut(3)).build();

        assertThat(((TorchSGD) doubled.getBiasUpdater()).getLr()).isEqualTo(.2);
        assertThat(plain.getBiasUpdater()).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> TwoBiases.configure(null, new LSTM.Builder()));
    }
}
