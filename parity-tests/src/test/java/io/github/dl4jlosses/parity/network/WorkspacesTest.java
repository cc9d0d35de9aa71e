/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
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
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.factory.Nd4j;

/** Steps with and without DL4J's workspaces, and inside a workspace of the user's own, against live torch. */
class WorkspacesTest {
    private static final Random SEEDS = PrintedSeed.randomFor(WorkspacesTest.class);

    private static final List<LayerKind> LAYERS = List.of(
            LayerKind.OUTPUT_LAYER,
            LayerKind.LOSS_LAYER,
            LayerKind.RNN_OUTPUT_LAYER,
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
