/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.SmoothL1Loss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
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
 * A graph whose second output counts 0.3 of the first, in the way that docs/dl4j.md has for each loss: score and step are those
 * of torch's weighted sum.
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
     * @param target t
     * @param labels what DL4J gets instead
     * @param scale of what the loss sees of z
     */
    private record Head(
            TorchLoss loss, IActivation activation, String torch, TorchTensor target, INDArray labels, double scale) {

        static Head of(TorchLoss loss, IActivation activation, String torch, TorchTensor target) {
            INDArray labels = target.toArray();
            return new Head(
                    loss,
                    activation,
                    torch,
                    target,
                    labels.rank() == 1 ? labels.reshape(labels.length(), 1) : labels,
                    1);
        }

        /** Regression: the numbers and the labels are scaled alike. */
        static Head scaled(TorchLoss loss, double scale, String torch) {
            return new Head(
                    loss,
                    new ActivationIdentity(),
                    torch,
                    NUMBERS,
                    NUMBERS.toArray().mul(scale),
                    scale);
        }

        @Override
        public String toString() {
            return loss.toString();
        }
    }

    static Stream<Head> heads() {
        double[] factors = {FACTOR, FACTOR, FACTOR};
        double root = Math.sqrt(FACTOR);
        TorchTensor oneHot = TwoLayers.oneHot(CLASSES, CLASS.toLongs());
        String crossEntropy = "torch.cross_entropy_loss(z, t, None, 1, -100, 0.1)";
        String classes = "torch.cross_entropy_loss(z, torch.argmax(t, 1), None, 1, -100, 0.1)";
        CrossEntropyLoss.Builder smoothed =
                CrossEntropyLoss.builder().weight(factors).labelSmoothing(.1);
        return Stream.of(
                Head.of(smoothed.reduction(Reduction.BATCHMEAN).build(), new ActivationSoftmax(), crossEntropy, CLASS),
                Head.of(smoothed.targetFormat(TargetFormat.ONE_HOT).build(), new ActivationSoftmax(), classes, oneHot),
                Head.of(
                        CrossEntropyLoss.builder()
                                .weight(factors)
                                .labelSmoothing(.1)
                                .build(),
                        new ActivationSoftmax(),
                        crossEntropy,
                        mixtures()),
                Head.of(
                        CrossEntropyLoss.builder().weight(factors).build(),
                        new ActivationSoftmax(),
                        "torch.div(torch.sub(torch.kl_div(torch.log_softmax(z, 1), t, 2),"
                                + " torch.sum(torch.mul(t, torch.log(t)))), z.size(0))",
                        mixtures()),
                Head.of(
                        NLLLoss.builder()
                                .weight(factors)
                                .reduction(Reduction.BATCHMEAN)
                                .build(),
                        new ActivationLogSoftmax(),
                        "torch.nll_loss_nd(torch.log_softmax(z, 1), t, None, 1, -100)",
                        CLASS),
                Head.of(
                        BCEWithLogitsLoss.builder().weight(FACTOR).posWeight(3).build(),
                        new ActivationSigmoid(),
                        "torch.binary_cross_entropy_with_logits(z, t, None, torch.tensor([3.0], dtype=7), 1)",
                        YES_OR_NO),
                Head.of(
                        BCELoss.builder().weight(FACTOR).build(),
                        new ActivationSigmoid(),
                        "torch.binary_cross_entropy(torch.sigmoid(z), t, None, 1)",
                        YES_OR_NO),
                Head.scaled(new MSELoss(), root, "torch.mse_loss(z, t, 1)"),
                Head.scaled(new L1Loss(), FACTOR, "torch.l1_loss(z, t, 1)"),
                Head.scaled(HuberLoss.builder().delta(.5 * root).build(), root, "torch.huber_loss(z, t, 1, 0.5)"),
                Head.scaled(
                        SmoothL1Loss.builder().beta(.5 * FACTOR).build(),
                        FACTOR,
                        "torch.smooth_l1_loss(z, t, 1, 0.5)"));
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
                .addVertex("scaled", new ScaleVertex(head.scale()), "numbers")
                .addLayer(
                        "second",
                        new LossLayer.Builder(head.loss())
                                .activation(head.activation())
                                .build(),
                        "scaled")
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
