/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What DL4J relies on beside the numbers: calls that agree with each other, arguments left alone, and steps with and without
 * workspaces.
 */
class NetworkContractTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkContractTest.class);

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputLayers")
    void gradientAndScoreAreTheTwoCallsBitForBit(Scenario scenario) {
        Call call = new Call(scenario);
        for (boolean average : new boolean[] {false, true}) {
            Pair<Double, INDArray> both =
                    call.loss.computeGradientAndScore(call.labels, call.preOutput, call.activation, call.mask, average);
            assertThat(both.getFirst()).as("%s", scenario).isEqualTo(call.score(average));
            assertThat(both.getSecond()).as("%s", scenario).isEqualTo(call.gradient());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputLayers")
    void averageDividesByTheRows(Scenario scenario) {
        Call call = new Call(scenario);
        assertThat(call.score(true)).as("%s", scenario).isEqualTo(call.score(false) / scenario.examples());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputLayers")
    void argumentsAreLeftAlone(Scenario scenario) {
        Call call = new Call(scenario);
        INDArray labels = call.labels.dup();
        INDArray preOutput = call.preOutput.dup();
        INDArray mask = call.mask.dup();
        call.gradient();
        call.score(false);
        call.loss.computeScoreArray(call.labels, call.preOutput, call.activation, call.mask);
        assertThat(call.preOutput).as("%s", scenario).isEqualTo(preOutput);
        assertThat(call.mask).as("%s", scenario).isEqualTo(mask);
        // masked labels may be NaN, which ND4J's equality rejects
        assertThat(call.labels.toStringFull()).as("%s", scenario).isEqualTo(labels.toStringFull());
    }

    /** A loss layer hands its loss the very array that the score is computed from after the gradient. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everyLayer")
    void theScoreOfAFitIsTheScoreOfItsBatch(Scenario scenario) {
        NetworkStep step = new NetworkStep(scenario, new Numbers(scenario));
        MultiLayerNetwork network = (MultiLayerNetwork) step.network();
        try {
            network.fit(step.dataSet());
        } catch (RuntimeException failure) {
            assertThat(FrameworkBug.thatThrow(scenario, failure))
                    .as("%s: %s", scenario, failure)
                    .isNotEmpty();
            return;
        }
        MultiLayerNetwork before = (MultiLayerNetwork) step.network();
        assertThat(network.score()).as("%s", scenario).isEqualTo(before.score(step.dataSet()));
    }

    /** Framework bug: CnnLossLayer.fit compares shapes with its input, where its score does not. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("indices")
    void aConvolutionalLossLayerScoresClassIndicesButDoesNotFitThem(LossOptions options) {
        Scenario scenario = Scenario.of(LayerKind.CNN_LOSS_LAYER, SpecHead.LOG_SOFTMAX, options, TorchType.FLOAT64, 0)
                .drawn(SEEDS);
        Numbers numbers = new Numbers(scenario);
        NetworkStep step = new NetworkStep(scenario, numbers);
        MultiLayerNetwork network = (MultiLayerNetwork) step.network();
        double torch = new TorchStep(scenario, numbers).in(TorchType.FLOAT64).score();
        double ulps = scenario.type() == TorchType.FLOAT64 ? 1e-12 : 4 * 0x1p-24;
        assertThat(network.score(step.dataSet())).isCloseTo(torch, within(ulps * Math.max(1, torch)));
        DataSet batch = step.dataSet();
        assertThatThrownBy(() -> network.fit(batch)).hasMessageContaining("do not have same shape");
    }

    static Stream<LossOptions> indices() {
        return LossOptions.all().stream().filter(options -> options.form() == TargetForm.INDEX);
    }

    /** Every loss under every head, masked where it has examples to spare. */
    static Stream<Scenario> outputLayers() {
        return scenarios(LayerKind.OUTPUT_LAYER).map(scenario -> scenario.with(Masking.EXAMPLES));
    }

    static Stream<Scenario> everyLayer() {
        return Product.of(scenarios(LayerKind.values()).toList());
    }

    private static Stream<Scenario> scenarios(LayerKind... layers) {
        return Scenario.all(SEEDS, layers).map(scenario -> scenario.withMiniBatch(SEEDS.nextBoolean()));
    }

    /** The arguments that an output layer hands to its loss. */
    private static final class Call {
        private final TorchLoss loss;
        private final IActivation activation;
        private final INDArray labels;
        private final INDArray preOutput;
        private final INDArray mask;

        Call(Scenario scenario) {
            Numbers numbers = new Numbers(scenario);
            DataSet dataSet = numbers.dataSet();
            loss = scenario.loss();
            activation = scenario.head().inDl4j();
            labels = dataSet.getLabels();
            mask = dataSet.getLabelsMaskArray();
            preOutput = dataSet.getFeatures().mmul(numbers.weights.toArray()).addRowVector(numbers.bias.toArray());
        }

        double score(boolean average) {
            return loss.computeScore(labels, preOutput, activation, mask, average);
        }

        INDArray gradient() {
            return loss.computeGradient(labels, preOutput, activation, mask);
        }
    }

    private static final List<LayerKind> LAYERS = List.of(
            LayerKind.OUTPUT_LAYER,
            LayerKind.FUSED_OUTPUT_LAYER,
            LayerKind.LOSS_LAYER,
            LayerKind.RNN_OUTPUT_LAYER,
            LayerKind.FUSED_RNN_OUTPUT_LAYER,
            LayerKind.RNN_LOSS_LAYER,
            LayerKind.CNN_LOSS_LAYER);

    static Stream<Arguments> modes() {
        List<Arguments> all = new ArrayList<>();
        for (WorkspaceMode training : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
            for (WorkspaceMode inference : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
                for (LayerKind layer : LAYERS) {
                    for (LossOptions options : List.of(
                            LossOptions.inUse(CrossEntropyLoss.class, TargetForm.ONE_HOT),
                            LossOptions.inUse(BCELoss.class, TargetForm.DENSE))) {
                        all.add(Arguments.of(layer, options, SpecHead.SOFTMAX, training, inference));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} with {1} under {2}, training {3}, inference {4}")
    @MethodSource("modes")
    void stepsAreTorchsWithWorkspacesAndWithout(
            LayerKind layer, LossOptions options, SpecHead head, WorkspaceMode training, WorkspaceMode inference) {
        // GIVEN
        Scenario scenario = Scenario.of(layer, head, options, TorchType.FLOAT64, SEEDS.nextInt(MAX_VALUE))
                .with(layer.hasPositions() ? Masking.POSITIONS : Masking.EXAMPLES);
        Numbers numbers = new Numbers(scenario);
        NetworkStep step = new NetworkStep(scenario, numbers);
        MultiLayerNetwork network = MultiLayerNetwork.class.cast(step.network());
        network.getLayerWiseConfigurations().setTrainingWorkspaceMode(training);
        network.getLayerWiseConfigurations().setInferenceWorkspaceMode(inference);
        network.setCacheMode(training == WorkspaceMode.ENABLED ? CacheMode.DEVICE : CacheMode.NONE);

        // WHEN the second step is taken in memory that the first has used
        network.fit(step.dataSet());
        network.setParams(step.network().params());
        double before = network.score(step.dataSet());
        Step ours = step.fit(network);

        // THEN
        assertThat(StepComparison.differences(scenario, numbers, ours))
                .as("%s", scenario)
                .isEmpty();
        assertThat(before).isEqualTo(ours.score());
        network.scoreExamples(step.dataSet(), false);
        network.output(step.dataSet().getFeatures());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void aStepInsideAWorkspaceOfTheUsersOwnIsTorchs(LayerKind layer) {
        Scenario scenario = Scenario.of(
                layer,
                SpecHead.SIGMOID,
                LossOptions.inUse(BCEWithLogitsLoss.class, TargetForm.DENSE),
                TorchType.FLOAT64,
                SEEDS.nextInt(MAX_VALUE));
        Numbers numbers = new Numbers(scenario);
        NetworkStep step = new NetworkStep(scenario, numbers);
        WorkspaceConfiguration own = WorkspaceConfiguration.builder()
                .initialSize(1 << 20)
                .policyLearning(LearningPolicy.NONE)
                .build();

        MultiLayerNetwork network = MultiLayerNetwork.class.cast(step.network());
        for (int cycle = 0; cycle < 3; cycle++) {
            network.setParams(step.network().params());
            try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(own, "OWN")) {
                assertThat(workspace.isScopeActive()).isTrue();
                assertThat(StepComparison.differences(scenario, numbers, step.fit(network)))
                        .as("%s, cycle %s", scenario, cycle)
                        .isEmpty();
            }
        }
    }

    static Stream<LayerKind> layers() {
        return LAYERS.stream();
    }
}
