/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.random;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A loss with random options, and numbers that it accepts, all from one seed. */
public final class RandomCall {
    private static final List<Reduction> REDUCTIONS = List.of(Reduction.values());
    private static final DataType[] TYPES = {
        DataType.DOUBLE,
        DataType.DOUBLE,
        DataType.DOUBLE,
        DataType.FLOAT,
        DataType.FLOAT,
        DataType.FLOAT,
        DataType.FLOAT16,
        DataType.BFLOAT16
    };

    private final long seed;
    private final TorchLoss loss;
    private final TargetForm form;
    private final long[] shape;
    private final INDArray input;
    private final INDArray target;
    private final PlainBatch batch;
    private final boolean special;

    /** A direct call of any rank from 1 to 5, the same for the same seed. */
    public static RandomCall direct(long seed) {
        Random random = new Random(seed);
        return direct(seed, random, TYPES[random.nextInt(TYPES.length)]);
    }

    /** A direct call in float64. */
    public static RandomCall directInDouble(long seed) {
        return direct(seed, new Random(seed), DataType.DOUBLE);
    }

    private static RandomCall direct(long seed, Random random, DataType type) {
        long[] shape = shape(random);
        boolean mayBroadcast = oneIn(random, 2);
        return new RandomCall(seed, random, anySpec(random), type, shape, SpecHead.IDENTITY, mayBroadcast);
    }

    /** A direct call with more numbers than a kernel takes at once, and more rows or classes. */
    public static RandomCall largeDirect(long seed) {
        Random random = new Random(seed);
        DataType type = TYPES[random.nextInt(TYPES.length)];
        long[] shape = largeShape(random, 2 + random.nextInt(2));
        return new RandomCall(seed, random, anySpec(random), type, shape, SpecHead.IDENTITY, false);
    }

    /** What an output layer hands over: rows of outputs of the network's type, thousands of them where it is large. */
    static RandomCall rows(long seed, Random random, DataType type, SpecHead head, boolean large) {
        long[] shape = large
                ? largeShape(random, 2)
                : new long[] {1L + random.nextInt(9), oneIn(random, 40) ? 257L : 1L + random.nextInt(12)};
        return rows(seed, random, anySpec(random), type, head, shape);
    }

    /** Likewise of one loss and shape. */
    static RandomCall rows(long seed, Random random, LossSpec<?, ?> spec, DataType type, SpecHead head, long... shape) {
        return new RandomCall(seed, random, spec, type, shape, head, false);
    }

    private static LossSpec<?, ?> anySpec(Random random) {
        return LossSpecs.all().get(random.nextInt(LossSpecs.all().size()));
    }

    private RandomCall(
            long seed,
            Random random,
            LossSpec<?, ?> spec,
            DataType type,
            long[] drawn,
            SpecHead head,
            boolean mayBroadcast) {
        this.seed = seed;
        long[] most = Arrays.copyOf(drawn, Math.min(drawn.length, spec.mostDimensions()));
        form = spec.forms().get(random.nextInt(spec.forms().size()));
        if (spec.isPerRow() && most.length == 1) {
            // a single row has a class; a target of shape (1) would be read as an index
            most[0] = Math.max(2, most[0]);
        }
        int classes = (int) most[most.length == 1 ? 0 : 1];
        loss = loss(spec, form, random, classes);
        boolean broadcasts = mayBroadcast && spec.broadcasts() && most[0] > 0;
        // where an activation is applied and rounded, small numbers keep the comparison sharp
        RandomNumbers numbers = new RandomNumbers(random, type, spec.isFused(head) ? 0 : 1);
        special = numbers.areSpecial();
        InputRange range = spec.seen(head) == SpecHead.IDENTITY ? spec.input() : InputRange.ANY;
        input = numbers.input(range, broadcasts ? smaller(random, most) : most);
        if (form == TargetForm.DENSE) {
            target = numbers.dense(spec.targetsOf(loss), broadcasts ? smaller(random, most) : most);
            shape = common(input.shape(), target.shape());
            PlainRows rows = new PlainRows(shape);
            batch = PlainBatch.dense(rows.of(input), rows.of(target), null);
            return;
        }
        shape = most;
        PlainRows rows = new PlainRows(shape);
        double[][] x = rows.of(input);
        OptionalLong ignoreIndex = spec.ignoreIndexOf(loss);
        long[] indices = numbers.indices(x.length, classes, ignoreIndex, form == TargetForm.ONE_HOT);
        target = form == TargetForm.INDEX
                ? numbers.indexArray(indices, rows.indexShape())
                : FilledArray.of(rows.oneHot(indices), numbers.oneHotType(), shape);
        int[] kept = Arrays.stream(indices)
                .mapToInt(i -> isKept(i, classes, ignoreIndex) ? (int) i : PlainBatch.NONE)
                .toArray();
        batch = PlainBatch.classes(x, kept, null);
    }

    private static boolean isKept(long index, int classes, OptionalLong ignoreIndex) {
        return index >= 0 && index < classes && !ignoreIndex.equals(OptionalLong.of(index));
    }

