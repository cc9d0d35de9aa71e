/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Scaled dot-product attention, softmax(q kᵀ / √d) v, and its gradients, for B heads of T steps and d channels each.
 */
final class AttentionHeads {
    private final INDArray query;
    private final INDArray key;
    private final INDArray value;
    private final double scale;
    /** (B, T, T); the weights of a step sum to 1. */
    private final INDArray weights;

    /** Query, key and value are (B, T, d); {@code added}, which is added to the scores, is (B, T, T) or null. */
    AttentionHeads(INDArray query, INDArray key, INDArray value, INDArray added) {
        this.query = query;
        this.key = key;
        this.value = value;
        this.scale = 1 / Math.sqrt((double) query.size(2));
        INDArray scores = product(query, transposed(key)).muli(scale);
        this.weights = softmax(added == null ? scores : scores.addi(added));
    }

    private static INDArray product(INDArray left, INDArray right) {
        return Nd4j.matmul(left, right);
    }

    private static INDArray transposed(INDArray matrices) {
        return matrices.permute(0, 2, 1).dup('c');
    }

    /** The softmax over the last dimension; a row of minus infinities gives NaN, as in torch. */
    private static INDArray softmax(INDArray scores) {
        INDArray rows = rows(scores);
        INDArray powers = Transforms.exp(rows.subColumnVector(rows.max(true, 1)), false);
        return powers.diviColumnVector(powers.sum(true, 1)).reshape('c', scores.shape());
    }

    private static INDArray rows(INDArray matrices) {
        return matrices.dup('c').reshape('c', matrices.size(0) * matrices.size(1), matrices.size(2));
    }

    /** The output, (B, T, d). */
    INDArray output() {
        return product(weights, value);
    }

    Gradients backward(INDArray ofOutput) {
        INDArray ofWeights = rows(product(ofOutput, transposed(value)));
        INDArray weightRows = rows(weights);
        // the backward of a softmax: w (g - sum(w g))
        ofWeights.subiColumnVector(ofWeights.mul(weightRows).sum(true, 1)).muli(weightRows);
        INDArray ofScores = ofWeights.muli(scale).reshape('c', weights.shape());
        return new Gradients(
                product(ofScores, key), product(transposed(ofScores), query), product(transposed(weights), ofOutput));
    }

    /** The gradients of query, key and value, each (B, T, d). */
    static final class Gradients {
        final INDArray ofQuery;
        final INDArray ofKey;
        final INDArray ofValue;

        Gradients(INDArray ofQuery, INDArray ofKey, INDArray ofValue) {
            this.ofQuery = ofQuery;
            this.ofKey = ofKey;
            this.ofValue = ofValue;
        }
    }
}
