/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration.Family;
import io.github.dl4jlosses.parity.grid.Configuration.Ignoring;
import io.github.dl4jlosses.parity.grid.Configuration.Weighting;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** The numbers of a case: shapes, weights, inputs and targets that its loss accepts, corners of their range included. */
final class CaseNumbers {
    private static final int MAX_SIZE = 6;
    private static final int MAX_CLASSES = 12;

    private final Configuration configuration;
    private final Random random;

    CaseNumbers(Configuration configuration, Random random) {
        this.configuration = configuration;
        this.random = random;
    }

    long[] shape() {
        long[] shape = new long[configuration.rank()];
        for (int d = 0; d < shape.length; d++) {
            // the product stays small for rank 5
            shape[d] = 1L + random.nextInt(d > 1 ? 3 : MAX_SIZE);
        }
        // now and then more classes than a tile or a vector has places; two at least, since one class is another rule
        shape[shape.length == 1 ? 0 : 1] = random.nextInt(50) == 0 ? 257 : 2 + random.nextInt(MAX_CLASSES);
        return shape;
    }

    /** Multiples of 1/16, which every floating type holds exactly. */
    double[] weights(Weighting weighting, int classes) {
        if (weighting == Weighting.NONE) {
            return null;
        }
        double[] weights = new double[weighting == Weighting.SINGLE ? 1 : classes];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (1 + random.nextInt(48)) / 16.0;
        }
        return weights;
    }

    long ignoreIndex(int classes) {
        return switch (configuration.ignoring()) {
            case A_CLASS -> random.nextInt(classes);
            case OUTSIDE -> new long[] {-100, -1, 255L + classes, Long.MIN_VALUE}[random.nextInt(4)];
            case NOTHING -> -100;
        };
    }

    TorchTensor input(long[] shape) {
        double magnitude = configuration.magnitude();
        if (configuration.family() == Family.BCE) {
            return tensor(shape, () -> corner() ? random.nextInt(2) : 1 / (1 + Math.exp(-magnitude * gaussian())));
        }
        if (configuration.family() == Family.KL_DIV || configuration.family() == Family.NLL) {
            return tensor(shape, () -> -magnitude * Math.abs(gaussian()));
        }
        return tensor(shape, () -> magnitude * gaussian());
    }

    TorchTensor target(long[] shape) {
        boolean hard = random.nextBoolean();
        return switch (configuration.family()) {
            case BCE -> tensor(shape, () -> hard ? random.nextInt(2) : random.nextDouble());
            case BCE_WITH_LOGITS ->
                tensor(shape, () -> hard ? random.nextInt(2) : corner() ? 2 * gaussian() : random.nextDouble());
            case KL_DIV ->
                configuration.logTarget()
                        ? tensor(shape, () -> -Math.abs(3 * gaussian()))
                        : tensor(shape, () -> corner() ? 0 : random.nextDouble());
            // distances below delta, beyond it, of 0, and of exactly 1
            case HUBER -> tensor(shape, () -> corner() ? random.nextInt(2) : configuration.magnitude() * gaussian());
            default -> tensor(shape, () -> corner() ? random.nextInt(2) : random.nextDouble());
        };
    }

    TorchTensor indices(long[] shape, int classes, long ignoreIndex) {
        long[] indices = new long[size(shape)];
        for (int i = 0; i < indices.length; i++) {
            boolean ignored = configuration.ignoring() == Ignoring.OUTSIDE && random.nextInt(3) == 0;
            indices[i] = ignored ? ignoreIndex : random.nextInt(classes);
        }
        return TorchTensor.of(TorchType.INT64, indices, shape);
    }

    /** Rows of zeros where the index is no class. */
    TorchTensor oneHot(TorchTensor indices, long[] shape) {
        long[] index = indices.toLongs();
        int classes = (int) shape[shape.length == 1 ? 0 : 1];
        int inner = 1;
        for (int d = 2; d < shape.length; d++) {
            inner *= (int) shape[d];
        }
        double[] values = new double[size(shape)];
        for (int row = 0; row < index.length; row++) {
            if (index[row] >= 0 && index[row] < classes) {
                values[row / inner * classes * inner + (int) index[row] * inner + row % inner] = 1;
            }
        }
        return TorchTensor.of(configuration.type(), values, shape);
    }

    private boolean corner() {
        return random.nextInt(10) == 0;
    }

    private double gaussian() {
        return random.nextGaussian();
    }

    private TorchTensor tensor(long[] shape, DoubleSupplier numbers) {
        double[] values = new double[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.getAsDouble();
        }
        return TorchTensor.of(configuration.type(), values, shape);
    }

    private static int size(long[] shape) {
        int size = 1;
        for (long extent : shape) {
            size *= (int) extent;
        }
        return size;
    }
}
