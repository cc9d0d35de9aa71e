/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Puts a tensor's numbers into ND4J memory in one of the ways DL4J does: 'c', 'f', or a view into something larger. */
final class Layout {
    private static final DataType[] INDEX_TYPES = {
        DataType.INT64, DataType.INT32, DataType.INT16, DataType.FLOAT, DataType.DOUBLE
    };

    private final Random random;

    Layout(Random random) {
        this.random = random;
    }

    INDArray of(TorchTensor tensor) {
        INDArray array = tensor.toArray();
        if (array.rank() == 0) {
            return array;
        }
        return switch (random.nextInt(3)) {
            case 0 -> array;
            case 1 -> array.dup('f');
            default -> view(array);
        };
    }

    INDArray ofIndices(TorchTensor indices) {
        INDArray array = of(indices);
        DataType type = INDEX_TYPES[random.nextInt(INDEX_TYPES.length)];
        // an index such as Long.MIN_VALUE fits no smaller type
        boolean small =
                java.util.Arrays.stream(indices.toLongs()).allMatch(index -> Math.abs(index) < 1000 && index > -1000);
        return small ? array.castTo(type) : array;
    }

    private static INDArray view(INDArray array) {
        long[] larger = array.shape().clone();
        INDArrayIndex[] part = new INDArrayIndex[larger.length];
        for (int d = 0; d < larger.length; d++) {
            part[d] = NDArrayIndex.interval(1, 1 + larger[d]);
            larger[d] += 2;
        }
        INDArray surroundings =
                Nd4j.valueArrayOf(larger, Double.NaN, DataType.DOUBLE).castTo(array.dataType());
        INDArray view = surroundings.get(part);
        view.assign(array);
        return view;
    }
}
