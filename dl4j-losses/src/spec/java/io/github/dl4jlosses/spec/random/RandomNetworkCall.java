/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.random;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Random;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A random call of an output layer: rows, an activation, perhaps a mask. */
public final class RandomNetworkCall {
    private static final DataType[] TYPES = {
        DataType.DOUBLE, DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT, DataType.BFLOAT16, DataType.FLOAT16
    };

    private static final SpecHead[] HEADS = SpecHead.values();

    private final RandomCall rows;
    private final SpecHead activation;
    private final SpecHead seen;
    private final boolean[][] kept;
    private final INDArray mask;

    private RandomNetworkCall(RandomCall rows, SpecHead activation, SpecHead seen, boolean[][] kept, INDArray mask) {
        this.rows = rows;
        this.activation = activation;
        this.seen = seen;
        this.kept = kept;
        this.mask = mask;
    }

    /** A call, the same for the same seed. */
    public static RandomNetworkCall random(long seed) {
        return random(seed, false, TYPES);
    }

    /** A call with more rows or outputs than a kernel takes at once. */
    public static RandomNetworkCall large(long seed) {
        return random(seed, true, TYPES);
    }

    /** A call in float64. */
    public static RandomNetworkCall inDouble(long seed) {
        return random(seed, false, DataType.DOUBLE);
    }

    /** A call of one loss in float32 under one head that it takes, see {@link SpecHead#givesProbabilities}. */
    public static RandomNetworkCall of(long seed, LossSpec<?, ?> spec, SpecHead head, long... shape) {
        Random random = new Random(seed);
        return of(random, RandomCall.rows(seed, random, spec, DataType.FLOAT, head, shape), head);
    }

    private static RandomNetworkCall random(long seed, boolean large, DataType... types) {
        Random random = new Random(seed);
        SpecHead activation = HEADS[random.nextInt(HEADS.length)];
        RandomCall rows;
        do {
            rows = RandomCall.rows(seed, random, types[random.nextInt(types.length)], activation, large);
        } while (!takes(rows, activation));
        return of(random, rows, activation);
    }

    private static RandomNetworkCall of(Random random, RandomCall rows, SpecHead activation) {
        boolean[][] kept = new boolean[rows.batch().input.length][rows.batch().columns()];
        INDArray mask = mask(random, kept, !isCoupled(rows.spec(), activation));
        return new RandomNetworkCall(rows, activation, rows.spec().seen(activation), kept, mask);
    }

    /** Binary cross entropy wants probabilities; labels of the output's shape are no indices. */
    private static boolean takes(RandomCall rows, SpecHead activation) {
        boolean fits = activation.givesProbabilities() || rows.spec().takesAnything(rows.loss());
        boolean oneColumn = rows.form() == TargetForm.INDEX && rows.batch().columns() == 1;
        // what DL4J rounds to half a precision says little about the loss
        boolean rounded = rows.input().dataType().width() == 2 && !rows.spec().isFused(activation);
        return fits && !oneColumn && !rounded;
    }

    private static boolean isCoupled(LossSpec<?, ?> spec, SpecHead activation) {
        return spec.takesRows() || activation.couplesOutputs();
    }

    private static INDArray mask(Random random, boolean[][] kept, boolean perOutput) {
        int kind = random.nextInt(3);
        int columns = kept.length == 0 ? 0 : kept[0].length;
        boolean wide = kind == 2;
        double[] numbers = new double[kept.length * (wide ? columns : 1)];
        for (int r = 0; r < kept.length; r++) {
            boolean row = kind == 0 || random.nextInt(4) > 0;
            for (int c = 0; c < columns; c++) {
                kept[r][c] = (wide && perOutput) ? random.nextInt(4) > 0 : row;
                numbers[wide ? r * columns + c : r] = kept[r][c] ? 1 : 0;
            }
        }
        DataType type = random.nextBoolean() ? DataType.FLOAT : DataType.DOUBLE;
        return kind == 0 ? null : FilledArray.of(numbers, type, kept.length, wide ? columns : 1);
    }

