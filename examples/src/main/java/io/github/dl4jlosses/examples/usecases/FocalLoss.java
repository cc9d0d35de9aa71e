/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossUtil;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The focal loss of Lin et al., 2017, for yes-or-no labels: binary cross entropy with logits, times (1 - p)^gamma, where p is
 * the probability of the right answer. Examples that the network knows already count little. The mean over the outputs.
 *
 * <p>A loss of one's own, as an example. It computes from the pre-output, so the layer's activation may be sigmoid or
 * identity. Networks with equal losses have equal configurations, as with the losses of DL4J.
 */
public class FocalLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    /** How fast the weight of a known example falls; a saved network has it as JSON. */
    @JsonProperty
    private final double gamma;

    /** With a gamma of 0 it is binary cross entropy; 2 is usual. */
    @JsonCreator
    public FocalLoss(@JsonProperty("gamma") double gamma) {
        this.gamma = gamma;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        INDArray right = towardsTheRightAnswer(labels, preOutput);
        INDArray scores = focus(right).mul(crossEntropy(right));
        return masked(scores, mask).mean(true, 1);
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        INDArray right = towardsTheRightAnswer(labels, preOutput);
        INDArray gradient = slope(right).mul(sign(labels)).div(preOutput.size(1));
        return masked(gradient, mask);
    }

    /** The derivative of focus times cross entropy, by the product rule, where p' = p (1 - p). */
    INDArray slope(INDArray right) {
        INDArray p = Transforms.sigmoid(right);
        INDArray ofFocus = focus(right).mul(p).mul(-gamma).mul(crossEntropy(right));
        return ofFocus.add(slopeOfCrossEntropy(right).mul(focus(right)));
    }

    /** The weight of an example: (1 - p)^gamma. */
    final INDArray focus(INDArray right) {
        return Transforms.pow(Transforms.sigmoid(right.neg()), gamma);
    }

    /** The loss of an example, -log p, in a form that neither overflows nor cancels. */
    static INDArray crossEntropy(INDArray right) {
        INDArray tail = Transforms.exp(Transforms.abs(right).neg());
        return Transforms.max(right.neg(), 0).add(Transforms.log(tail.add(1)));
    }

    /** The derivative of -log p: p - 1. */
    static INDArray slopeOfCrossEntropy(INDArray right) {
        return Transforms.sigmoid(right.neg()).neg();
    }

    /** The logit of the right answer: z for yes, -z for no. */
    private static INDArray towardsTheRightAnswer(INDArray labels, INDArray preOutput) {
        return preOutput.mul(sign(labels));
    }

    private static INDArray sign(INDArray labels) {
        return labels.mul(2).sub(1);
    }

    private static INDArray masked(INDArray array, INDArray mask) {
        if (mask != null) {
            LossUtil.applyMask(array, mask);
        }
        return array;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, preOutput, activation, mask)
                .sumNumber()
                .doubleValue();
        return average ? sum / preOutput.size(0) : sum;
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        return Pair.of(
                computeScore(labels, preOutput, activation, mask, average),
                computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
        return "FocalLoss";
    }

    /** For messages. */
    @Override
    public String toString() {
        return name() + "(gamma=" + gamma + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FocalLoss focal && focal.getClass() == getClass() && focal.gamma == gamma;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(gamma);
    }
}
