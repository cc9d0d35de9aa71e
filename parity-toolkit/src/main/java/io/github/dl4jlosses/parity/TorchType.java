/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/**
 * The element types of torch that this toolkit supports.
 *
 * @since 0.1.0
 */
public enum TorchType {
    /** {@code torch.uint8}. */
    UINT8(0, 0, 255),
    /** {@code torch.int8}. */
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE),
    /** {@code torch.int16}. */
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE),
    /** {@code torch.int32}. */
    INT32(3, Integer.MIN_VALUE, Integer.MAX_VALUE),
    /** {@code torch.int64}, torch's type of class indices. */
    INT64(4, Long.MIN_VALUE, Long.MAX_VALUE),
    /** {@code torch.float16}: 11 significant bits, at most 65504. */
    FLOAT16(5, BinaryFormat.HALF),
    /** {@code torch.float32}. */
    FLOAT32(6, BinaryFormat.SINGLE),
    /** {@code torch.float64}. */
    FLOAT64(7, BinaryFormat.DOUBLE),
    /** {@code torch.bool}; its values are 0 and 1 here. */
    BOOL(11, 0, 1),
    /** {@code torch.bfloat16}: the range of float32 with 8 significant bits. */
    BFLOAT16(15, BinaryFormat.BRAIN);

    private final int code;
    private final BinaryFormat format;
    private final long smallest;
    private final long largest;

    TorchType(int code, BinaryFormat format) {
        this.code = code;
        this.format = format;
        this.smallest = 0;
        this.largest = 0;
    }

    TorchType(int code, long smallest, long largest) {
        this.code = code;
        this.format = null;
        this.smallest = smallest;
        this.largest = largest;
    }

    /**
     * Returns torch's {@code ScalarType} number, which TorchScript uses in place of {@code torch.float32} and the like.
     *
     * @return the number, such as 6 for {@link #FLOAT32}
     */
    public int code() {
        return code;
    }

    /**
     * Returns whether the values are floating-point numbers.
     *
     * @return false for the integers and {@link #BOOL}
     */
    public boolean isFloatingPoint() {
        return format != null;
    }

    static TorchType ofCode(long code) {
        for (TorchType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("No TorchType has torch's scalar type code " + code);
    }

    /** The format of the floating-point types; an error for the others. */
    BinaryFormat format() {
        if (format == null) {
            throw new IllegalArgumentException(this + " is not a floating-point type");
        }
        return format;
    }

    /** The nearest value of a floating-point type, rounded as torch does: first to float32, then to a narrower type. */
    double round(double value) {
        return this == FLOAT64 ? value : format().round((float) value);
    }

    boolean holds(long value) {
        return smallest <= value && value <= largest;
    }

    /** Converts an integer that does not fit as C++ does: to its low bits, or for bool to whether it is not zero. */
    long wrap(long value) {
        return switch (this) {
            case UINT8 -> value & 0xFF;
            case INT8 -> (byte) value;
            case INT16 -> (short) value;
            case INT32 -> (int) value;
            case BOOL -> value == 0 ? 0 : 1;
            default -> value;
        };
    }
}
