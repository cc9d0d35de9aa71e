/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.TorchLoss;

/** A loss with given numbers: a corner that a reader will ask about, or a call that torch refuses. */
public final class GivenCall {
    private final String words;
    private final TorchLoss loss;
    private final Given input;
    private final Given target;

    GivenCall(String words, TorchLoss loss, Given input, Given target) {
        this.words = words;
        this.loss = loss;
        this.input = input;
        this.target = target;
    }

    /** Of a corner, the numbers in words; of a refused call, what the message names beside torch's words. */
    public String words() {
        return words;
    }

    public TorchLoss loss() {
        return loss;
    }

    public Given input() {
        return input;
    }

    public Given target() {
        return target;
    }

    @Override
    public String toString() {
        return loss + ", input " + input + ", target " + target;
    }
}
