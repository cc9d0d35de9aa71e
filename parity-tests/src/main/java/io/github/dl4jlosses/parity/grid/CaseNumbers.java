/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** The numbers of a case: a shape, inputs and targets that its loss accepts, corners of their range included. */
record CaseNumbers(Configuration configuration, Random random) {
    private static final int MAX_SIZE = 6;
    private static final int MAX_CLASSES = 12;

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

    TorchTensor input(long... shape) {
        return tensor(() -> configuration.spec().input().draw(random, configuration.magnitude()), shape);
    }

    /** A number for each input. */
    TorchTensor target(TorchLoss loss, long... shape) {
        boolean hard = random.nextBoolean();
        TargetRange range = configuration.spec().targetsOf(loss);
        return tensor(() -> range.draw(random, configuration.magnitude(), hard), shape);
    }

    /** A class for each row; where an option leaves out rows without one, every third row is such. */
    TorchTensor indices(TorchLoss loss, long... shape) {
        int classes = (int) shape[shape.length == 1 ? 0 : 1];
        long ignoreIndex = configuration.spec().ignoreIndexOf(loss).orElse(0);
        boolean leavesOut = leavesRowsOut() && (ignoreIndex < 0 || ignoreIndex >= classes);
        long[] rest = new PlainRows(shape).indexShape();
        long[] indices = new long[FilledArray.size(rest)];
        for (int i = 0; i < indices.length; i++) {
            boolean ignored = leavesOut && random.nextInt(3) == 0;
            indices[i] = ignored ? ignoreIndex : random.nextInt(classes);
        }
        return TorchTensor.of(TorchType.INT64, indices, rest);
    }

    private boolean leavesRowsOut() {
        LossSpec<?, ?> spec = configuration.spec();
        return spec.options().stream().anyMatch(option -> spec.leavesRowsOut(option) && configuration.uses(option));
    }

    /** Rows of zeros where the index is no class. */
    TorchTensor oneHot(TorchTensor indices, long... shape) {
        return TorchTensor.of(configuration.type(), new PlainRows(shape).oneHot(indices.toLongs()), shape);
    }

    private TorchTensor tensor(DoubleSupplier numbers, long... shape) {
        return TorchTensor.of(configuration.type(), FilledArray.numbers(numbers, shape), shape);
    }
}
