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

    private static final Map<DataType, String> CPP_TYPES = Map.of(
            DataType.INT64, "long int",
            DataType.INT32, "int",
            DataType.INT16, "short int",
            DataType.INT8, "signed char",
            DataType.UINT8, "unsigned char",
            DataType.BOOL, "bool");

    private TorchNames() {}

    /** {@code [2, 3]}. */
    public static String size(INDArray array) {
        return Arrays.toString(array.shape());
    }

    /** {@code torch.Size([2, 3])}. */
    public static String pythonSize(INDArray array) {
        return pythonSize(array.shape());
    }

    /** {@code torch.Size([2, 3])} of a shape. */
    public static String pythonSize(long... shape) {
        return "torch.Size(" + Arrays.toString(shape) + ")";
    }

    /** {@code long int}, where torch's message has the name of the C++ type. */
    static String cppType(INDArray array) {
        DataType type = array.dataType();
        return CPP_TYPES.getOrDefault(type, dtype(array));
    }

    /** {@code Float}, {@code Long}, .. */
    public static String dtype(INDArray array) {
        DataType type = array.dataType();
        return DTYPES.getOrDefault(type, type.toString());
    }
}
