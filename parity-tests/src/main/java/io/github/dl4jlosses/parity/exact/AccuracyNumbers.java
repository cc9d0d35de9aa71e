/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainCrossEntropy;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** Random tensors of one type with logits of one spread. */
final class AccuracyNumbers {
    private final TorchType type;
    private final Spread spread;
    private final Random random;

    AccuracyNumbers(TorchType type, Spread spread, long seed) {
        this.type = type;
        this.spread = spread;
        this.random = new Random(seed * 31 + spread.toString().hashCode());
    }

    Spread spread() {
        return spread;
    }

    TorchTensor input(Inputs kind, long... shape) {
        return switch (kind) {
            case LOGITS -> logits(shape);
            case MAGNITUDES -> tensor(() -> Math.abs(spread.draw(random)), shape);
            case SIGMOIDS -> tensor(() -> 1 / (1 + Math.exp(-spread.draw(random))), shape);
            case LOG_SOFTMAX -> logDistributions(shape);
        };
    }

    TorchTensor target(Targets kind, long... shape) {
        return switch (kind) {
            case INDICES -> indices(shape);
            case LISTS ->
                TorchTensor.of(
                        TorchType.INT64,
                        FilledArray.numbers(
                                () -> TargetRange.CLASS_LISTS.draw(random, 1, false, (int) shape[1]), shape),
                        shape);
            case HARD -> tensor(() -> random.nextInt(2), shape);
            case SIGNS -> tensor(() -> 2 * random.nextInt(2) - 1, shape);
            case COUNTS -> tensor(() -> random.nextInt(20), shape);
            case SOFT -> tensor(random::nextDouble, shape);
            case SOFTMAX -> distributions(shape);
            case LOG_SOFTMAX -> logDistributions(shape);
            case LOGITS -> logits(shape);
        };
    }

    private TorchTensor logits(long... shape) {
        return tensor(() -> spread.draw(random), shape);
    }

    private TorchTensor indices(long... shape) {
        long[] rest = new PlainRows(shape).indexShape();
        long[] indices = random.ints(FilledArray.size(rest), 0, (int) shape[1])
                .asLongStream()
                .toArray();
        return TorchTensor.of(TorchType.INT64, indices, rest);
    }

    /** Softmax rows, every fourth one a one-hot row. */
    private TorchTensor distributions(long... shape) {
        double[][] rows = logSoftmax(shape);
        for (int r = 0; r < rows.length; r++) {
            int hot = random.nextInt(rows[r].length);
            for (int c = 0; c < rows[r].length; c++) {
                rows[r][c] = r % 4 < 3 ? Math.exp(rows[r][c]) : c == hot ? 1 : 0;
            }
        }
        return tensor(rows, shape);
    }

    /** Log-softmax rows. */
    private TorchTensor logDistributions(long... shape) {
        return tensor(logSoftmax(shape), shape);
    }

    private double[][] logSoftmax(long... shape) {
        return Arrays.stream(new double[FilledArray.size(shape) / (int) shape[1]][(int) shape[1]])
                .map(row -> {
                    Arrays.setAll(row, c -> spread.draw(random));
                    return PlainCrossEntropy.logSoftmax(row);
                })
                .toArray(double[][]::new);
    }

    private TorchTensor tensor(double[][] rows, long... shape) {
        return TorchTensor.of(type, new PlainRows(shape).summed(rows, shape), shape);
    }

    private TorchTensor tensor(DoubleSupplier draw, long... shape) {
        return TorchTensor.of(type, FilledArray.numbers(draw, shape), shape);
    }
}
