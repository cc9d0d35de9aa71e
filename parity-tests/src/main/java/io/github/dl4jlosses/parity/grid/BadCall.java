/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A call that torch and the loss both refuse.
 *
 * @param loss the loss
 * @param input its input
 * @param target its target
 * @param place what the message of the loss names beside torch's words: the place, the shapes, the option
 * @since 0.1.0
 */
public record BadCall(TorchLoss loss, TorchTensor input, TorchTensor target, String place) {
    private static final TorchLoss CE = new CrossEntropyLoss();
    private static final TorchLoss NLL = new NLLLoss();
    private static final TorchLoss BCE = new BCELoss();
    private static final TorchLoss LOGITS = new BCEWithLogitsLoss();
    private static final TorchLoss KL = new KLDivLoss();
    private static final TorchLoss HUBER = new HuberLoss();

    /** The shape that torch's message ends in is its broadcast one, which the options here do not have. */
    private static final String CUT = "the broadcast shape";

    /**
     * Each way to call a loss wrongly that a kernel of torch knows.
     *
     * @return the calls
     */
    public static List<BadCall> all() {
        return Stream.of(indices(), indexShapes(), weights(), sameShape(), dtypes())
                .flatMap(List::stream)
                .toList();
    }

    /** Class indices out of range. */
    private static List<BadCall> indices() {
        return List.of(
                new BadCall(CE, floats(2, 3), longs(new long[] {0, 3}, 2), "target[1]"),
                new BadCall(CE, floats(2, 3), longs(new long[] {-1, 0}, 2), "target[0]"),
                new BadCall(NLL, floats(2, 3), longs(new long[] {0, 7}, 2), "3 classes"),
                new BadCall(NLL, floats(2, 3, 2), longs(new long[] {0, 1, 2, 3}, 2, 2), "target[1, 1]"),
                new BadCall(CE, floats(1, 3, 2, 2), longs(new long[] {0, 1, 2, -7}, 1, 2, 2), "target[0, 1, 1]"),
                new BadCall(NLL, floats(3), longs(new long[] {5}), "target"),
                new BadCall(
                        NLLLoss.builder().ignoreIndex(255).build(),
                        floats(1, 3),
                        longs(new long[] {-100}, 1),
                        "ignoreIndex 255"),
                new BadCall(CE, floats(2, 0), longs(new long[] {0, 0}, 2), "0 classes"));
    }

    /** Shapes of class indices. */
    private static List<BadCall> indexShapes() {
        return List.of(
                new BadCall(NLL, floats(2, 3), longs(3), "[2, 3]"),
                new BadCall(CE, floats(2, 3), longs(3), "[2, 3]"),
                new BadCall(NLL, floats(2, 3), longs(), "[2, 3]"),
                new BadCall(NLL, floats(2, 3), longs(2, 1), "[2, 1]"),
                new BadCall(CE, floats(2, 3), longs(2, 4), "[2, 4]"),
                new BadCall(NLL, floats(3), longs(1), "[3]"),
                new BadCall(CE, floats(3), longs(2, 1), "[2, 1]"),
                new BadCall(NLL, floats(1, 2, 3), longs(1, 2), "[1, 3]"),
                new BadCall(CE, floats(1, 2, 3), longs(1, 2), "[1, 3]"),
                new BadCall(CE, floats(1, 2, 3, 2, 2), longs(1, 2, 2, 2), "[1, 3, 2, 2]"),
                new BadCall(NLL, floats(1, 2, 1, 3), longs(1, 1, 2), "[1, 1, 3]"),
                new BadCall(CE, floats(1, 2, 1, 3), longs(1, 3), "[1, 1, 3]"),
                new BadCall(NLL, floats(), longs(), "(C)"),
                new BadCall(CE, floats(), longs(2), "(N, C)"),
                new BadCall(CE, floats(), floats(), "(N, C)"));
    }

