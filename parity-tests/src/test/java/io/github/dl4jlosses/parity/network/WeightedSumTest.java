/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A graph whose second output counts 0.3 of the first, by the factor that docs/dl4j.md has: score and step are those of
 * torch's weighted sum. Every loss has its factor in the tests of networks.
 */
class WeightedSumTest {
    private static final Random RANDOM = PrintedSeed.randomFor(WeightedSumTest.class);
    private static final double FACTOR = .3;
    private static final int EXAMPLES = 5;
    private static final int INPUTS = 3;
    private static final int HIDDEN = 4;
    private static final int CLASSES = 3;
    private static final List<String> PARAMETERS =
            List.of("hidden_W", "hidden_b", "first_W", "first_b", "numbers_W", "numbers_b");

    private static final TorchTensor CLASS = TwoLayers.choices(RANDOM, TorchType.INT64, CLASSES, EXAMPLES);
    private static final TorchTensor YES_OR_NO = TwoLayers.choices(RANDOM, TorchType.FLOAT64, 2, EXAMPLES, CLASSES);
    private static final TorchTensor NUMBERS = TwoLayers.numbers(RANDOM, 2, EXAMPLES, CLASSES);

    /**
     * The second output.
     *
     * @param torch its loss without the factor, of z and t
     */
    private record Head(TorchLoss loss, IActivation activation, String torch, TorchTensor target) {

        INDArray labels() {
            INDArray labels = target.toArray();
            return labels.rank() == 1 ? labels.reshape(labels.length(), 1) : labels;
        }

        @Override
        public String toString() {
            return loss.toString();
        }
    }

    static Stream<Head> heads() {
        CrossEntropyLoss.Builder weighted =
                CrossEntropyLoss.builder().weight(1, 2, 5).ignoreIndex(1).factor(FACTOR);
        String classes = "torch.cross_entropy_loss(z, t, torch.tensor([1.0, 2.0, 5.0], dtype=7), %d, 1, 0.0)";
        return Stream.of(
                new Head(weighted.build(), new ActivationSoftmax(), classes.formatted(1), CLASS),
                new Head(
                        weighted.reduction(Reduction.BATCHMEAN).build(),
                        new ActivationSoftmax(),
                        "torch.div(" + classes.formatted(2) + ", z.size(0))",
                        CLASS),
                new Head(
                        KLDivLoss.builder()
                                .reduction(Reduction.BATCHMEAN)
                                .factor(FACTOR)
                                .build(),
                        new ActivationSoftmax(),
                        "torch.div(torch.kl_div(torch.log_softmax(z, 1), t, 2), z.size(0))",
                        mixtures()),
                new Head(
                        BCELoss.builder().weight(2).factor(FACTOR).build(),
                        new ActivationSigmoid(),
                        "torch.mul(torch.binary_cross_entropy(torch.sigmoid(z), t, None, 1), 2)",
                        YES_OR_NO),
                new Head(
                        MSELoss.builder().factor(FACTOR).build(),
                        new ActivationIdentity(),
                        "torch.mse_loss(z, t, 1)",
                        NUMBERS));
    }

    private static TorchTensor mixtures() {
        INDArray shares = TorchTensor.of(
                        TorchType.FLOAT64,
                        RANDOM.doubles(EXAMPLES * CLASSES, .1, 1).toArray(),
                        EXAMPLES,
                        CLASSES)
                .toArray();
        return TorchTensor.of(shares.divColumnVector(shares.sum(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void scoreAndStepAreThoseOfTorchsWeightedSum(Head head) {
        // GIVEN
        ComputationGraph graph = graph(head);
        TorchTensor features = TwoLayers.numbers(RANDOM, 1, EXAMPLES, INPUTS);
        StartingPoint before = StartingPoint.of(graph, PARAMETERS);

        // WHEN
        graph.fit(new MultiDataSet(
                new INDArray[] {features.toArray()}, new INDArray[] {YES_OR_NO.toArray(), head.labels()}));

        // THEN
        TorchResult torch = torch(head).call(before.after(features, YES_OR_NO, head.target()));
        before.assertScoreAndStep(graph, 1, torch.value().item(), torch::gradient);
    }

    private static TorchFunction torch(Head head) {
        String text = """
                h = torch.tanh(torch.add(torch.matmul(x, hidden_W), hidden_b))
                y = torch.add(torch.matmul(h, first_W), first_b)
                z = torch.add(torch.matmul(h, numbers_W), numbers_b)
                bce = torch.binary_cross_entropy_with_logits(y, tags, None, None, 1)
                """ + "torch.add(bce, torch.mul(" + head.torch() + ", " + FACTOR + "))";
        String[] arguments =
                Stream.concat(Stream.of("x", "tags", "t"), PARAMETERS.stream()).toArray(String[]::new);
        return TorchFunction.of(text, arguments).withRespectTo(PARAMETERS.toArray(String[]::new));
    }

    private static ComputationGraph graph(Head head) {
        return NetworkKind.network(TwoLayers.builder(RANDOM, new Sgd(1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", dense(new ActivationTanH(), INPUTS, HIDDEN), "in")
                .addLayer(
                        "first",
                        new OutputLayer.Builder(new BCEWithLogitsLoss())
                                .activation(new ActivationSigmoid())
                                .nIn(HIDDEN)
                                .nOut(CLASSES)
                                .build(),
                        "hidden")
                .addLayer("numbers", dense(new ActivationIdentity(), HIDDEN, CLASSES), "hidden")
                .addLayer(
                        "second",
                        new LossLayer.Builder(head.loss())
                                .activation(head.activation())
                                .build(),
                        "numbers")
                .setOutputs("first", "second")
                .build());
    }

    private static DenseLayer dense(IActivation activation, int inputs, int outputs) {
        return new DenseLayer.Builder()
                .activation(activation)
                .nIn(inputs)
                .nOut(outputs)
                .build();
    }
}
