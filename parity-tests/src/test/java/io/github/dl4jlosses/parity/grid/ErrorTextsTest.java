/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where live torch raises an error, so does the loss: its message begins as torch's does and then says where. */
class ErrorTextsTest {

    private static List<BadCall> badCalls() {
        return BadCall.all();
    }

    @ParameterizedTest
    @MethodSource("badCalls")
    void theMessageBeginsAsTorchsAndNamesThePlace(BadCall call) {
        assertThat(call.ourMessage())
                .startsWith(BadCall.begin(call.torchMessage()))
                .contains(call.place());
    }

    /** torch.nn.functional raises these in Python, before it comes to a kernel. */
    @Test
    void shapesThatDifferAreRefusedInTheWordsOfTorchsPythonLayer() {
        assertThatThrownBy(() ->
                        new BCELoss().value(floats(2, 1).toArray(), floats(2).toArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Using a target size (torch.Size([2])) that is different to the input size (torch.Size([2, 1]))"
                                + " is deprecated. Please ensure they have the same size.");
        assertThatThrownBy(() -> new BCEWithLogitsLoss()
                        .value(floats(2, 1).toArray(), floats(2).toArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Target size (torch.Size([2])) must be the same as input size (torch.Size([2, 1]))");
    }

    @Test
    void smoothingOutsideItsRangeIsRefusedBeforeAnythingElseIsSeen() {
        Throwable torch = catchThrowable(() -> io.github.dl4jlosses.parity.TorchFunction.of(
                        "torch.cross_entropy_loss(x, t, None, 1, -100, 1.2)", "x", "t")
                .call(floats(2, 3), longs(3)));
        assertThatThrownBy(() -> CrossEntropyLoss.builder().labelSmoothing(1.2).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(torch.getMessage());
    }

    private static TorchTensor floats(long... shape) {
        double[] numbers = new double[size(shape)];
        Arrays.fill(numbers, .5);
        return TorchTensor.of(TorchType.FLOAT32, numbers, shape);
    }

    private static TorchTensor longs(long... shape) {
        return TorchTensor.of(TorchType.INT64, new long[size(shape)], shape);
    }

    private static int size(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
