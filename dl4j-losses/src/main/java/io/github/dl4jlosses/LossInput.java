/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** What a loss takes for its input, and which activation of the output layer goes with that. */
enum LossInput {
    LOGITS_OF_CLASSES("logits", "softmax or identity"),
    LOGITS_OF_OUTPUTS("logits", "sigmoid or identity"),
    PROBABILITIES("probabilities", "sigmoid"),
    LOG_PROBABILITIES("log-probabilities", "softmax or ActivationLogSoftmax"),
    NUMBERS("numbers of any size", "identity");

    private final String words;
    private final String advised;

    LossInput(String words, String advised) {
        this.words = words;
        this.advised = advised;
    }

    /** The activations to set. */
    String advised() {
        return advised;
    }

    /** Whether the loss applies a softmax or sigmoid of its own. */
    boolean isLogits() {
        return this == LOGITS_OF_CLASSES || this == LOGITS_OF_OUTPUTS;
    }

    /** Whether each output is a probability, or the logit of one, by itself. */
    boolean isBinary() {
        return this == LOGITS_OF_OUTPUTS || this == PROBABILITIES;
    }

    /** Whether an activation gives what the loss takes; of those that give numbers only a softmax cannot be meant. */
    boolean isGivenBy(IActivation applied) {
        if (this == NUMBERS) {
            return !(applied instanceof ActivationSoftmax || applied instanceof ActivationLogSoftmax);
        }
        if (isLogits()) {
            return applied instanceof ActivationIdentity;
        }
        return isBinary() ? areProbabilities(applied) : applied instanceof ActivationLogSoftmax;
    }

    /** Whether an activation gives numbers from 0 to 1. */
    static boolean areProbabilities(IActivation applied) {
        return applied instanceof ActivationSigmoid
                || applied instanceof ActivationHardSigmoid
                || applied instanceof ActivationSoftmax;
    }

    /** In words, such as {@code log-probabilities}. */
    @Override
    public String toString() {
        return words;
    }
}
