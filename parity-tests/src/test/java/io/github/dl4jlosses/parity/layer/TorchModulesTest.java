/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.layer.GroupedConvolution2D;
import io.github.dl4jlosses.layer.LayerNorm;
import io.github.dl4jlosses.layer.LearnedPositions;
import io.github.dl4jlosses.layer.MultiHeadAttention;
import io.github.dl4jlosses.layer.SequenceLinear;
import io.github.dl4jlosses.layer.TorchBatchNormalization;
import io.github.dl4jlosses.layer.TorchGELU;
import io.github.dl4jlosses.layer.TorchHardsigmoid;
import io.github.dl4jlosses.layer.TorchHardswish;
import io.github.dl4jlosses.layer.TorchLeakyReLU;
import io.github.dl4jlosses.layer.TorchPReLU;
import io.github.dl4jlosses.layer.TorchSoftplus;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.training.TorchOptimizer;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The layers that DL4J lacks against torch's modules in float64: outputs, gradients, ten steps of training. */
class TorchModulesTest {
    private static final double OUTPUTS = 1e-13;
    private static final double GRADIENTS = 1e-12;
    private static final double TRAINED = 1e-10;
    private static final int STEPS = 10;

    private static double largestOutput;
    private static double largestGradient;
    private static double largestTrained;

    static Stream<TorchModuleCase> cases() {
        return Stream.of(activations(), learnedSlopes(), norms(), linears(), positions(), attentions(), convolutions())
                .flatMap(stream -> stream);
    }

    /** DL4J trains no network that is without parameters. */
    static Stream<TorchModuleCase> trainable() {
        return Stream.concat(cases().filter(module -> !module.toString().contains("without affine")), batchNorms());
    }

    /** In training, so not among those whose outputs are compared; DL4J's own layer leaves gamma and beta out of any decay. */
    private static Stream<TorchModuleCase> batchNorms() {
        String ofBatch = "torch.batch_norm(x, p0, p1, None, None, True, 0.1, 1e-05, False)";
        TorchBatchNormalization norm = new TorchBatchNormalization.Builder().build();
        return Stream.of(
                new TorchModuleCase("BatchNorm1d", norm, ofBatch, 6, 5),
                new TorchModuleCase("BatchNorm2d", norm, ofBatch, 3, 4, 5, 6));
    }

    private static Stream<TorchModuleCase> activations() {
        return activationTexts().map(both -> TorchModuleCase.of((IActivation) both.get()[0], (String) both.get()[1]));
    }

    private static Stream<TorchModuleCase> learnedSlopes() {
        TorchPReLU one = new TorchPReLU.Builder().build();
        TorchPReLU ofChannels = new TorchPReLU.Builder().perChannel(true).build();
        return Stream.of(
                // more elements than DL4J's own layer trains with one slope
                new TorchModuleCase("PReLU", one, "torch.prelu(x, p0)", 20, 5),
                new TorchModuleCase("PReLU of channels", ofChannels, "torch.prelu(x, p0)", 6, 5),
                new TorchModuleCase("PReLU of sequences", one, "torch.prelu(x, p0)", 3, 5, 4),
                new TorchModuleCase("PReLU of the channels of sequences", ofChannels, "torch.prelu(x, p0)", 30, 5, 4));
    }

    private static Stream<TorchModuleCase> norms() {
        String ofSteps = "torch.transpose(torch.layer_norm(torch.transpose(x, 1, 2), [5], %s, 1e-05), 1, 2)";
        LayerNorm bare = new LayerNorm.Builder().affine(false).build();
        LayerNorm withoutBias = new LayerNorm.Builder().hasBias(false).build();
        return Stream.of(
                new TorchModuleCase(
                        "LayerNorm", new LayerNorm.Builder().build(), "torch.layer_norm(x, [5], p0, p1)", 6, 5),
                new TorchModuleCase(
                        "LayerNorm of another eps",
                        new LayerNorm.Builder().eps(.1).build(),
                        "torch.layer_norm(x, [5], p0, p1, 0.1)",
                        6,
                        5),
                new TorchModuleCase(
                        "LayerNorm of sequences",
                        new LayerNorm.Builder().build(),
                        ofSteps.formatted("p0, p1"),
                        3,
                        5,
                        4),
                new TorchModuleCase("LayerNorm without affine", bare, ofSteps.formatted("None, None"), 3, 5, 4),
                new TorchModuleCase("LayerNorm without bias", withoutBias, ofSteps.formatted("p0, None"), 3, 5, 4),
                new TorchModuleCase(
                                "LayerNorm under a mask",
                                new LayerNorm.Builder().build(),
                                ofSteps.formatted("p0, p1"),
                                3,
                                5,
                                4)
                        .withMask());
    }

