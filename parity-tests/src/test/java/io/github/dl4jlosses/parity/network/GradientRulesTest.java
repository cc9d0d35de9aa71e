/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * What DL4J does to a gradient before it takes the step, applied by hand to torch's gradient: clipping, L1, L2 and weight
 * decay, and what the last three add to the score.
 */
class GradientRulesTest {
    private static final Random RANDOM = PrintedSeed.randomFor(GradientRulesTest.class);
    private static final double RATE = 0.5;
    private static final double TOLERANCE = StepComparison.FLOAT64_TOLERANCE;
    private static final double THRESHOLD = 0.05;
    private static final double L1 = 0.03;
    private static final double L2 = 0.2;
    private static final double DECAY = 0.07;

    private static NeuralNetConfiguration.Builder builder(boolean miniBatch) {
        return TwoLayers.builder(RANDOM, new Sgd(RATE)).miniBatch(miniBatch);
    }

    static Stream<Arguments> clippings() {
        List<Arguments> all = new ArrayList<>();
        for (GradientNormalization clipping : GradientNormalization.values()) {
            for (boolean miniBatch : new boolean[] {true, false}) {
                all.add(Arguments.of(clipping, miniBatch, false));
                all.add(Arguments.of(clipping, miniBatch, true));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, miniBatch {1}, a graph: {2}")
    @MethodSource("clippings")
    void aClippedStepIsTorchsGradientClipped(GradientNormalization clipping, boolean miniBatch, boolean graph) {
        // GIVEN
        TwoLayers layers = TwoLayers.classifier(miniBatch);
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, 6);
        Model model = layers.model(
                graph, builder(miniBatch).gradientNormalization(clipping).gradientNormalizationThreshold(THRESHOLD));
        Map<String, double[]> torch =
                layers.torch(TwoLayers.parameters(model), batch).gradients();

        // WHEN
        Map<String, double[]> step = step(model, batch);

        // THEN
        Map<String, double[]> clipped = clipped(clipping, torch);
        TwoLayers.PARAMETERS.forEach(
                name -> assertThat(step.get(name)).as(name).containsExactly(clipped.get(name), within(TOLERANCE)));
        boolean changes = clipping != GradientNormalization.None;
        assertThat(Arrays.equals(clipped.get("1_W"), torch.get("1_W"))).isNotEqualTo(changes);
    }

    /** DL4J's rules; the layer is the tanh one or the output layer. */
    private static Map<String, double[]> clipped(GradientNormalization clipping, Map<String, double[]> gradients) {
        Map<String, double[]> clipped = new LinkedHashMap<>();
        gradients.forEach((name, gradient) -> {
            String layer = name.substring(0, 2);
            double ofLayer = Math.hypot(norm(gradients.get(layer + "W")), norm(gradients.get(layer + "b")));
            DoubleUnaryOperator rule = switch (clipping) {
                case None -> g -> g;
                case RenormalizeL2PerLayer -> g -> g / ofLayer;
                case RenormalizeL2PerParamType -> g -> g / norm(gradient);
                case ClipElementWiseAbsoluteValue -> g -> Math.max(-THRESHOLD, Math.min(THRESHOLD, g));
                case ClipL2PerLayer -> g -> g * Math.min(1, THRESHOLD / ofLayer);
                case ClipL2PerParamType -> g -> g * Math.min(1, THRESHOLD / norm(gradient));
            };
            clipped.put(name, Arrays.stream(gradient).map(rule).toArray());
        });
        return clipped;
    }

    private static double norm(double... numbers) {
        return Math.sqrt(Arrays.stream(numbers).map(x -> x * x).sum());
    }

    /** What each parameter loses in one step, in units of the rate. */
    private static Map<String, double[]> step(Model model, TwoLayers.Batch batch) {
        StartingPoint before = StartingPoint.of(model, TwoLayers.PARAMETERS);
        TwoLayers.fit(model, batch.dataSet());
        return before.parameters().keySet().stream()
                .collect(Collectors.toMap(name -> name, name -> before.step(model, name, RATE)));
    }

    /** L1 and L2 of the weights, L2 of the biases too; neither divided by the examples nor clipped. */
    @ParameterizedTest(name = "miniBatch {0}, a graph: {1}")
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void regularisationAddsItsOwnGradientAndScoreToTorchs(boolean miniBatch, boolean graph) {
        // GIVEN
        TwoLayers layers = TwoLayers.classifier(miniBatch);
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, 6);
        Model model = layers.model(graph, builder(miniBatch).l1(L1).l2(L2).l2Bias(2 * L2));
        model.setParams(model.params().addi(0.01)); // DL4J's biases begin at 0
        Map<String, TorchTensor> before = TwoLayers.parameters(model);
        TwoLayers.TorchStepResult torch = layers.torch(before, batch);
        double penalty = penalty(before, L1, L2, 2 * L2);
        double scoreOfData = TwoLayers.score(model, batch.dataSet());

        // WHEN
        Map<String, double[]> step = step(model, batch);

        // THEN
        assertThat(model.score()).isCloseTo(torch.value() + penalty, within(TOLERANCE));
        assertThat(scoreOfData).isCloseTo(torch.value() + penalty, within(TOLERANCE));
        assertStep(step, torch, before, w -> L2 * w + L1 * Math.signum(w), b -> 2 * L2 * b);
    }

    /** The step is torch's gradient and what is added to it for each weight and each bias. */
    private static void assertStep(
            Map<String, double[]> step,
            TwoLayers.TorchStepResult torch,
            Map<String, TorchTensor> before,
            DoubleUnaryOperator ofWeight,
            DoubleUnaryOperator ofBias) {
        before.forEach((name, values) -> {
            DoubleUnaryOperator added = name.endsWith("W") ? ofWeight : ofBias;
            double[] w = values.toDoubles();
            double[] gradient = torch.gradients().get(name);
            Arrays.setAll(w, i -> gradient[i] + added.applyAsDouble(w[i]));
            assertThat(step.get(name)).as(name).containsExactly(w, within(TOLERANCE));
        });
    }

    private static double penalty(Map<String, TorchTensor> parameters, double l1, double l2, double l2Bias) {
        double penalty = 0;
        for (Map.Entry<String, TorchTensor> parameter : parameters.entrySet()) {
            boolean weights = parameter.getKey().endsWith("W");
            for (double w : parameter.getValue().toDoubles()) {
                penalty += weights ? l1 * Math.abs(w) + l2 / 2 * w * w : l2Bias / 2 * w * w;
            }
        }
        return penalty;
    }

    /** As torch's SGD and AdamW decay: by the rate times the decay, beside the gradient. */
    @ParameterizedTest(name = "miniBatch {0}, a graph: {1}")
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void weightDecayStandsBesideTorchsGradient(boolean miniBatch, boolean graph) {
        TwoLayers layers = TwoLayers.classifier(miniBatch);
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, 6);
        Model model = layers.model(graph, builder(miniBatch));
        // on each layer: DL4J 1.0.0-M2.1 counts that of the whole network's builder twice
        layersOf(model).forEach(layer -> layer.setRegularization(List.of(new WeightDecay(DECAY, true))));
        Map<String, TorchTensor> before = TwoLayers.parameters(model);
        TwoLayers.TorchStepResult torch = layers.torch(before, batch);

        Map<String, double[]> step = step(model, batch);

        assertThat(model.score()).isCloseTo(torch.value() + penalty(before, 0, DECAY, 0), within(TOLERANCE));
        assertStep(step, torch, before, w -> DECAY * w, b -> 0);
    }

