/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Each loss of DL4J that has an equivalent: what a PyTorch user would write, and how the step changes. */
class LossSwapRatioTest {
    private static final double RATE = 0.5;
    private static final double[][] FEATURES = {{1, -1}, {0.5, 2}, {-1, 0.25}, {2, 1}};
    private static final long[] CLASSES = {0, 2, 2, 1};
    private static final double[][] SEVERAL = {{1, 0, 1}, {0, 0, 1}, {0, 0, 0}, {1, 1, 1}};
    private static final double[][] SHARES = {
        {0.5, 0.25, 0.25}, {0.125, 0.75, 0.125}, {0.25, 0.25, 0.5}, {0.5, 0.375, 0.125}
    };
    private static final String WEIGHT = "torch.tensor([0.5, 2.0, 4.0], dtype=7)";
    /** The weights of the classes, over the number of examples. */
    private static final double MEAN_WEIGHT = (0.5 + 4 + 4 + 2) / 4;

    /**
     * @param torch of logits z and target t
     * @param ratio DL4J's score and step in units of torch's, as the javadoc has it
     */
    private record Equivalent(
            ILossFunction builtIn,
            Activation activation,
            INDArray labels,
            TorchTensor target,
            String torch,
            double ratio) {
        @Override
        public String toString() {
            return builtIn.getClass().getSimpleName() + " as " + torch;
        }
    }

    static Stream<Equivalent> all() {
        INDArray weight = Nd4j.createFromArray(new double[][] {{0.5, 2, 4}});
        INDArray floatWeight = Nd4j.createFromArray(0.5f, 2f, 4f);
        INDArray oneHot = TwoLayers.oneHot(3, CLASSES).toArray();
        INDArray indices = Nd4j.createFromArray(CLASSES).reshape(4, 1);
        String mean = "torch.cross_entropy_loss(z, t, None, 1, -100, 0.0)";
        String weighted = "torch.cross_entropy_loss(z, t, " + WEIGHT + ", 1, -100, 0.0)";
        return Stream.of(
                classes(new LossMCXENT(), oneHot, mean, 1),
                classes(new LossMCXENT(weight), oneHot, weighted, MEAN_WEIGHT),
                classes(new LossMCXENT(floatWeight), oneHot, weighted, MEAN_WEIGHT),
                classes(new LossNegativeLogLikelihood(), oneHot, mean, 1),
                classes(new LossNegativeLogLikelihood(weight), oneHot, weighted, MEAN_WEIGHT),
                classes(new LossSparseMCXENT(), indices, mean, 1),
                classes(new LossSparseMCXENT(weight), indices, weighted, MEAN_WEIGHT),
                several(new LossBinaryXENT(), "None"),
                several(new LossBinaryXENT(weight), WEIGHT),
                new Equivalent(
                        new LossKLD(),
                        Activation.SOFTMAX,
                        Nd4j.createFromArray(SHARES),
                        TorchTensor.of(Nd4j.createFromArray(SHARES)),
                        "torch.div(torch.kl_div(torch.log_softmax(z, 1), t, 2), 4)",
                        1));
    }

    private static Equivalent classes(ILossFunction builtIn, INDArray labels, String torch, double ratio) {
        TorchTensor target = TorchTensor.of(TorchType.INT64, CLASSES, CLASSES.length);
        return new Equivalent(builtIn, Activation.SOFTMAX, labels, target, torch, ratio);
    }

    private static Equivalent several(ILossFunction builtIn, String weight) {
        INDArray labels = Nd4j.createFromArray(SEVERAL);
        String torch = "torch.binary_cross_entropy_with_logits(z, t, " + weight + ", None, 1)";
        return new Equivalent(builtIn, Activation.SIGMOID, labels, TorchTensor.of(labels), torch, 3);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void scoreAndStepAreTorchs(Equivalent equivalent) {
        MultiLayerNetwork trained = trained(equivalent);
        MultiLayerNetwork swapped = LossSwap.swap(trained, loss(equivalent));

        assertClose(fit(swapped, equivalent), torch(trained, equivalent));
        assertThat(LossSwap.check(swapped.getLayerWiseConfigurations())).isEmpty();
    }

    /** The table of torchEquivalent's javadoc. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void theStepChangesAsDocumented(Equivalent equivalent) {
        MultiLayerNetwork trained = trained(equivalent);
        Step torch = torch(trained, equivalent);

        assertClose(fit(trained, equivalent), torch.times(equivalent.ratio()));
    }

    private static void assertClose(Step ours, Step torch) {
        Offset<Double> tolerance = within(StepComparison.FLOAT64_TOLERANCE * Math.max(1, torch.largestTerm()));
        assertThat(ours.score()).isCloseTo(torch.score(), tolerance);
        BiConsumer<Double, Double> isClose =
                (number, torchs) -> assertThat(number).isCloseTo(torchs, tolerance);
        assertThat(ours.weights()).zipSatisfy(torch.weights(), isClose);
        assertThat(ours.bias()).zipSatisfy(torch.bias(), isClose);
    }

    private static TorchLoss loss(Equivalent equivalent) {
        return LossSwap.torchEquivalent(
                        equivalent.builtIn(), equivalent.activation().getActivationFunction())
                .orElseThrow();
    }

    private static Step fit(MultiLayerNetwork net, Equivalent equivalent) {
        StartingPoint before = StartingPoint.of(net, Step.PARAMETERS);
        net.fit(data(equivalent));
        return Step.since(before, net, RATE);
    }

    private static DataSet data(Equivalent equivalent) {
        return new DataSet(Nd4j.createFromArray(FEATURES), equivalent.labels());
    }

    private static MultiLayerNetwork trained(Equivalent equivalent) {
        MultiLayerNetwork net = NetworkKind.network(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(RATE))
                .list(new OutputLayer.Builder(equivalent.builtIn())
                        .activation(equivalent.activation())
                        .nIn(2)
                        .nOut(3)
                        .build())
                .build());
        net.fit(data(equivalent));
        return net;
    }

    private static Step torch(MultiLayerNetwork net, Equivalent equivalent) {
        return Step.of(TorchFunction.of(
                        "z = torch.add(torch.matmul(x, weights), bias)\n" + equivalent.torch(),
                        "x",
                        "t",
                        "weights",
                        "bias")
                .withRespectTo("weights", "bias")
                .call(StartingPoint.of(net, Step.PARAMETERS)
                        .after(TorchTensor.of(Nd4j.createFromArray(FEATURES)), equivalent.target())));
    }
}