    private static Stream<TorchModuleCase> linears() {
        SequenceLinear gelu =
                new SequenceLinear.Builder().nOut(4).activation(new TorchGELU()).build();
        SequenceLinear bare =
                new SequenceLinear.Builder().nOut(4).hasBias(false).build();
        return Stream.of(
                new TorchModuleCase(
                        "Linear of sequences, with GELU",
                        gelu,
                        "torch.transpose(torch.gelu(torch.linear(torch.transpose(x, 1, 2), p0, p1)), 1, 2)",
                        3,
                        5,
                        4),
                new TorchModuleCase(
                        "Linear of sequences without bias",
                        bare,
                        "torch.transpose(torch.linear(torch.transpose(x, 1, 2), p0), 1, 2)",
                        3,
                        5,
                        4));
    }

    private static Stream<TorchModuleCase> positions() {
        String added = "torch.transpose(torch.transpose(x, 1, 2) + %s, 1, 2)";
        LearnedPositions ofMore = new LearnedPositions.Builder(7).build();
        LearnedPositions parameter =
                new LearnedPositions.Builder(4).leadingOne(true).build();
        return Stream.of(
                new TorchModuleCase(
                        "Embedding of more positions than steps",
                        ofMore,
                        added.formatted("torch.embedding(p0, torch.arange(4))"),
                        3,
                        5,
                        4),
                new TorchModuleCase("positions as a parameter", parameter, added.formatted("p0"), 3, 5, 4));
    }

    /** What torch.nn.functional.multi_head_attention_forward calls. */
    private static String attention(String biases, String mask, boolean causal) {
        return """
                n = x.size(0)
                t = x.size(2)
                parts = torch.chunk(torch.linear(torch.transpose(x, 1, 2), p0, %s), 3, -1)
                q = torch.transpose(torch.reshape(parts[0], [n, t, 2, 3]), 1, 2)
                k = torch.transpose(torch.reshape(parts[1], [n, t, 2, 3]), 1, 2)
                v = torch.transpose(torch.reshape(parts[2], [n, t, 2, 3]), 1, 2)
                h = torch.scaled_dot_product_attention(q, k, v, %s, 0., %s)
                o = torch.reshape(torch.transpose(h, 1, 2), [n, t, 6])
                torch.transpose(torch.linear(o, p1, %s), 1, 2)
                """.formatted(
                biases.isEmpty() ? "None" : "p2", mask, causal ? "True" : "False", biases.isEmpty() ? "None" : "p3");
    }

    private static Stream<TorchModuleCase> attentions() {
        String padding = "torch.gt(torch.reshape(mask, [n, 1, 1, t]), 0)";
        MultiHeadAttention plain = new MultiHeadAttention.Builder(2).build();
        MultiHeadAttention bare =
                new MultiHeadAttention.Builder(2).hasBias(false).build();
        MultiHeadAttention causal =
                new MultiHeadAttention.Builder(2).causal(true).build();
        return Stream.of(
                new TorchModuleCase("MultiheadAttention", plain, attention("b", "None", false), 3, 6, 4),
                new TorchModuleCase("MultiheadAttention without biases", bare, attention("", "None", false), 3, 6, 4),
                new TorchModuleCase("causal MultiheadAttention", causal, attention("b", "None", true), 3, 6, 4),
                new TorchModuleCase("MultiheadAttention with padding", plain, attention("b", padding, false), 3, 6, 4)
                        .withMask());
    }

    private static Stream<TorchModuleCase> convolutions() {
        GroupedConvolution2D.Builder depthwise = new GroupedConvolution2D.Builder(3, 3).groups(4);
        return Stream.of(
                new TorchModuleCase(
                        "Conv2d of two groups",
                        new GroupedConvolution2D.Builder(3, 2)
                                .nOut(6)
                                .groups(2)
                                .stride(2, 1)
                                .padding(1, 0)
                                .build(),
                        "torch.conv2d(x, p0, p1, [2, 1], [1, 0], [1, 1], 2)",
                        3,
                        4,
                        6,
                        5),
                new TorchModuleCase(
                        "Conv2d of one group, with an activation",
                        new GroupedConvolution2D.Builder(2, 3)
                                .nOut(3)
                                .activation(new TorchHardswish())
                                .build(),
                        "torch.hardswish(torch.conv2d(x, p0, p1))",
                        3,
                        4,
                        6,
                        5),
                new TorchModuleCase(
                        "dilated depthwise Conv2d without bias",
                        depthwise.nOut(4).dilation(2, 1).hasBias(false).build(),
                        "torch.conv2d(x, p0, None, [1, 1], [0, 0], [2, 1], 4)",
                        2,
                        4,
                        7,
                        5),
                new TorchModuleCase(
                        "depthwise Conv2d with two filters a channel",
                        new GroupedConvolution2D.Builder(3, 3)
                                .groups(4)
                                .nOut(8)
                                .padding(1, 1)
                                .build(),
                        "torch.conv2d(x, p0, p1, [1, 1], [1, 1], [1, 1], 4)",
                        2,
                        4,
                        5,
                        6),
                new TorchModuleCase(
                        "Conv2d of two groups with padding='same'",
                        new GroupedConvolution2D.Builder(2, 3)
                                .groups(2)
                                .nOut(2)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        "torch.conv2d(x, p0, p1, [1, 1], 'same', [1, 1], 2)",
                        2,
                        4,
                        5,
                        6));
    }