    /** Weights. */
    private static List<BadCall> weights() {
        return List.of(
                new BadCall(CrossEntropyLoss.builder().weight(1, 2, 3, 4).build(), floats(2, 3), longs(2), "4 numbers"),
                new BadCall(NLLLoss.builder().weight(1, 2).build(), floats(2, 3), longs(2), "2 numbers"),
                new BadCall(NLLLoss.builder().weight(1, 2).build(), floats(2, 3, 2), longs(2, 2), "2 numbers"),
                new BadCall(CrossEntropyLoss.builder().weight(1).build(), floats(2, 3, 2), longs(2, 2), "1 numbers"),
                new BadCall(
                        CrossEntropyLoss.builder().weight(1, 2, 3, 4).build(), floats(2, 3), floats(2, 3), "4 numbers"),
                new BadCall(BCELoss.builder().weight(1, 2, 3).build(), floats(4, 2), floats(4, 2), "3 numbers"),
                new BadCall(BCELoss.builder().weight(1, 2, 3).build(), floats(4, 1), floats(4, 1), "3 numbers"),
                new BadCall(
                        BCEWithLogitsLoss.builder().weight(1, 2, 3).build(), floats(4, 2), floats(4, 2), "weight has"),
                new BadCall(
                        BCEWithLogitsLoss.builder().posWeight(1, 2, 3).build(), floats(2), floats(2), "posWeight has"));
    }

    /** Targets of the input's shape. */
    private static List<BadCall> sameShape() {
        return List.of(
                new BadCall(CE, floats(2, 3), longs(2, 3), "ONE_HOT"),
                new BadCall(CE, floats(1), longs(1), "ONE_HOT"),
                new BadCall(
                        CrossEntropyLoss.builder().ignoreIndex(1).build(),
                        floats(2, 3),
                        floats(2, 3),
                        "ignoreIndex is 1"),
                new BadCall(
                        CrossEntropyLoss.builder().ignoreIndex(0).build(),
                        floats(2, 3),
                        floats(2, 3),
                        "ignoreIndex is 0"),
                new BadCall(BCE, floats(new double[] {.5, 1.25}, 1, 2), floats(1, 2), "input[0, 1] is 1.25"),
                new BadCall(BCE, floats(new double[] {-.5, 1.25}, 2), floats(2), "input[0] is -0.5"),
                new BadCall(BCE, floats(new double[] {Double.NaN}, 1), floats(1), "input[0] is NaN"),
                new BadCall(BCE, floats(2), floats(new double[] {0, -1}, 2), "target[1] is -1.0"),
                new BadCall(BCE, floats(new double[] {0, 2}, 2), floats(new double[] {3, 0}, 2), "target[0] is 3.0"),
                new BadCall(KL, floats(2, 2), floats(3), "[2, 2]"),
                new BadCall(HUBER, floats(2, 3), floats(2, 2), "[2, 2]"));
    }

    /** Dtypes. */
    private static List<BadCall> dtypes() {
        return List.of(
                new BadCall(CE, longs(2, 3), longs(2), "LONG"),
                new BadCall(CE, longs(2, 3, 2), longs(2, 2), "LONG"),
                new BadCall(NLL, longs(2, 3), longs(2), "LONG"),
                new BadCall(NLL, longs(2, 3, 2), longs(2, 2), "LONG"),
                new BadCall(BCE, longs(2), longs(2), "LONG"),
                new BadCall(BCE, floats(2), longs(2), "Long"),
                new BadCall(LOGITS, longs(2), longs(2), "LONG"),
                new BadCall(LOGITS, floats(2), longs(2), "Long"),
                new BadCall(KL, floats(2), longs(2), "LONG"),
                new BadCall(KL, longs(2), floats(2), "LONG"),
                new BadCall(HUBER, longs(2), floats(2), "LONG"),
                new BadCall(HUBER, longs(2), longs(2), "LONG"),
                new BadCall(NLL, floats(2, 3), TorchTensor.of(TorchType.BOOL, new long[2], 2), "Bool"));
    }

    /**
     * Asks torch.
     *
     * @return its message
     * @throws IllegalStateException if torch takes the call
     */
    public String torchMessage() {
        try {
            TorchReference.of(loss).unreduced(input, target);
        } catch (TorchException e) {
            return e.getMessage();
        }
        throw new IllegalStateException("torch takes " + this);
    }

    /**
     * Asks the loss.
     *
     * @return its message
     * @throws IllegalStateException if the loss takes the call
     */
    public String ourMessage() {
        try {
            loss.value(input.toArray(), target.toArray());
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        throw new IllegalStateException("the loss takes " + this);
    }

    /**
     * What the message of the loss must begin with.
     *
     * @param torchMessage torch's message
     * @return all of it, but for a shape at its end that is of torch's making
     */
    public static String begin(String torchMessage) {
        int cut = torchMessage.indexOf(CUT);
        return cut < 0 ? torchMessage : torchMessage.substring(0, cut + CUT.length());
    }

    /**
     * The call, without its numbers.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return loss + ", input " + shape(input) + ", target " + shape(target);
    }

    private static String shape(TorchTensor tensor) {
        return tensor.type() + Arrays.toString(tensor.shape());
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
