/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.TorchLoss;

/** A loss with given numbers: a corner that a reader will ask about, or a call that torch refuses. */
public final class GivenCall {
    /** Of a corner, the numbers in words; of a refused call, what the message names beside torch's words. */
    public final String words;

    public final TorchLoss loss;
    public final Given input;
    public final Given target;

    GivenCall(String words, TorchLoss loss, Given input, Given target) {
        this.words = words;
        this.loss = loss;
        this.input = input;
        this.target = target;
    }

    @Override
    public String toString() {
        return loss + ", input " + input + ", target " + target;
    }
}