    @AfterAll
    static void report() {
        System.out.println("Layers that DL4J lacks: largest differences of outputs " + largestOutput + ", gradients "
                + largestGradient + ", parameters and losses in training " + largestTrained);
    }

    /** Corners, both zeros, what is not finite. */
    @ParameterizedTest
    @MethodSource("activationTexts")
    void specialValuesAreTorchs(IActivation activation, String text) {
        double inf = Double.POSITIVE_INFINITY;
        double[] values = {
            -inf, -1e300, -40, -3, Math.nextUp(-3.0), -0.0, 0, 1e-300, Math.nextDown(3.0), 3, 40, Double.NaN
        };
        // torch's backward of what is not finite is a matter of 0 times infinity, and of no interest
        double[] finite = Arrays.copyOfRange(values, 2, values.length - 1);
        TorchResult theirs = TorchFunction.of(text, "z").withRespectTo("z").call(Nd4j.createFromArray(finite));

        double[] outputs =
                activation.getActivation(Nd4j.createFromArray(values), false).toDoubleVector();
        double[] gradients = activation
                .backprop(Nd4j.createFromArray(finite), Nd4j.ones(DataType.DOUBLE, finite.length))
                .getFirst()
                .toDoubleVector();

        assertThat(outputs)
                .containsExactly(
                        TorchFunction.of(text, "z")
                                .call(Nd4j.createFromArray(values))
                                .value()
                                .toDoubles(),
                        within(1e-15));
        assertThat(gradients).containsExactly(theirs.gradient("z").toDoubles(), within(1e-15));
    }

