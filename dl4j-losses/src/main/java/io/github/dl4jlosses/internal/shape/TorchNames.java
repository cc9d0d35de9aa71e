/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shapes and dtypes as torch's messages write them. */
public final class TorchNames {
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
        switch (type) {
            case DOUBLE:
                return "Double";
            case FLOAT:
                return "Float";
            case HALF:
                return "Half";
            case BFLOAT16:
                return "BFloat16";
            case LONG:
                return "Long";
            case INT:
                return "Int";
            case SHORT:
                return "Short";
            case BYTE:
                return "Char";
            case UBYTE:
                return "Byte";
            case BOOL:
                return "Bool";
            case UINT16:
                return "UInt16";
            case UINT32:
                return "UInt32";
            case UINT64:
                return "UInt64";
            default:
                return type.toString();
        }
    }
}
