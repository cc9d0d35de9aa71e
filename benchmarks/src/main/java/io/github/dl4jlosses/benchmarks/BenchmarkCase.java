/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The numbers of one loss and shape.
 *
 * <p>Logits and dense targets repeat after some examples, which no kernel can profit from, so that torch gets the same numbers
 * without a copy of all of them on the way.
 */
final class BenchmarkCase {
    private static final long DIFFERENT = 1 << 15;

    private final LossKind kind;
    private final Shape shape;
    private final DataType type;
    private final long period;
    private final INDArray logits;
    private final INDArray dense;
    private final long[] indices;

    BenchmarkCase(LossKind kind, Shape shape, DataType type) {
        this.kind = kind;
        this.shape = shape;
        this.type = type;
        long perExample = shape.classes() * shape.positions();
        this.period = Math.min(shape.examples(), Math.max(1, DIFFERENT / perExample));
        Random random = new Random(1);
        this.logits = numbers(random, 2, 0).castTo(type).castTo(DataType.DOUBLE);
        this.dense = dense(random);
        this.indices = random.longs(shape.rows(), 0, shape.classes()).toArray();
    }

    private INDArray numbers(Random random, double factor, double offset) {
        long[] sizes = shape.ofLogits(period);
        double[] values = new double[Math.toIntExact(LongStream.of(sizes).reduce(1, Math::multiplyExact))];
        Arrays.setAll(values, i -> factor * random.nextGaussian() + offset);
        return Nd4j.createFromArray(values).reshape('c', sizes);
    }

    private INDArray dense(Random random) {
        return switch (kind.target()) {
            case PROBABILITIES -> softmax(numbers(random, 2, 0)).castTo(type).castTo(DataType.DOUBLE);
            case BINARY -> numbers(random, 1, -0.5).gt(0).castTo(DataType.DOUBLE);
            default -> null;
        };
    }

    private static INDArray softmax(INDArray array) {
        INDArray exponentials = Transforms.exp(array);
        return exponentials.div(exponentials.sum(true, 1).broadcast(array.shape()));
    }

    LossKind kind() {
        return kind;
    }

    Shape shape() {
        return shape;
    }

    DataType type() {
        return type;
    }

    TorchLoss loss() {
        return kind.loss(shape.classes());
    }

    /** The logits up to where they repeat, in double. */
    INDArray logitsOnce() {
        return logits;
    }

    /** The dense targets up to where they repeat, in double; null for class indices. */
    INDArray denseOnce() {
        return dense;
    }

    /** The class of each position. */
    long[] indices() {
        return indices.clone();
    }

    /** The logits in torch's layout. */
    INDArray allLogits() {
        return repeated(logits);
    }

    /** The logits as DL4J's loss sees them: a row for each position. */
    INDArray preOutput() {
        return rows(repeated(logits));
    }

    /** Labels as DL4J's loss sees them, in the dtype of the network. */
    INDArray labels(LossKind.Target target) {
        return switch (target) {
            case INDEX -> Nd4j.createFromArray(indices).castTo(type).reshape(shape.rows(), 1);
            case ONE_HOT -> oneHot();
            default -> rows(repeated(dense));
        };
    }

    /** The input of the direct call, in torch's layout: logits, or what the head of the layer makes of them. */
    INDArray input() {
        return repeated(kind.hasHead() ? kind.activation().getActivation(logits.dup(), false) : logits);
    }

    /** The target of the direct call, in torch's layout. */
    INDArray target() {
        return switch (kind.target()) {
            case INDEX -> Nd4j.createFromArray(indices).reshape('c', shape.ofIndices());
            case ONE_HOT -> inTorchsLayout(oneHot());
            default -> repeated(dense);
        };
    }

    private INDArray oneHot() {
        INDArray labels = Nd4j.create(type, shape.rows(), shape.classes());
        for (int row = 0; row < indices.length; row++) {
            labels.putScalar(row * shape.classes() + indices[row], 1);
        }
        return labels;
    }

    private INDArray repeated(INDArray once) {
        long times = (shape.examples() + period - 1) / period;
        return once.castTo(type)
                .reshape(1, once.length())
                .broadcast(times, once.length())
                .reshape(shape.ofLogits(times * period))
                .get(NDArrayIndex.interval(0, shape.examples()))
                .dup('c');
    }

    private INDArray rows(INDArray array) {
        if (shape.isPlain()) {
            return array;
        }
        return array.reshape('c', shape.examples(), shape.classes(), shape.positions())
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', shape.rows(), shape.classes());
    }

    private INDArray inTorchsLayout(INDArray rows) {
        return rows.reshape('c', shape.examples(), shape.positions(), shape.classes())
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', shape.ofLogits(shape.examples()));
    }
}
