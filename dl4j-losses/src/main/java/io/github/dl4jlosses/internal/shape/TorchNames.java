/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import java.util.Arrays;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shapes and dtypes as torch's messages write them. */
public final class TorchNames {
    private static final Map<DataType, String> DTYPES = Map.ofEntries(
            Map.entry(DataType.DOUBLE, "Double"),
            Map.entry(DataType.FLOAT, "Float"),
            Map.entry(DataType.FLOAT16, "Half"),
            Map.entry(DataType.BFLOAT16, "BFloat16"),
            Map.entry(DataType.INT64, "Long"),
            Map.entry(DataType.INT32, "Int"),
            Map.entry(DataType.INT16, "Short"),
            Map.entry(DataType.INT8, "Char"),
            Map.entry(DataType.UINT8, "Byte"),
            Map.entry(DataType.BOOL, "Bool"),
            Map.entry(DataType.UINT16, "UInt16"),
            Map.entry(DataType.UINT32, "UInt32"),
            Map.entry(DataType.UINT64, "UInt64"));

    private TorchNames() {}

    /** {@code [2, 3]}. */
    public static String size(INDArray array) {
        return Arrays.toString(array.shape());
    }

    /** {@code torch.Size([2, 3])}. */
    public static String pythonSize(INDArray array) {
        return "torch.Size(" + size(array) + ")";
    }

    /** {@code Float}, {@code Long}, .. */
    public static String dtype(INDArray array) {
        DataType type = array.dataType();
        return DTYPES.getOrDefault(type, type.toString());
    }
}
