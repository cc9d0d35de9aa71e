/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where live torch raises an error, so does the loss: its message begins as torch's does and then says where. */
class ErrorTextsTest {

    private static List<RefusedCall> refusedCalls() {
        return RefusedCall.all();
    }

    @ParameterizedTest
    @MethodSource("refusedCalls")
    void theMessageBeginsAsTorchsAndNamesThePlace(RefusedCall call) {
        assertThat(call.ours()).startsWith(call.begin()).contains(call.call().words);
    }

    /** torch.nn.functional raises these in Python, before it comes to a kernel. */
    @Test
    void shapesThatDifferAreRefusedInTheWordsOfTorchsPythonLayer() {
        INDArray input = Nd4j.valueArrayOf(new long[] {2, 1}, .5, DataType.FLOAT);
        INDArray target = Nd4j.valueArrayOf(new long[] {2}, .5, DataType.FLOAT);
        assertThatThrownBy(() -> new BCELoss().value(input, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Using a target size (torch.Size([2])) that is different to the input size (torch.Size([2, 1]))"
                                + " is deprecated. Please ensure they have the same size.");
        assertThatThrownBy(() -> new BCEWithLogitsLoss().value(input, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Target size (torch.Size([2])) must be the same as input size (torch.Size([2, 1]))");
    }

    private static Stream<Arguments> optionsThatRefuse() {
        return LossSpecs.all().stream()
                .flatMap(spec -> spec.options().stream()
                        .filter(option -> !option.domain().refused().isEmpty())
                        .map(option -> Arguments.of(spec, option)));
    }

    /** Before a number is seen. A value that torch takes and this library refuses is a known difference. */
    @ParameterizedTest
    @MethodSource("optionsThatRefuse")
    <B extends LossBuilder<B>, T> void anOptionOutsideItsRangeIsRefusedInTorchsWords(
            LossSpec<?, B> spec, OptionSpec<?, B, T> option) {
        List<String> torch = new ArrayList<>();
        option.domain().refused().forEach((value, message) -> {
            B builder = spec.builder();
            option.put(builder, value);
            Throwable ours = catchThrowable(builder::build);
            assertThat(ours).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
            Throwable theirs = catchThrowable(() -> inTorch(spec, option, (Number) value));
            if (theirs != null) {
                assertThat(ours).hasMessageStartingWith(theirs.getMessage());
                torch.add(theirs.getMessage());
            }
        });
        assertThat(torch.isEmpty())
                .as("what torch's kernel refuses, too")
                .isEqualTo(option.domain().isRefusedInPython());
    }

    /** Asks torch for a corner of a loss with an option that the loss's own builder refuses. */
    private static void inTorch(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> option, Number value) {
        GridCase example = GridCase.of(spec.corners().get(0), TorchType.FLOAT32);
        TorchReference defaults = TorchReference.of(spec.defaults());
        String[] names = defaults.withOptions("x", "t");
        TorchTensor[] arguments = defaults.arguments(
                TorchType.FLOAT32, example.torchInput().shape().length, example.torchInput(), example.torchTarget());
        arguments[List.of(names).indexOf(option.torchName())] = TorchReference.number(value);
        TorchFunction.of(defaults.expression(null), names).call(arguments);
    }
}
