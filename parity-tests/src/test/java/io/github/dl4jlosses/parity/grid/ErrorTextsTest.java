/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where live torch raises an error, so does the loss: its message begins as torch's does and then says where. */
class ErrorTextsTest {

    private static Stream<Arguments> badCalls() {
        CrossEntropyLoss ce = new CrossEntropyLoss();
        NLLLoss nll = new NLLLoss();
        BCELoss bce = new BCELoss();
        BCEWithLogitsLoss logits = new BCEWithLogitsLoss();
        KLDivLoss kl = new KLDivLoss();
        return Stream.of(
                // class indices out of range
                arguments(ce, floats(2, 3), longs(new long[] {0, 3}, 2), "target[1]"),
                arguments(ce, floats(2, 3), longs(new long[] {-1, 0}, 2), "target[0]"),
                arguments(nll, floats(2, 3), longs(new long[] {0, 7}, 2), "3 classes"),
                arguments(nll, floats(2, 3, 2), longs(new long[] {0, 1, 2, 3}, 2, 2), "target[1, 1]"),
                arguments(ce, floats(1, 3, 2, 2), longs(new long[] {0, 1, 2, -7}, 1, 2, 2), "target[0, 1, 1]"),
                arguments(nll, floats(3), longs(new long[] {5}), "target"),
                arguments(
                        NLLLoss.builder().ignoreIndex(255).build(),
                        floats(1, 3),
                        longs(new long[] {-100}, 1),
                        "ignoreIndex 255"),
                arguments(ce, floats(2, 0), longs(new long[] {0, 0}, 2), "0 classes"),
                // shapes of class indices
                arguments(nll, floats(2, 3), longs(3), "[2, 3]"),
                arguments(ce, floats(2, 3), longs(3), "[2, 3]"),
                arguments(nll, floats(2, 3), longs(), "[2, 3]"),
                arguments(nll, floats(2, 3), longs(2, 1), "[2, 1]"),
                arguments(ce, floats(2, 3), longs(2, 4), "[2, 4]"),
                arguments(nll, floats(3), longs(1), "[3]"),
                arguments(ce, floats(3), longs(2, 1), "[2, 1]"),
                arguments(nll, floats(1, 2, 3), longs(1, 2), "[1, 3]"),
                arguments(ce, floats(1, 2, 3), longs(1, 2), "[1, 3]"),
                arguments(ce, floats(1, 2, 3, 2, 2), longs(1, 2, 2, 2), "[1, 3, 2, 2]"),
                arguments(nll, floats(1, 2, 1, 3), longs(1, 1, 2), "[1, 1, 3]"),
                arguments(ce, floats(1, 2, 1, 3), longs(1, 3), "[1, 1, 3]"),
                arguments(nll, floats(), longs(), "(C)"),
                arguments(ce, floats(), longs(2), "(N, C)"),
                arguments(ce, floats(), floats(), "(N, C)"),
                // weights
                arguments(CrossEntropyLoss.builder().weight(1, 2, 3, 4).build(), floats(2, 3), longs(2), "4 numbers"),
                arguments(NLLLoss.builder().weight(1, 2).build(), floats(2, 3), longs(2), "2 numbers"),
                arguments(NLLLoss.builder().weight(1, 2).build(), floats(2, 3, 2), longs(2, 2), "2 numbers"),
                arguments(CrossEntropyLoss.builder().weight(1).build(), floats(2, 3, 2), longs(2, 2), "1 numbers"),
                arguments(
                        CrossEntropyLoss.builder().weight(1, 2, 3, 4).build(), floats(2, 3), floats(2, 3), "4 numbers"),
                arguments(BCELoss.builder().weight(1, 2, 3).build(), floats(4, 2), floats(4, 2), "3 numbers"),
                arguments(BCELoss.builder().weight(1, 2, 3).build(), floats(4, 1), floats(4, 1), "3 numbers"),
                arguments(
                        BCEWithLogitsLoss.builder().weight(1, 2, 3).build(), floats(4, 2), floats(4, 2), "weight has"),
                arguments(
                        BCEWithLogitsLoss.builder().posWeight(1, 2, 3).build(), floats(2), floats(2), "posWeight has"),
                // targets of the input's shape
                arguments(ce, floats(2, 3), longs(2, 3), "ONE_HOT"),
                arguments(ce, floats(1), longs(1), "ONE_HOT"),
                arguments(
                        CrossEntropyLoss.builder().ignoreIndex(1).build(),
                        floats(2, 3),
                        floats(2, 3),
                        "ignoreIndex is 1"),
                arguments(
                        CrossEntropyLoss.builder().ignoreIndex(0).build(),
                        floats(2, 3),
                        floats(2, 3),
                        "ignoreIndex is 0"),
                arguments(bce, floats(new double[] {.5, 1.25}, 1, 2), floats(1, 2), "input[0, 1] is 1.25"),
                arguments(bce, floats(new double[] {-.5, 1.25}, 2), floats(2), "input[0] is -0.5"),
                arguments(bce, floats(new double[] {Double.NaN}, 1), floats(1), "input[0] is NaN"),
                arguments(bce, floats(2), floats(new double[] {0, -1}, 2), "target[1] is -1.0"),
                arguments(bce, floats(new double[] {0, 2}, 2), floats(new double[] {3, 0}, 2), "target[0] is 3.0"),
                arguments(kl, floats(2, 2), floats(3), "[2, 2]"),
                // dtypes
                arguments(ce, longs(2, 3), longs(2), "LONG"),
                arguments(ce, longs(2, 3, 2), longs(2, 2), "LONG"),
                arguments(nll, longs(2, 3), longs(2), "LONG"),
                arguments(nll, longs(2, 3, 2), longs(2, 2), "LONG"),
                arguments(bce, longs(2), longs(2), "LONG"),
                arguments(bce, floats(2), longs(2), "Long"),
                arguments(logits, longs(2), longs(2), "LONG"),
                arguments(logits, floats(2), longs(2), "Long"),
                arguments(kl, floats(2), longs(2), "LONG"),
                arguments(kl, longs(2), floats(2), "LONG"),
                arguments(nll, floats(2, 3), TorchTensor.of(TorchType.BOOL, new long[2], 2), "Bool"));
    }

    @ParameterizedTest(name = "{0}, input {1}, target {2}")
    @MethodSource("badCalls")
    void theMessageBeginsAsTorchsAndNamesThePlace(TorchLoss loss, TorchTensor input, TorchTensor target, String place) {
        Throwable torch = catchThrowable(() -> TorchReference.of(loss).unreduced(input, target));
        assertThat(torch).as("torch's own error").isInstanceOf(TorchException.class);

        assertThatThrownBy(() -> loss.value(input.toArray(), target.toArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(begin(torch.getMessage()))
                .hasMessageContaining(place);
    }

    /** The shape that torch's message ends in is its broadcast one, which the options here do not have. */
    private static String begin(String message) {
        String cut = "the broadcast shape";
        return message.contains(cut) ? message.substring(0, message.indexOf(cut) + cut.length()) : message;
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

    private static TorchTensor floats(double[] numbers, long... shape) {
        return TorchTensor.of(TorchType.FLOAT32, numbers, shape);
    }

    private static TorchTensor longs(long... shape) {
        return TorchTensor.of(TorchType.INT64, new long[size(shape)], shape);
    }

    private static TorchTensor longs(long[] numbers, long... shape) {
        return TorchTensor.of(TorchType.INT64, numbers, shape);
    }

    private static int size(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
