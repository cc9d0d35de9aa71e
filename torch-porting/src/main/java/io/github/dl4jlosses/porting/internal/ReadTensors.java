/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The arrays made of a file so far; they are given back at once if the rest of it is refused. */
final class ReadTensors implements AutoCloseable {

    private final Map<String, INDArray> arrays = new LinkedHashMap<>();
    private final Budget budget;
    private boolean complete;

    ReadTensors(Budget budget) {
        this.budget = budget;
    }

    void add(StridedTensor tensor, ByteBuffer storage) {
        arrays.put(tensor.name(), tensor.read(storage, budget));
    }

    Map<String, INDArray> arrays() {
        return arrays;
    }

    /** All of them; from now on they are the caller's. */
    Map<String, INDArray> complete() {
        complete = true;
        return arrays;
    }

    @Override
    public void close() {
        if (!complete) {
            arrays.values().stream().filter(INDArray::closeable).forEach(INDArray::close);
        }
    }
}
