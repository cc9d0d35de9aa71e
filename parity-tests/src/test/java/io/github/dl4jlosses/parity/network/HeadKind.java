/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** The activation of an output layer, and what a PyTorch user would write for it before each loss. */
enum HeadKind {
    IDENTITY,
    SIGMOID,
    SOFTMAX,
    LOG_SOFTMAX,
    TANH;

    IActivation activation() {
        return switch (this) {
            case IDENTITY -> new ActivationIdentity();
            case SIGMOID -> new ActivationSigmoid();
            case SOFTMAX -> new ActivationSoftmax();
            case LOG_SOFTMAX -> new ActivationLogSoftmax();
            case TANH -> new ActivationTanH();
        };
    }

    /** The heads that a loss sees through, and last one that it does not. */
    static List<HeadKind> of(TorchLoss loss) {
        if (loss instanceof BCELoss) {
            return List.of(SIGMOID, IDENTITY, SOFTMAX);
        }
        if (loss instanceof BCEWithLogitsLoss) {
            return List.of(IDENTITY, SIGMOID, TANH);
        }
        if (loss instanceof CrossEntropyLoss) {
            return List.of(IDENTITY, SOFTMAX, LOG_SOFTMAX, TANH);
        }
        if (loss instanceof HuberLoss) {
            return List.of(IDENTITY, TANH, SOFTMAX);
        }
        return List.of(SOFTMAX, LOG_SOFTMAX, IDENTITY, SIGMOID);
    }

    /** The loss's input in terms of the pre-output {@code z}. */
    String lossInput(TorchLoss loss) {
        boolean logProbabilities = loss instanceof NLLLoss || loss instanceof KLDivLoss;
        return switch (this) {
            case IDENTITY -> "z";
            case SIGMOID -> loss instanceof BCEWithLogitsLoss ? "z" : "torch.sigmoid(z)";
            case SOFTMAX ->
                loss instanceof CrossEntropyLoss
                        ? "z"
                        : logProbabilities ? "torch.log_softmax(z, 1)" : "torch.softmax(z, 1)";
            case LOG_SOFTMAX -> loss instanceof CrossEntropyLoss ? "z" : "torch.log_softmax(z, 1)";
            case TANH -> "torch.tanh(z)";
        };
    }

    /** Whether the outputs of a row depend on each other, so that they cannot be masked apart. */
    boolean couplesOutputs() {
        return this == SOFTMAX || this == LOG_SOFTMAX;
    }
}
