/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EachLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A dtype that does not serve is named as torch calls it. */
class DtypeErrorsTest extends Refusals {
    private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();
    private static final NLLLoss LIKELIHOOD = new NLLLoss();
    private static final BCELoss BINARY = new BCELoss();

    @EachLoss
    void integerInputsAreRefused(LossSpec<?, ?> spec) {
        INDArray target = spec.forms().contains(TargetForm.INDEX) ? indices(0, 1) : halves(2, 2);
        refusedDirectly(spec.defaults(), Nd4j.ones(DataType.INT64, 2, 2), target, "LONG");
        refusedDirectly(spec.defaults(), Nd4j.ones(DataType.INT32, 2, 2), target, "INT");
    }

    /** A loss whose description does not refuse them takes them. */
    @ParameterizedTest
    @MethodSource("elementSpecs")
    void integerTargetsAreTakenByValueOrRefusedAndHaveNoGradient(LossSpec<?, ?> spec) {
        INDArray target = Nd4j.createFromArray(new long[][] {{0, 3}});
        INDArray input = halves(1, 2);
        TorchLoss loss = spec.defaults();
        Optional<GivenCall> refusal = spec.refusals().stream()
                .filter(call -> !call.input.areIndices() && call.target.areIndices())
                .findFirst();
        if (refusal.isEmpty()) {
            INDArray asNumbers = target.castTo(DataType.DOUBLE);
            assertThat(loss.value(input, target)).isEqualTo(loss.value(input, asNumbers));
            assertThat(loss.gradient(input, target)).isEqualTo(loss.gradient(input, asNumbers));
            assertThat(loss.unreduced(input, target)).isEqualTo(loss.unreduced(input, asNumbers));
        }
        if (!spec.hasTargetGradient(TargetForm.DENSE)) {
            return;
        }
        refused(
                () -> loss.targetGradient(input, target),
                refusal.map(call -> call.words).orElse("only Tensors of floating point"));
    }

    @Test
    void inANetworkIntegerLabelsAreTakenByValue() {
        INDArray labels = Nd4j.ones(DataType.INT32, 2, 2);
        denseLosses()
                .forEach(loss -> assertThat(loss.computeScore(labels, halves(2, 2), IDENTITY, null, false))
                        .isEqualTo(
                                loss.computeScore(labels.castTo(DataType.DOUBLE), halves(2, 2), IDENTITY, null, false))
                        .isFinite());
    }

    @Test
    void anIntegerInputBesideAFloatingTargetIsRefusedForItsResult() {
        begins(
                new HuberLoss(),
                zeros(2, 3),
                halves(2, 3),
                "result type Double can't be cast to the desired output type Long");
    }

    @Test
    void anIntegerInputWithPositionsIsRefusedByAnotherNameOfTorchs() {
        begins(CROSS_ENTROPY, zeros(2, 3, 4), zeros(2, 4), "\"softmax_kernel_impl\" not implemented for 'Long'");
        begins(LIKELIHOOD, zeros(2, 3, 4), zeros(2, 4), "\"nll_loss2d_forward_out_frame\" not implemented for 'Long'");
        begins(LIKELIHOOD, zeros(2, 3), zeros(2), "\"nll_loss_out_frame\" not implemented for 'Long'");
    }

    @ParameterizedTest
    @CsvSource({
        "LONG, Long",
        "INT, Int",
        "SHORT, Short",
        "BYTE, Char",
        "UBYTE, Byte",
        "BOOL, Bool",
        "UINT16, UInt16",
        "UINT32, UInt32",
        "UINT64, UInt64"
    })
    void anIntegerInputIsRefusedByTorchsNameOfItsType(DataType type, String name) {
        begins(
                CROSS_ENTROPY,
                Nd4j.zeros(type, 2, 3),
                zeros(2),
                "\"log_softmax_lastdim_kernel_impl\" not implemented for '" + name + "'");
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, Double", "FLOAT, Float", "HALF, Half", "BFLOAT16, BFloat16"})
    void anIntegerTargetIsRefusedByTorchsNameOfTheInputsType(DataType type, String name) {
        begins(BINARY, halves(2, 3).castTo(type), zeros(2, 3), "Found dtype Long but expected " + name);
    }
}