    private static Stream<BaseLayer> layersOf(Model model) {
        Layer[] layers =
                model instanceof ComputationGraph graph ? graph.getLayers() : ((MultiLayerNetwork) model).getLayers();
        return Arrays.stream(layers).map(layer -> (BaseLayer) layer.conf().getLayer());
    }

    @Test
    void scoresOfExamplesHaveThePenaltyOnRequest() {
        // GIVEN
        TwoLayers layers = TwoLayers.classifier(true);
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, 6);
        MultiLayerNetwork network = layers.network(builder(true).l1(L1).l2(L2));
        ComputationGraph graph = layers.graphNetwork(builder(true).l1(L1).l2(L2));
        graph.setParams(network.params());
        Map<String, TorchTensor> parameters = TwoLayers.parameters(network);
        double penalty = penalty(parameters, L1, L2, 0);

        // WHEN
        double[] plain =
                TorchTensor.of(network.scoreExamples(batch.dataSet(), false)).toDoubles();
        double[] penalised =
                TorchTensor.of(network.scoreExamples(batch.dataSet(), true)).toDoubles();
        double[] ofGraph =
                TorchTensor.of(graph.scoreExamples(batch.dataSet(), true)).toDoubles();

        // THEN torch's mean is their sum over the weights of the classes, an ignored example has none
        double weights = Arrays.stream(batch.target().toLongs())
                .mapToDouble(k -> k < 0 ? 0 : new double[] {.75, 3.5, 1.0625}[(int) k])
                .sum();
        assertThat(Arrays.stream(plain).sum() / weights)
                .isCloseTo(layers.torch(parameters, batch).value(), within(TOLERANCE));
        assertThat(plain[1]).isZero();
        double[] expected = Arrays.stream(plain).map(score -> score + penalty).toArray();
        assertThat(penalised).containsExactly(expected, within(TOLERANCE));
        assertThat(ofGraph).containsExactly(expected, within(TOLERANCE));
    }
}
