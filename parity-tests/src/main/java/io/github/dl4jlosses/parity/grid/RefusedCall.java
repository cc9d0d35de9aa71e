/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.List;

/**
 * A call that torch and the loss both refuse, and what they say.
 *
 * @param call the call; its words are what the message of the loss names beside torch's words: the place, the shapes, the
 *     option
 * @param ours our message, or that the loss takes the call
 * @param torch torch's message, or that torch takes the call
 */
public record RefusedCall(GivenCall call, String ours, String torch) {
    /** The shape that torch's message ends in is its broadcast one, which the options here do not have. */
    private static final String CUT = "the broadcast shape";

    /** Each way to call a loss wrongly that a kernel of torch knows, from all descriptions. */
    public static List<RefusedCall> all() {
        return LossSpecs.all().stream()
                .flatMap(spec -> spec.refusals().stream())
                .map(RefusedCall::of)
                .toList();
    }

    /** Asks both sides. */
    public static RefusedCall of(GivenCall call) {
        GridCase example = GridCase.of(call, TorchType.FLOAT32);
        TorchReference torch = TorchReference.of(example.loss());
        return new RefusedCall(
                call,
                message("the loss", call, () -> example.loss().value(example.input(), example.target())),
                message("torch", call, () -> torch.unreduced(example.torchInput(), example.torchTarget())));
    }

    private static String message(String side, GivenCall call, Runnable use) {
        try {
            use.run();
        } catch (IllegalArgumentException | TorchException e) {
            return e.getMessage();
        }
        return side + " takes " + call;
    }

    /**
     * What the message of the loss must begin with: all of torch's, but for a shape at its end that is of torch's
     * making.
     */
    public String begin() {
        int cut = torch.indexOf(CUT);
        return cut < 0 ? torch : torch.substring(0, cut + CUT.length());
    }

    /** Whether ours begins as torch's. */
    public boolean isEqual() {
        return ours.startsWith(begin());
    }

    /** What ours says beyond torch's words. */
    public String addition() {
        return isEqual() ? ours.substring(begin().length()).strip() : ours;
    }

    /** The call, without its numbers. */
    @Override
    public String toString() {
        return call.toString();
    }
}
