/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every loss refuses by its description, and arguments that are not there. */
class CommonErrorsTest extends Refusals {
    static Stream<GivenCall> refusals() {
        return specs().flatMap(spec -> spec.refusals().stream());
    }

    /** In torch's words, too: that is a matter of the proofs beside live torch. */
    @ParameterizedTest
    @MethodSource("refusals")
    void whatADescriptionRefusesIsRefusedByEveryMethod(GivenCall call) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
            refusedDirectly(call.loss, call.input.toArray(type), call.target.toArray(type), call.words);
        }
    }

    static Stream<Arguments> withoutTargetGradient() {
        return specs().flatMap(spec -> spec.forms().stream()
                .filter(form -> !spec.hasTargetGradient(form))
                .map(form -> Arguments.of(spec, form)));
    }

    /** What torch has no derivative for. */
    @ParameterizedTest
    @MethodSource("withoutTargetGradient")
    void classesHaveNoTargetGradient(LossSpec<?, ?> spec, TargetForm form) {
        INDArray target = form == TargetForm.INDEX ? indices(0, 1) : halves(2, 2);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> spec.defaults(form).targetGradient(halves(2, 2), target))
                .withMessageContaining(spec.lossName());
    }

    @EachDefaultLoss
    void nullArgumentsOfADirectCallAreNamed(TorchLoss loss) {
        INDArray array = Nd4j.ones(2, 2);

        refusedDirectly(loss, null, array, "input must not be null");
        refusedDirectly(loss, array, null, "target must not be null");
        LossSpec<?, ?> spec = LossSpecs.of(loss);
        if (spec.forms().stream().anyMatch(spec::hasTargetGradient)) {
            refused(() -> loss.targetGradient(null, array), "input must not be null");
            refused(() -> loss.targetGradient(array, null), "target must not be null");
        }
    }

    @EachDefaultLoss
    void nullArgumentsOfANetworksCallAreNamed(TorchLoss loss) {
        INDArray array = Nd4j.ones(2, 2);

        refusedInANetwork(loss, null, array, IDENTITY, "labels must not be null");
        refusedInANetwork(loss, array, null, IDENTITY, "preOutput must not be null");
        refusedInANetwork(loss, array, array, null, "activationFn must not be null");
    }
}
