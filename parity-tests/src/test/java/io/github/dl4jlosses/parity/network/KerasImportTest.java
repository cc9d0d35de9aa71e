/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasLossUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A Keras model whose training names a loss of this library. DL4J's importer makes a layer without weights of it, with an
 * identity, above the last layer of Keras with its own activation: the loss gets what that activation gives.
 */
class KerasImportTest {
    private static final Random RANDOM = PrintedSeed.randomFor(KerasImportTest.class);
    private static final double RATE = 0.5;

    @AfterEach
    void forgetTheLosses() {
        KerasLossUtils.clearCustomLoss();
    }

    /** Keras' {@code from_logits=True} is a linear last layer; without it the loss is given probabilities. */
    static Stream<Arguments> fitting() {
        return Stream.of(
                Arguments.of(
                        CrossEntropyLoss.builder()
                                .weight(.75, 3.5, 1.0625)
                                .labelSmoothing(.1)
                                .build(),
                        "linear",
                        SpecHead.IDENTITY),
                Arguments.of(BCEWithLogitsLoss.builder().posWeight(3, .5, 1).build(), "linear", SpecHead.IDENTITY),
                Arguments.of(BCELoss.builder().weight(1, 2, .5).build(), "sigmoid", SpecHead.SIGMOID));
    }

    @ParameterizedTest(name = "{0} above {1}")
    @MethodSource("fitting")
    void aLossThatFitsTheLastLayerTakesTorchsStep(TorchLoss loss, String activation, SpecHead head) throws Exception {
        MultiLayerConfiguration conf = imported(loss, activation);

        LossLayer layer = (LossLayer) conf.getConf(2).getLayer();
        assertThat(layer.getLossFn()).isEqualTo(loss);
        assertThat(layer.getActivationFn()).isEqualTo(new ActivationIdentity());
        assertThat(LossSwap.check(conf)).isEmpty();
        assertStep(conf, new TwoLayers(loss, head));
    }

    /** The trap: a softmax in Keras and a loss that applies its own. The check says so, and its advice mends it. */
    @Test
    void aSoftmaxOfKerasIsReportedAndMovesIntoTheLossLayer() throws Exception {
        // GIVEN
        TorchLoss loss = CrossEntropyLoss.builder().weight(.75, 3.5, 1.0625).build();
        MultiLayerConfiguration conf = imported(loss, "softmax");
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, 6);

        // THEN as it comes, it is the loss of the probabilities
        assertThat(LossSwap.check(conf))
                .singleElement()
                .asString()
                .contains("activation softmax of the DenseLayer below is applied before CrossEntropyLoss");
        MultiLayerNetwork twice = network(conf.clone());
        assertThat(twice.score(batch.dataSet()))
                .isCloseTo(ofProbabilities(twice, batch), within(StepComparison.FLOAT64_TOLERANCE));

        // WHEN
        ((DenseLayer) conf.getConf(1).getLayer()).setActivationFn(new ActivationIdentity());
        ((LossLayer) conf.getConf(2).getLayer()).setActivationFn(new ActivationSoftmax());

        // THEN it is torch's, and the output still shows probabilities
        assertThat(LossSwap.check(conf)).isEmpty();
        MultiLayerNetwork network = assertStep(conf, new TwoLayers(loss, SpecHead.SOFTMAX));
        assertThat(network.output(batch.features().toArray()).sumNumber().doubleValue())
                .isCloseTo(6, within(1e-12));
    }

    private static double ofProbabilities(MultiLayerNetwork network, TwoLayers.Batch batch) {
        return TorchFunction.of("""
                        weight = torch.tensor([0.75, 3.5, 1.0625], dtype=7)
                        torch.cross_entropy_loss(torch.softmax(z, 1), t, weight, 1, -100, 0.0)
                        """, "z", "t")
                .call(TwoLayers.logits(network, batch.features()), batch.target())
                .value()
                .item();
    }

    /** DL4J 1.0.0-M2.1 looks a loss up in lower case, and registers it as it is given. */
    @Test
    void aNameWithCapitalsIsNotFound() {
        KerasLossUtils.registerCustomLoss("TorchLoss", new CrossEntropyLoss());

        assertThatThrownBy(() -> model("linear", "TorchLoss"))
                .isInstanceOf(UnsupportedKerasConfigurationException.class)
                .hasMessageContaining("torchloss");
    }

    private static MultiLayerConfiguration imported(TorchLoss loss, String activation) throws Exception {
        KerasLossUtils.registerCustomLoss("torch_loss", loss);
        return model(activation, "torch_loss").getMultiLayerConfiguration();
    }

    /** What Keras writes into a saved model, but for the weights. */
    private static KerasSequentialModel model(String activation, String loss) throws Exception {
        String layers = String.join(
                ", ",
                dense("first", "\"batch_input_shape\": [null, " + TwoLayers.INPUTS + "], ", TwoLayers.HIDDEN, "tanh"),
                dense("second", "", TwoLayers.CLASSES, activation));
        String model = "{\"class_name\": \"Sequential\", \"keras_version\": \"2.4.0\", \"backend\": \"tensorflow\","
                + " \"config\": {\"name\": \"model\", \"layers\": [" + layers + "]}}";
        String training =
                "{\"loss\": \"" + loss + "\", \"metrics\": [], \"optimizer_config\": {\"class_name\": \"SGD\","
                        + " \"config\": {\"learning_rate\": " + RATE
                        + ", \"decay\": 0.0, \"momentum\": 0.0, \"nesterov\": false}}}";
        return new KerasSequentialModel(model, null, null, null, training, null, true, null);
    }

    private static String dense(String name, String shape, int units, String activation) {
        return "{\"class_name\": \"Dense\", \"config\": {\"name\": \"" + name + "\", " + shape
                + "\"trainable\": true, \"dtype\": \"float32\", \"units\": " + units + ", \"activation\": \""
                + activation
                + "\", \"use_bias\": true, \"kernel_initializer\": {\"class_name\": \"GlorotUniform\", \"config\": {}},"
                + " \"bias_initializer\": {\"class_name\": \"Zeros\", \"config\": {}}, \"kernel_regularizer\": null,"
                + " \"bias_regularizer\": null, \"activity_regularizer\": null, \"kernel_constraint\": null,"
                + " \"bias_constraint\": null}}";
    }

    private static MultiLayerNetwork network(MultiLayerConfiguration conf) {
        return NetworkKind.network(conf).convertDataType(DataType.DOUBLE);
    }

    private static MultiLayerNetwork assertStep(MultiLayerConfiguration conf, TwoLayers layers) {
        TwoLayers.Batch batch = layers.batch(RANDOM, 6);
        MultiLayerNetwork network = network(conf);
        StartingPoint before = StartingPoint.of(network, TwoLayers.PARAMETERS);
        TwoLayers.TorchStepResult torch = layers.torch(before.parameters(), batch);

        network.fit(batch.dataSet());

        before.assertScoreAndStep(network, RATE, torch.value(), torch::gradient);
        return network;
    }
}
