/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.util.Set;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/**
 * The kind of input that a loss takes, which decides the activation of its output layer. The loss computes from the
 * layer's pre-output through the activations that belong to its input, so no activation is applied twice.
 *
 * <pre>{@code
 * new CrossEntropyLoss().takes(); // logits
 * new CrossEntropyLoss().takes().isReadThrough(new ActivationSoftmax()); // true
 * }</pre>
 *
 * @since 0.1.0
 */
public enum LossInput {
    /** One logit for each class; the loss applies the softmax itself. */
    LOGITS_OF_CLASSES("logits", "softmax or identity", Fused.SOFTMAX),
    /** One logit for each output; the loss applies the sigmoid itself. */
    LOGITS_OF_OUTPUTS("logits", "sigmoid or identity", Fused.SIGMOID),
    /** A probability for each output. */
    PROBABILITIES("probabilities", "sigmoid", Fused.SIGMOID),
    /** The logarithm of the probability of each class. */
    LOG_PROBABILITIES("log-probabilities", "softmax or ActivationLogSoftmax", Fused.SOFTMAX),
    /** Predictions, numbers of any size and sign. */
    NUMBERS("numbers of any size", "identity", Fused.NOTHING),
    /** Scores that the loss compares with a margin, or whose sign says yes or no. */
    SCORES("scores", "identity", Fused.NOTHING),
    /** The distance of each pair. */
    DISTANCES("distances", "identity or softplus", Fused.NOTHING),
    /** The expected count of each output. */
    RATES("rates, which are above 0", "softplus", Fused.NOTHING),
    /** The logarithm of the expected count of each output. */
    LOG_RATES("logarithms of rates", "identity", Fused.NOTHING);

    /** DL4J's activations that never give a negative number, apart from the softmax. */
    private static final Set<Class<?>> NOT_NEGATIVE = Set.of(
            ActivationSoftPlus.class,
            ActivationReLU.class,
            ActivationReLU6.class,
            ActivationThresholdedReLU.class,
            ActivationRectifiedTanh.class,
            ActivationSigmoid.class,
            ActivationHardSigmoid.class);

    private final String words;
    private final String advised;
    private final Fused fused;

    /** The activations that a loss computes together with itself. */
    private enum Fused {
        NOTHING,
        SIGMOID,
        /** The softmax and its logarithm. */
        SOFTMAX
    }

    LossInput(String words, String advised, Fused fused) {
        this.words = words;
        this.advised = advised;
        this.fused = fused;
    }

    /**
     * The activations to set in an output layer.
     *
     * @return their names
     */
    public String advised() {
        return advised;
    }

    /**
     * Whether the loss applies a softmax or sigmoid of its own.
     *
     * @return true for logits
     */
    public boolean isLogits() {
        return this == LOGITS_OF_CLASSES || this == LOGITS_OF_OUTPUTS;
    }

    /**
     * Whether the input is a probability, its logarithm or its logit.
     *
     * @return false for predictions, scores, distances and rates
     */
    public boolean isOfProbabilities() {
        return fused != Fused.NOTHING;
    }

    /**
     * Whether each output alone is a probability, or the logit of one.
     *
     * @return false for classes and for numbers
     */
    public boolean isBinary() {
        return this == LOGITS_OF_OUTPUTS || this == PROBABILITIES;
    }

    /**
     * Whether the loss computes from the pre-output of a layer with this activation. Any other activation is applied
     * first, and the gradient goes back through it.
     *
     * @param activation of an output layer
     * @return true for the identity and the activations that belong to this input
     */
    public boolean isReadThrough(IActivation activation) {
        return activation.getClass() == ActivationIdentity.class || isFusedWith(activation);
    }

    /** Whether loss and activation are computed together. Exact classes only: a subclass may compute something else. */
    boolean isFusedWith(IActivation activation) {
        Class<?> type = activation.getClass();
        return fused == Fused.SOFTMAX
                ? type == ActivationSoftmax.class || type == ActivationLogSoftmax.class
                : fused == Fused.SIGMOID && type == ActivationSigmoid.class;
    }

    /**
     * Whether an activation gives what the loss takes. Losses that take numbers accept any activation but a softmax.
     *
     * @param applied an activation that is applied before the loss
     * @return true where the two go together
     */
    public boolean isGivenBy(IActivation applied) {
        boolean identity = applied instanceof ActivationIdentity;
        switch (this) {
            case NUMBERS:
                return !isSoftmax(applied);
            case DISTANCES:
                return identity || NOT_NEGATIVE.contains(applied.getClass());
            case RATES:
                return NOT_NEGATIVE.contains(applied.getClass());
            case PROBABILITIES:
                return givesProbabilities(applied);
            case LOG_PROBABILITIES:
                return applied instanceof ActivationLogSoftmax;
            default:
                // logits and their like may be of any size and sign
                return identity;
        }
    }

    /**
     * Whether the outputs of an activation depend on each other.
     *
     * @param activation of an output layer
     * @return true for softmax and its logarithm
     */
    public static boolean isSoftmax(IActivation activation) {
        return activation instanceof ActivationSoftmax || activation instanceof ActivationLogSoftmax;
    }

    /**
     * Whether an activation gives numbers from 0 to 1.
     *
     * @param activation of a layer
     * @return true for the sigmoids and the softmax
     */
    public static boolean givesProbabilities(IActivation activation) {
        return activation instanceof ActivationSigmoid
                || activation instanceof ActivationHardSigmoid
                || activation instanceof ActivationSoftmax;
    }

    /**
     * The input in words.
     *
     * @return such as {@code log-probabilities}
     */
    @Override
    public String toString() {
        return words;
    }
}
