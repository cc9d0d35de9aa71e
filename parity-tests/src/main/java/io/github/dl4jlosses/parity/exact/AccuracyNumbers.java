/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
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

    /** Numbers that float32 holds, so that both types get the same. */
    double[] weights(int classes) {
        double[] weights = new double[classes];
        for (int c = 0; c < classes; c++) {
            weights[c] = .1f + 2 * random.nextFloat();
        }
        return weights;
    }

    TorchTensor logits(long... shape) {
        return tensor(() -> spread.draw(random), shape);
    }

    /** Sigmoids of logits, as a network would hand them over. */
    TorchTensor probabilities(long... shape) {
        return tensor(() -> 1 / (1 + Math.exp(-spread.draw(random))), shape);
    }

    TorchTensor hard(long... shape) {
        return tensor(() -> random.nextInt(2), shape);
    }

    TorchTensor soft(long... shape) {
        return tensor(random::nextDouble, shape);
    }

    TorchTensor indices(int classes, long... shape) {
        long[] indices = new long[size(shape)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = random.nextInt(classes);
        }
        return TorchTensor.of(TorchType.INT64, indices, shape);
    }

    /** Softmax rows, every fourth one a one-hot row. */
    TorchTensor distributions(long rows, int classes) {
        double[] values = logDistributions(rows, classes).toDoubles();
        for (int r = 0; r < rows; r++) {
            int hot = random.nextInt(classes);
            for (int c = 0; c < classes; c++) {
                int i = r * classes + c;
                values[i] = r % 4 < 3 ? Math.exp(values[i]) : c == hot ? 1 : 0;
            }
        }
        return TorchTensor.of(type, values, rows, classes);
    }

    /** Log-softmax rows. */
    TorchTensor logDistributions(long rows, int classes) {
        double[] values = new double[(int) rows * classes];
        for (int at = 0; at < values.length; at += classes) {
            double total = 0;
            for (int c = 0; c < classes; c++) {
                values[at + c] = spread.draw(random);
                total += Math.exp(values[at + c]);
            }
            for (int c = 0; c < classes; c++) {
                values[at + c] -= Math.log(total);
            }
        }
        return TorchTensor.of(type, values, rows, classes);
    }

    private TorchTensor tensor(DoubleSupplier draw, long... shape) {
        double[] values = new double[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = draw.getAsDouble();
        }
        return TorchTensor.of(type, values, shape);
    }

    private static int size(long... shape) {
        int size = 1;
        for (long extent : shape) {
            size *= (int) extent;
        }
        return size;
    }
}
