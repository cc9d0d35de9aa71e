/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The network as a user of DL4J writes and fits it. */
final class Dl4jDigitsTraining implements Training {
    private final MultiLayerNetwork network;
    private final Function<DigitsBatch, INDArray> labels;
    private Parameters gradient;

    /** Networks of one dtype start from the same weights. */
    Dl4jDigitsTraining(ILossFunction loss, Function<DigitsBatch, INDArray> labels, DataType type) {
        this.network = new MultiLayerNetwork(configuration(loss, type));
        this.labels = labels;
        network.init();
        network.addListeners(new GradientListener());
    }

    private static MultiLayerConfiguration configuration(ILossFunction loss, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .updater(new Sgd(DigitsTask.LEARNING_RATE))
                .miniBatch(true)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(HandwrittenDigits.PIXELS)
                        .nOut(DigitsTask.HIDDEN)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(DigitsTask.HIDDEN)
                        .nOut(HandwrittenDigits.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    @Override
    public Step step(DigitsBatch batch) {
        network.fit(batch.pixels(), labels.apply(batch));
        return new Step(network.score(), gradient);
    }

    @Override
    public Parameters parameters() {
        return torchLayout(network.paramTable(), 1);
    }

    @Override
    public double accuracy(DigitsBatch batch) {
        return batch.accuracy(network.output(batch.pixels()));
    }

    /** Copies; DL4J keeps weights as [in, out] and biases as [1, out]. */
    private static Parameters torchLayout(Map<String, INDArray> table, double divisor) {
        return new Parameters(List.of(
                copy(table.get("0_W").transpose(), divisor),
                copy(table.get("0_b").reshape(DigitsTask.HIDDEN), divisor),
                copy(table.get("1_W").transpose(), divisor),
                copy(table.get("1_b").reshape(HandwrittenDigits.CLASSES), divisor)));
    }

    /** Detached: what a listener allocates lies in a workspace that the next step reuses. */
    private static INDArray copy(INDArray array, double divisor) {
        return array.div(divisor).detach();
    }

    /** Keeps the gradient of {@code fit}, which the updater overwrites with the step. */
    private final class GradientListener extends BaseTrainingListener {
        @Override
        public void onGradientCalculation(Model model) {
            // with miniBatch(true) the updater divides by the batch size later
            gradient = torchLayout(model.gradient().gradientForVariable(), model.batchSize());
        }
    }
}
