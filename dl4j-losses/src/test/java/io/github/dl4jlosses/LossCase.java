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
    LOG_DIVERGENCE,
    HUBER;

    TorchLoss loss(int classes) {
        double[] weight = DoubleStream.iterate(0.5, w -> w < 2 ? w + 0.25 : 0.5)
                .limit(classes)
                .toArray();
        switch (this) {
            case CLASS_INDICES:
                return new CrossEntropyLoss();
            case SMOOTHED_CLASS_INDICES:
                return CrossEntropyLoss.builder()
                        .weight(weight)
                        .labelSmoothing(0.1)
                        .build();
            case CLASS_PROBABILITIES:
                return CrossEntropyLoss.builder()
                        .weight(weight)
                        .labelSmoothing(0.2)
                        .build();
            case ONE_HOT:
                return CrossEntropyLoss.builder()
                        .targetFormat(TargetFormat.ONE_HOT)
                        .build();
            case NEGATIVE_LOG_LIKELIHOOD:
                return NLLLoss.builder().weight(weight).build();
            case BINARY:
                return BCELoss.builder().weight(weight).build();
            case BINARY_WITH_LOGITS:
                return BCEWithLogitsLoss.builder().posWeight(weight).build();
            case DIVERGENCE:
                return KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
            case LOG_DIVERGENCE:
                return KLDivLoss.builder().logTarget(true).build();
            case HUBER:
                return HuberLoss.builder().delta(0.5).build();
        }
        throw new AssertionError(this);
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
        // the first row is kept, so that a mean has something to divide by
        int[] rows = {0};
        return filled(
                () -> rows[0]++ > 0 && random.nextInt(5) == 0
                        ? ClassLoss.DEFAULT_IGNORE_INDEX
                        : random.nextInt(classes),
                DataType.INT64,
                TargetShapes.withoutClasses(like));
    }

    /** What the loss takes under any activation. */
    INDArray preOutput(Random random, DataType type, long rows, long classes) {
        return betweenZeroAndOne(random, type, rows, classes);
    }

    INDArray labels(Random random, DataType type, long rows, long classes) {
        if (hasIndices() && classes == 1) {
            // labels of the output's shape are no indices
            return Nd4j.ones(type, rows, 1);
        }
        INDArray target = target(random, type, rows, classes);
        return hasIndices() ? target.reshape(rows, 1) : target;
    }

    private static INDArray betweenZeroAndOne(Random random, DataType type, long... shape) {
        return filled(() -> 0.05 + 0.9 * random.nextDouble(), type, shape);
    }

    private static INDArray oneHot(Random random, DataType type, long... shape) {
        INDArray oneHot = Nd4j.zeros(type, shape);
        long positions = shape.length > 2 ? shape[2] : 1;
        for (long n = 0; n < shape[0]; n++) {
            for (long d = 0; d < positions; d++) {
                long hot = random.nextInt((int) shape[1]);
                oneHot.putScalar(shape.length > 2 ? new long[] {n, hot, d} : new long[] {n, hot}, 1);
            }
        }
        return oneHot;
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