    /** The loss with its options. */
    public TorchLoss loss() {
        return rows.loss();
    }

    /** [rows, outputs]. */
    public INDArray preOutput() {
        return rows.input();
    }

    /** Of the pre-output's shape, or [rows, 1]. */
    public INDArray labels() {
        INDArray target = rows.target();
        return rows.form() == TargetForm.INDEX ? target.reshape(target.length(), 1) : target;
    }

    /** [rows, 1], [rows, outputs] or null. */
    public INDArray mask() {
        return mask;
    }

    /** A new activation, as the layer has it. */
    public IActivation activation() {
        return activation.inDl4j();
    }

    /** Inputs and targets with the loss. */
    public RandomCall rows() {
        return rows;
    }

    /** What stands between the pre-output and the input of torch's function. */
    public SpecHead seen() {
        return seen;
    }

    /** Which outputs the mask lets take part. */
    public boolean[][] kept() {
        return kept.clone();
    }

    /** Losses and gradients by the plain formulas, with respect to the pre-output. */
    public PlainResult expected() {
        PlainBatch batch = rows.batch();
        double[][] z = batch.input;
        double[][] input = new double[z.length][];
        for (int r = 0; r < z.length; r++) {
            input[r] = seen.of(z[r]);
        }
        PlainResult result = rows.spec()
                .plainOf(
                        rows.loss(),
                        batch.dense == null
                                ? PlainBatch.classes(input, batch.classes, kept)
                                : PlainBatch.dense(input, batch.dense, kept));
        boolean coupled = seen.couplesOutputs();
        double[][] gradient = new double[z.length][];
        boolean[][] touched = new boolean[z.length][batch.columns()];
        for (int r = 0; r < z.length; r++) {
            gradient[r] = seen.back(z[r], input[r], result.gradient[r]);
            for (int c = 0; c < gradient[r].length; c++) {
                touched[r][c] = coupled ? any(result.touched[r]) : result.touched[r][c];
                // 0 times a NaN of a row that takes no part
                gradient[r][c] = touched[r][c] ? gradient[r][c] : 0;
            }
        }
        return new PlainResult(result.losses, gradient, null, result.meanDenominator, result.largestTerm, touched);
    }

    /**
     * What the framework's own activation makes of the plain gradient of the loss, where the loss does not see through it.
     *
     * <p>ND4J adds up a row of the softmax in the layer's dtype. Over thousands of outputs in float32 that loses more than
     * the loss does, which is to be told apart from it.
     *
     * @param preOutput {@link #preOutput()} as it lies in memory, which decides the order of the sum
     * @param scale what the gradient of the loss is multiplied by
     * @return the gradient with respect to the pre-output; null where the loss computes activation and itself in one
     */
    public double[][] gradientThroughFramework(INDArray preOutput, double scale) {
        PlainBatch batch = rows.batch();
        if (rows.spec().isFused(activation) || batch.dense == null) {
            return null;
        }
        PlainRows numbers = new PlainRows(preOutput.shape());
        INDArray output = activation().getActivation(preOutput.dup(), true);
        PlainResult result = rows.spec().plainOf(rows.loss(), PlainBatch.dense(numbers.of(output), batch.dense, kept));
        INDArray gradient = preOutput.dup();
        for (int r = 0; r < result.gradient.length; r++) {
            for (int c = 0; c < result.gradient[r].length; c++) {
                gradient.putScalar(r, c, result.gradient[r][c] * scale);
            }
        }
        return numbers.of(activation().backprop(preOutput.dup(), gradient).getFirst());
    }

    private static boolean any(boolean... flags) {
        for (boolean flag : flags) {
            if (flag) {
                return true;
            }
        }
        return false;
    }

    /** Whether the loss is one of rows, not of single outputs. */
    public boolean hasLossPerRow() {
        return rows.hasLossPerRow();
    }

    /** What brings it back. */
    @Override
    public String toString() {
        return rows + " under " + activation + (mask == null ? "" : ", mask of " + mask.shapeInfoToString());
    }
}
