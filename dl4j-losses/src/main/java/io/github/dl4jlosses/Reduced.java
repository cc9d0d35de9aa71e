/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.Pass;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.network.AppliedActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A batch with the denominator and the factor of its loss: the one place for means, empty means and factors. */
final class Reduced {
    private final Batch batch;
    private final double denominator;
    private final double factor;
    /** Whether the mean of an empty batch is 0 by choice. */
    private final boolean isZero;
    /** The activation of the layer; null in a direct call, and if the loss computes from the pre-output. */
    private final AppliedActivation applied;

    Reduced(TorchLoss loss, Batch batch, double examples, double factor, AppliedActivation applied) {
        this.batch = batch;
        this.denominator = loss.getReduction() == Reduction.SUM
                ? 1
                : loss.getReduction() == Reduction.MEAN ? batch.meanDenominator() : examples;
        this.factor = factor * loss.getFactor();
        this.isZero = denominator == 0 && loss.getEmptyMean() == EmptyMean.ZERO;
        this.applied = applied;
    }

    Batch batch() {
        return batch;
    }

    double value() {
        return isZero ? 0 : reduced(Pass.sum(batch, scale()));
    }

    INDArray gradient() {
        INDArray gradient = newGradient();
        if (isZero) {
            gradient.assign(0);
        } else {
            Pass.gradient(batch, scale(), batch.input().over(gradient));
        }
        return gradient;
    }

    LossAndGradient valueAndGradient() {
        INDArray gradient = newGradient();
        return new LossAndGradient(valueWithGradientInto(gradient), gradient);
    }

    /** The value; the gradient goes into an array of the input's shape. */
    double valueWithGradientInto(INDArray gradient) {
        if (isZero) {
            gradient.assign(0);
            return 0;
        }
        return reduced(Pass.sumAndGradient(batch, scale(), batch.input().over(gradient)));
    }

    private INDArray newGradient() {
        INDArray like = batch.input().array();
        return Rows.newArray(like.dataType(), like.shape());
    }

    void targetGradientInto(INDArray gradient) {
        if (isZero) {
            gradient.assign(0);
        } else {
            Pass.targetGradient(batch, scale(), batch.input().over(gradient));
        }
    }

    INDArray throughActivation(INDArray gradient) {
        return isZero || applied == null ? gradient : applied.gradient(gradient, batch);
    }

    private double scale() {
        return factor / denominator;
    }

    /** The sum divided by the denominator; where torch divides each term by itself, another pass for each term. */
    private double reduced(double sum) {
        if (!batch.isApart(denominator)) {
            return sum / denominator * factor;
        }
        double reduced = 0;
        for (Batch term : batch.terms()) {
            reduced += Pass.sum(term, 1) / denominator;
        }
        return reduced * factor;
    }
}