    /** A loss whose options are all drawn, those of every loss too. */
    private static <B extends LossBuilder<B>> TorchLoss loss(
            LossSpec<?, B> spec, TargetForm form, Random random, int classes) {
        return spec.drawn(form, random, classes)
                .reduction(REDUCTIONS.get(random.nextInt(REDUCTIONS.size())))
                .miniBatch(oneIn(random, 2))
                .positionsPerExample(oneIn(random, 2) ? 1 : 1 + random.nextInt(4))
                .emptyMean(oneIn(random, 2) ? EmptyMean.NAN : EmptyMean.ZERO)
                .factor(oneIn(random, 4) ? -.3 : 1)
                .build();
    }

    private static long[] shape(Random random) {
        int rank = oneIn(random, 2) ? 2 : 1 + random.nextInt(5);
        long[] shape = new long[rank];
        for (int d = 0; d < rank; d++) {
            shape[d] = 1L + random.nextInt(d > 1 ? 3 : 6);
        }
        int classes = rank == 1 ? 0 : 1;
        shape[classes] = oneIn(random, 40) ? 257L + random.nextInt(3) : 1L + random.nextInt(14);
        if (rank == 2 && oneIn(random, 400)) {
            // enough for several threads
            shape[0] = 70_000 / shape[1];
        } else if (oneIn(random, 100)) {
            shape[0] = 0;
        }
        return shape;
    }

    /** A shape that is broadcast to the given one. */
    private static long[] smaller(Random random, long... shape) {
        int dropped = oneIn(random, 2) ? 0 : random.nextInt(shape.length + 1);
        long[] smaller = Arrays.copyOfRange(shape, dropped, shape.length);
        for (int d = 0; d < smaller.length; d++) {
            smaller[d] = oneIn(random, 3) ? 1 : smaller[d];
        }
        return smaller;
    }

    /** The shape that two shapes are broadcast to. */
    private static long[] common(long[] a, long[] b) {
        long[] common = (a.length < b.length ? b : a).clone();
        for (int d = 1; d <= Math.min(a.length, b.length); d++) {
            common[common.length - d] = a[a.length - d] == 1 ? b[b.length - d] : a[a.length - d];
        }
        return common;
    }

    /** Some ten thousand elements, of few or many classes. */
    private static long[] largeShape(Random random, int rank) {
        int classes = oneIn(random, 3) ? 100 + random.nextInt(1000) : oneIn(random, 6) ? 5000 : 2 + random.nextInt(12);
        int positions = rank == 2 ? 1 : 2 + random.nextInt(70);
        int rows = Math.max(1, (18_000 + random.nextInt(3000)) / classes / positions);
        return rank == 2 ? new long[] {rows, classes} : new long[] {rows, classes, positions};
    }

    private static boolean oneIn(Random random, int n) {
        return random.nextInt(n) == 0;
    }

    /** The description of the loss. */
    public LossSpec<?, ?> spec() {
        return LossSpecs.of(loss);
    }

    /** What the plain formulas give. */
    public PlainResult plainly() {
        return spec().plainOf(loss, batch);
    }

    /** The loss with its options. */
    public TorchLoss loss() {
        return loss;
    }

    /** What the target holds. */
    public TargetForm form() {
        return form;
    }

    /** The shape of the input, or the one that input and target are broadcast to. */
    public long[] shape() {
        return shape.clone();
    }

    /** The input, contiguous. */
    public INDArray input() {
        return input;
    }

    /** The target, contiguous. */
    public INDArray target() {
        return target;
    }

    /** The same numbers as rows. */
    public PlainBatch batch() {
        return batch;
    }

    /** What the sum of the losses is divided by. */
    public double denominator(PlainResult result) {
        return denominator(result, input.rank() > (hasLossPerRow() ? 1 : 0) ? (double) input.size(0) : 1);
    }

    /** The same for a batch of so many examples. */
    public double denominator(PlainResult result, double examples) {
        return loss.getReduction() == Reduction.SUM
                ? 1
                : loss.getReduction() == Reduction.MEAN ? result.meanDenominator : examples;
    }

    /** Whether the loss is one of rows, not of single inputs. */
    public boolean hasLossPerRow() {
        return spec().isPerRow();
    }

    /** The shape of torch's losses before they are reduced. */
    public long[] lossShape() {
        return hasLossPerRow() ? new PlainRows(shape).indexShape() : shape();
    }

    /** The class of each row for torch: the index to ignore where there is none. */
    public long[] torchIndices() {
        OptionalLong ignored = spec().ignoreIndexOf(loss);
        return Arrays.stream(batch.classes)
                .mapToLong(c -> c == PlainBatch.NONE ? ignored.orElseThrow() : c)
                .toArray();
    }

    /** Whether NaN, infinities or extreme numbers may be among the inputs. */
    public boolean isSpecial() {
        return special;
    }

    /** What brings it back. */
    @Override
    public String toString() {
        return "seed " + seed + ": " + loss + ", input " + input.dataType() + Arrays.toString(input.shape())
                + ", target " + target.dataType() + Arrays.toString(target.shape()) + " " + form;
    }
}
