/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.ByteBuffer;

/**
 * Copies tensors into torch's memory and back, as float64 or int64: DJL crashes the JVM on an array of an unknown type.
 */
final class Transfer {

    private Transfer() {}

    static PtNDArray toTorch(PtNDManager manager, TorchTensor tensor) {
        boolean floating = tensor.type().isFloatingPoint();
        PtNDArray array = manager.create(new Shape(tensor.shape()), floating ? DataType.FLOAT64 : DataType.INT64);
        if (array.size() > 0 && floating) {
            memory(array).asDoubleBuffer().put(tensor.toDoubles());
        } else if (array.size() > 0) {
            memory(array).asLongBuffer().put(tensor.toLongs());
        }
        return array;
    }

    static TorchTensor fromTorch(NDArray array, TorchType type) {
        int size = Math.toIntExact(array.size());
        long[] shape = array.getShape().getShape();
        if (type.isFloatingPoint()) {
            double[] values = new double[size];
            if (size > 0) {
                memory(array).asDoubleBuffer().get(values);
            }
            return TorchTensor.of(type, values, shape);
        }
        return TorchTensor.of(type, longs(array), shape);
    }

    static long[] longs(NDArray array) {
        long[] values = new long[Math.toIntExact(array.size())];
        if (values.length > 0) {
            memory(array).asLongBuffer().get(values);
        }
        return values;
    }

    /** A view of torch's own memory. A buffer of Java would be freed only by garbage collection. */
    private static ByteBuffer memory(NDArray array) {
        return array.toByteBuffer(true);
    }
}
