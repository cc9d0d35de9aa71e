/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.TorchLoss;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
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
    private final Shape outputs;
    private final DataType type;
    private final long period;
    private final INDArray logits;
    private final INDArray dense;
    private final long[] indices;

    BenchmarkCase(LossKind kind, Shape shape, DataType type) {
        this.kind = kind;
        this.shape = shape;
        this.outputs = shape.withClassesTimes(kind.outputsPerNumber());
        this.type = type;
        long perExample = outputs.classes() * outputs.positions();
        this.period = Math.min(shape.examples(), Math.max(1, DIFFERENT / perExample));
        Random random = new Random(1);
        this.logits = logits(random).castTo(type).castTo(DataType.DOUBLE);
        this.dense = dense(random);
        this.indices = random.longs(shape.rows(), 0, shape.classes()).toArray();
    }

    private INDArray logits(Random random) {
        INDArray numbers = numbers(outputs, () -> 2 * random.nextGaussian());
        // a rate is positive
        return kind == LossKind.POISSON_RATES ? Transforms.exp(numbers) : numbers;
    }

    private INDArray numbers(Shape of, DoubleSupplier numbers) {
        long[] sizes = of.ofLogits(period);
        long length = LongStream.of(sizes).reduce(1, Math::multiplyExact);
        return Nd4j.createFromArray(DoubleStream.generate(numbers).limit(length).toArray())
                .reshape('c', sizes);
    }

    private INDArray dense(Random random) {
        return switch (kind.target()) {
            case PROBABILITIES ->
                softmax(numbers(shape, () -> 2 * random.nextGaussian()))
                        .castTo(type)
                        .castTo(DataType.DOUBLE);
            case BINARY -> numbers(shape, () -> random.nextGaussian() > 0.5 ? 1 : 0);
            case SIGNS -> numbers(shape, () -> random.nextGaussian() > 0.5 ? 1 : -1);
            case NUMBERS ->
                numbers(shape, () -> 2 * random.nextGaussian()).castTo(type).castTo(DataType.DOUBLE);
            case COUNTS -> numbers(shape, () -> random.nextInt(10));
            case LISTS -> lists(random);
            case INDEX, ONE_HOT -> null;
        };
    }

    /** Of classes, none of them twice in a row. */
    private INDArray lists(Random random) {
        INDArray lists = Nd4j.valueArrayOf(new long[] {period, shape.classes()}, -1.0, DataType.DOUBLE);
        int classes = Math.toIntExact(shape.classes());
        for (int row = 0; row < period; row++) {
            int[] listed = random.ints(0, classes)
                    .distinct()
                    .limit(1 + random.nextInt(Math.min(3, classes)))
                    .toArray();
            for (int i = 0; i < listed.length; i++) {
                lists.putScalar(row, i, listed[i]);
            }
        }
        return lists;
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

    /** How many numbers the input has, and the target where it is no class for each row. */
    long elements() {
        return outputs.elements() + (kind.target().isDense() ? shape.elements() : 0);
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
        return repeated(logits, outputs);
    }

    /** The logits as DL4J's loss sees them: a row for each position. */
    INDArray preOutput() {
        INDArray rows = rows(repeated(logits, outputs), outputs);
        return shape.isInColumns() ? rows.dup('f') : rows;
    }

    /** Labels as DL4J's loss sees them, in the dtype of the network. */
    INDArray labels(LossKind.Target target) {
        return switch (target) {
            case INDEX -> Nd4j.createFromArray(indices).castTo(type).reshape(shape.rows(), 1);
            case ONE_HOT -> oneHot();
            case BINARY -> rows(repeated(dense.gt(0).castTo(DataType.DOUBLE), shape), shape);
            default -> rows(repeated(dense, shape), shape);
        };
    }

    /** The input of the direct call, in torch's layout: logits, or what the head of the layer makes of them. */
    INDArray input() {
        return repeated(kind.hasHead() ? kind.activation().getActivation(logits.dup(), false) : logits, outputs);
    }

    /** The target of the direct call, in torch's layout. */
    INDArray target() {
        return switch (kind.target()) {
            case INDEX -> Nd4j.createFromArray(indices).reshape('c', shape.ofIndices());
            case ONE_HOT -> inTorchsLayout(oneHot());
            default -> repeated(dense, shape);
        };
    }

    private INDArray oneHot() {
        INDArray labels = Nd4j.create(type, shape.rows(), shape.classes());
        for (int row = 0; row < indices.length; row++) {
            labels.putScalar(row * shape.classes() + indices[row], 1);
        }
        return labels;
    }

    private INDArray repeated(INDArray once, Shape all) {
        long times = (all.examples() + period - 1) / period;
        return once.castTo(type)
                .reshape(1, once.length())
                .broadcast(times, once.length())
                .reshape(all.ofLogits(times * period))
                .get(NDArrayIndex.interval(0, all.examples()))
                .dup('c');
    }

    private static INDArray rows(INDArray array, Shape all) {
        if (all.isPlain()) {
            return array;
        }
        return array.reshape('c', all.examples(), all.classes(), all.positions())
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', all.rows(), all.classes());
    }

    private INDArray inTorchsLayout(INDArray rows) {
        return rows.reshape('c', shape.examples(), shape.positions(), shape.classes())
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', shape.ofLogits(shape.examples()));
    }
}
