/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.List;

/**
 * A call that torch and the loss both refuse.
 *
 * @param call the call; its words are what the message of the loss names beside torch's words: the place, the shapes, the
 *     option
 */
public record RefusedCall(GivenCall call) {
    /** The shape that torch's message ends in is its broadcast one, which the options here do not have. */
    private static final String CUT = "the broadcast shape";

    /** Each way to call a loss wrongly that a kernel of torch knows, from all descriptions. */
    public static List<RefusedCall> all() {
        return LossSpecs.all().stream()
                .flatMap(spec -> spec.refusals().stream())
                .map(RefusedCall::new)
                .toList();
    }

    /** The message of torch; an IllegalStateException if it takes the call. */
    public String torchMessage() {
        GridCase example = example();
        try {
            TorchReference.of(example.loss()).unreduced(example.torchInput(), example.torchTarget());
        } catch (TorchException e) {
            return e.getMessage();
        }
        throw new IllegalStateException("torch takes " + this);
    }

    /** The message of the loss; an IllegalStateException if it takes the call. */
    public String ourMessage() {
        GridCase example = example();
        try {
            example.loss().value(example.input(), example.target());
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        throw new IllegalStateException("the loss takes " + this);
    }

    private GridCase example() {
        return GridCase.of(call, TorchType.FLOAT32);
    }

    /**
     * What the message of the loss must begin with: all of torch's, but for a shape at its end that is of torch's
     * making.
     */
    public static String begin(String torchMessage) {
        int cut = torchMessage.indexOf(CUT);
        return cut < 0 ? torchMessage : torchMessage.substring(0, cut + CUT.length());
    }

    /** The call, without its numbers. */
    @Override
    public String toString() {
        return call.toString();
    }
}
