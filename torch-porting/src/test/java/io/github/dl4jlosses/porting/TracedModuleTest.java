/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.MSELoss;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The building blocks of models, each traced and trained by PyTorch (resources/modules/generate.py), and what is refused. */
class TracedModuleTest {

    private static final double TOLERANCE = 1e-9;

    static Stream<TracedModule> modules() {
        return TracedModule.all();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleIsTorchsBeforeAlongAndAfterItsTraining(TracedModule module) {
        TracedModule.Differences differences = module.train(module.graph());

        System.out.printf(
                "%s: outputs differ by %.1e and %.1e, %d losses by %.1e%n",
                module, differences.before(), differences.after(), differences.steps(), differences.ofLosses());
        assertThat(differences.before()).isLessThanOrEqualTo(TOLERANCE / 10);
        assertThat(differences.ofLosses()).isLessThanOrEqualTo(TOLERANCE);
        assertThat(differences.after()).isLessThanOrEqualTo(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aConfigurationSurvivesJson(TracedModule module) {
        ComputationGraphConfiguration configuration = module.configuration();

        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());

        assertThat(read).isEqualTo(configuration);
    }

    static Stream<TracedModule> refused() {
        return TracedModule.refused();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatHasNoExactCounterpartIsRefusedByName(TracedModule module) {
        assertThatThrownBy(() -> TorchModel.load(module.refusedArchive())
                        .configuration(TracedModule.settings(), List.of(new MSELoss()), module.types()))
                .isInstanceOf(RefusedFileException.class)
                .satisfies(
                        e -> System.out.println(module + ": " + e.getMessage().replaceAll("^.*/", "")))
                .hasMessageContainingAll(module.outputs().get(0).split(" ", -1));
    }
}