    static Stream<Arguments> activationTexts() {
        return Stream.of(
                Arguments.of(new TorchGELU(), "torch.gelu(z)"),
                Arguments.of(new TorchGELU(TorchGELU.Approximate.TANH), "torch.gelu(z, approximate='tanh')"),
                Arguments.of(new TorchHardswish(), "torch.hardswish(z)"),
                Arguments.of(new TorchHardsigmoid(), "torch.hardsigmoid(z)"),
                Arguments.of(new TorchLeakyReLU(), "torch.leaky_relu(z, 0.01)"),
                Arguments.of(new TorchLeakyReLU(.3), "torch.leaky_relu(z, 0.3)"),
                Arguments.of(new TorchSoftplus(), "torch.softplus(z)"),
                Arguments.of(new TorchSoftplus(1.5, 3), "torch.softplus(z, 1.5, 3)"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void outputsAndGradientsAreTorchs(TorchModuleCase module) {
        Random random = PrintedSeed.randomFor(TorchModulesTest.class);
        MultiLayerNetwork network = drawn(module, TorchSGD.builder().lr(.1).build(), random);
        INDArray x = module.input(random);
        INDArray mask = module.mask();
        List<TorchTensor> parameters = TorchModuleCase.parameters(network).values().stream()
                .map(TorchTensor::of)
                .toList();

        INDArray output = network.output(x, false, mask, mask);
        TorchTensor theirs = module.output(parameters.size())
                .call(TorchModuleCase.call(List.of(TorchTensor.of(x), module.torchMask()), parameters))
                .value();
        INDArray target = like(output, random);
        Pair<Gradient, INDArray> ours = network.calculateGradients(x, target, mask, mask);
        TorchResult loss = module.loss(parameters.size())
                .call(TorchModuleCase.call(
                        List.of(TorchTensor.of(x), module.torchMask(), TorchTensor.of(target)), parameters));

        largestOutput = Math.max(largestOutput, near(output, theirs, OUTPUTS, "output"));
        double ofInput = near(ours.getSecond(), loss.gradient("x"), GRADIENTS, "gradient of the input");
        largestGradient = Math.max(largestGradient, ofInput);
        int number = 0;
        for (String name : TorchModuleCase.parameters(network).keySet()) {
            INDArray gradient = ours.getFirst().getGradientFor("0_" + name);
            double difference = near(gradient, loss.gradient("p" + number), GRADIENTS, "gradient of " + name);
            largestGradient = Math.max(largestGradient, difference);
            number++;
        }
    }

    @ParameterizedTest
    @MethodSource("trainable")
    void tenStepsOfSgdAreTorchs(TorchModuleCase module) {
        train(module, TorchSGD.builder().lr(.002).momentum(.9).weightDecay(.1).build());
    }

    @ParameterizedTest
    @MethodSource("trainable")
    void tenStepsOfAdamWAreTorchs(TorchModuleCase module) {
        train(module, TorchAdamW.builder().lr(.01).weightDecay(.1).build());
    }

    /** As many trainings of transformers have it: no weight decay of norms. */
    @Test
    void aNormCanBeAParameterGroupWithoutDecay() {
        TorchAdamW ofGroup = TorchAdamW.builder().lr(.02).weightDecay(0).build();
        LayerNorm norm = ofGroup.configureLayer(new LayerNorm.Builder()).build();

        train(
                new TorchModuleCase("LayerNorm", norm, "torch.layer_norm(x, [5], p0, p1)", 6, 5),
                TorchAdamW.builder().lr(.01).weightDecay(.1).build(),
                ofGroup);
    }

    private static void train(TorchModuleCase module, TorchUpdater updater) {
        train(module, updater, updater);
    }

    private static void train(TorchModuleCase module, TorchUpdater updater, TorchUpdater ofGroup) {
        Random random = PrintedSeed.randomFor(TorchModulesTest.class);
        MultiLayerNetwork network = drawn(module, updater, random);
        Map<String, TorchOptimizer> optimizers =
                TorchModuleCase.optimizers(ofGroup, TorchModuleCase.parameters(network));
        TorchFunction loss = module.loss(optimizers.size());
        INDArray mask = module.mask();
        for (int step = 0; step < STEPS; step++) {
            INDArray x = module.input(random);
            INDArray target = like(network.output(x, false, mask, mask), random);
            TorchResult theirs = loss.call(TorchModuleCase.call(
                    List.of(TorchTensor.of(x), module.torchMask(), TorchTensor.of(target)),
                    optimizers.values().stream().map(TorchOptimizer::parameter).toList()));
            int number = 0;
            for (TorchOptimizer optimizer : optimizers.values()) {
                optimizer.step(theirs.gradient("p" + number));
                number++;
            }
            network.fit(new DataSet(x, target, mask, mask));
            // layers of a loss alone divide it by the number of examples
            double value = theirs.value().item() / x.size(0);
            assertThat(network.score()).as("loss of step %s", step).isCloseTo(value, within(TRAINED * Math.abs(value)));
            largestTrained = Math.max(largestTrained, Math.abs(network.score() / value - 1));
        }
        TorchModuleCase.parameters(network).forEach((name, parameter) -> {
            INDArray theirs = optimizers.get(name).parameter().toArray();
            double difference = near(
                    TorchModuleCase.withoutKeyBias(name, parameter),
                    TorchTensor.of(TorchModuleCase.withoutKeyBias(name, theirs)),
                    TRAINED,
                    name);
            largestTrained = Math.max(largestTrained, difference);
        });
    }

    /** Parameters that do not begin as ones or zeros. */
    private static MultiLayerNetwork drawn(TorchModuleCase module, TorchUpdater updater, Random random) {
        MultiLayerNetwork network = module.network(updater);
        TorchModuleCase.parameters(network)
                .values()
                .forEach(parameter -> parameter.assign(like(parameter, random).muli(.4)));
        return network;
    }

    private static INDArray like(INDArray array, Random random) {
        return FilledArray.of(random::nextGaussian, DataType.DOUBLE, array.shape());
    }

    /** Returns the largest difference. */
    private static double near(INDArray ours, TorchTensor torchs, double tolerance, String what) {
        double[] a = TorchTensor.of(ours).toDoubles();
        double[] b = torchs.toDoubles();
        assertThat(a).as(what).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double scale = Math.max(1, Math.abs(b[i]));
            assertThat(a[i]).as("%s, element %s", what, i).isCloseTo(b[i], within(tolerance * scale));
            largest = Math.max(largest, Math.abs(a[i] - b[i]) / scale);
        }
        return largest;
    }
}
