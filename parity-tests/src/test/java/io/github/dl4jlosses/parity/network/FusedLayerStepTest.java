/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.swap.LossSwap;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Fused layers in the place of DL4J's, with all losses and masks, in one chunk and in several, against live torch. */
class FusedLayerStepTest {
    private static final Random SEEDS = PrintedSeed.randomFor(FusedLayerStepTest.class);

    /** Of four examples: one by one, with a rest, all. */
    private static final long[] CHUNKS = {1, 3, 4};

    @AfterAll
    static void report() {
        System.out.println("fused layers: " + StepComparison.report());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void scoreStepAndScoresOfExamplesAreTorchs(Scenario scenario) {
        Numbers numbers = new Numbers(scenario);
        NetworkStep step = new NetworkStep(scenario, numbers);
        double[] scores = NetworkScoreArrayTest.torchScores(scenario, numbers);
        double largest = Math.max(1, Arrays.stream(scores).map(Math::abs).max().orElseThrow());
        double tolerance = scenario.type() == TorchType.FLOAT64 ? StepComparison.FLOAT64_TOLERANCE : 1e-6;
        for (long chunk : CHUNKS) {
            Model network = step.withParameters(NetworkKind.network(fused(scenario, chunk)));

            assertThat(TorchTensor.of(scoreExamples(network, step)).toDoubles())
                    .as("%s in chunks of %d", scenario, chunk)
                    .containsExactly(scores, within(tolerance * largest));
            assertThat(StepComparison.finding(scenario, numbers, step.fit(network))
                            .differences())
                    .as("%s in chunks of %d", scenario, chunk)
                    .isEmpty();
        }
    }

    private static INDArray scoreExamples(Model network, NetworkStep step) {
        return network instanceof MultiLayerNetwork layers
                ? layers.scoreExamples(step.dataSet(), false)
                : ((ComputationGraph) network).scoreExamples(step.dataSet(), false);
    }

    private static Serializable fused(Scenario scenario, long chunk) {
        Serializable configuration = LossSwap.fuse(scenario.network().configuration(scenario));
        Layer layer = configuration instanceof MultiLayerConfiguration layers
                ? layers.getConf(0).getLayer()
                : ((LayerVertex) ((ComputationGraphConfiguration) configuration)
                                .getVertices()
                                .get("0"))
                        .getLayerConf()
                        .getLayer();
        if (layer instanceof FusedOutputLayer rows) {
            rows.setChunk(chunk);
        } else {
            ((FusedRnnOutputLayer) layer).setChunk(chunk);
        }
        return configuration;
    }

    static Stream<Scenario> scenarios() {
        return Product.of(Scenario.all(
                        SEEDS, LayerKind.OUTPUT_LAYER, LayerKind.RNN_OUTPUT_LAYER, LayerKind.RNN_OUTPUT_LAYER_NWC)
                .flatMap(scenario -> masks(scenario)
                        .map(masking -> scenario.drawn(SEEDS)
                                .in(NetworkKind.drawn(SEEDS))
                                .withMiniBatch(SEEDS.nextBoolean())
                                .with(masking)))
                .toList());
    }

    private static Stream<Masking> masks(Scenario scenario) {
        return Stream.of(
                Masking.NONE,
                scenario.layer().hasPositions() ? Masking.POSITIONS : Masking.EXAMPLES,
                scenario.canHave(Masking.OUTPUTS) ? Masking.OUTPUTS : Masking.EVERYTHING);
    }
}
