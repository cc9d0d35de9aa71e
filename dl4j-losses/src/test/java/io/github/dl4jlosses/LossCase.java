/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.TargetShapes;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A loss of every kind, with arguments that it accepts. */
enum LossCase {
    CLASS_INDICES,
    SMOOTHED_CLASS_INDICES,
    CLASS_PROBABILITIES,
    ONE_HOT,
    NEGATIVE_LOG_LIKELIHOOD,
    BINARY,
    BINARY_WITH_LOGITS,
    DIVERGENCE,
    LOG_DIVERGENCE;

    TorchLoss loss(int classes) {
        double[] weight = DoubleStream.iterate(0.5, w -> w < 2 ? w + 0.25 : 0.5)
                .limit(classes)
                .toArray();
        return switch (this) {
            case CLASS_INDICES -> CrossEntropyLoss.builder().ignoreIndex(0).build();
            case SMOOTHED_CLASS_INDICES ->
                CrossEntropyLoss.builder().weight(weight).labelSmoothing(0.1).build();
            case CLASS_PROBABILITIES ->
                CrossEntropyLoss.builder().weight(weight).labelSmoothing(0.2).build();
            case ONE_HOT ->
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
            case NEGATIVE_LOG_LIKELIHOOD -> NLLLoss.builder().weight(weight).build();
            case BINARY -> BCELoss.builder().weight(weight).build();
            case BINARY_WITH_LOGITS ->
                BCEWithLogitsLoss.builder().posWeight(weight).build();
            case DIVERGENCE ->
                KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
            case LOG_DIVERGENCE -> KLDivLoss.builder().logTarget(true).build();
        };
    }

    boolean hasTargetGradient() {
        return this != ONE_HOT && !hasIndices();
    }

    private boolean hasIndices() {
        return this == CLASS_INDICES || this == SMOOTHED_CLASS_INDICES || this == NEGATIVE_LOG_LIKELIHOOD;
    }

    INDArray input(Random random, DataType type, long... shape) {
        return this == BINARY
                ? betweenZeroAndOne(random, type, shape)
                : filled(() -> random.nextGaussian() * 3, type, shape);
    }

    INDArray target(Random random, DataType type, long... shape) {
        if (this == ONE_HOT) {
            return oneHot(random, type, shape);
        }
        if (!hasIndices()) {
            return betweenZeroAndOne(random, type, shape);
        }
        INDArray like = Nd4j.createUninitialized(DataType.INT8, shape);
        int classes = (int) shape[1];
        return filled(() -> random.nextInt(classes), DataType.INT64, TargetShapes.withoutClasses(like));
    }

    /** What the loss takes under any activation. */
    INDArray preOutput(Random random, DataType type, long rows, long classes) {
        return betweenZeroAndOne(random, type, rows, classes);
    }

    INDArray labels(Random random, DataType type, long rows, long classes) {
        INDArray target = target(random, type, rows, classes);
        return hasIndices() ? target.reshape(rows, 1) : target;
    }

    private static INDArray betweenZeroAndOne(Random random, DataType type, long... shape) {
        return filled(() -> 0.05 + 0.9 * random.nextDouble(), type, shape);
    }

    private static INDArray oneHot(Random random, DataType type, long... shape) {
        INDArray rows = Nd4j.zeros(type, shape);
        for (long n = 0; n < shape[0]; n++) {
            rows.putScalar(new long[] {n, random.nextInt((int) shape[1])}, 1);
        }
        return rows;
    }

    static INDArray filled(DoubleSupplier next, DataType type, long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        double[] values = DoubleStream.generate(next).limit(length).toArray();
        return Nd4j.createFromArray(values).reshape(shape).castTo(type);
    }
}
