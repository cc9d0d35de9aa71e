/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** The activation of an output layer, as far as a loss can see through it. */
enum Head {
    IDENTITY,
    SIGMOID,
    SOFTMAX,
    LOG_SOFTMAX,
    OTHER;

    /** Exact classes only: a subclass may compute something else. */
    static Head of(IActivation activation) {
        Class<?> type = activation.getClass();
        if (type == ActivationIdentity.class) {
            return IDENTITY;
        }
        if (type == ActivationSigmoid.class) {
            return SIGMOID;
        }
        if (type == ActivationSoftmax.class) {
            return SOFTMAX;
        }
        return type == ActivationLogSoftmax.class ? LOG_SOFTMAX : OTHER;
    }

    /** Whether the outputs of a row depend on each other. */
    boolean isSoftmax() {
        return this == SOFTMAX || this == LOG_SOFTMAX;
    }
}
