/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The element types that both torch and ND4J have, under the names of the files. */
enum ElementType {
    FLOAT64("DoubleStorage", "F64", DataType.DOUBLE),
    FLOAT32("FloatStorage", "F32", DataType.FLOAT),
    FLOAT16("HalfStorage", "F16", DataType.FLOAT16),
    BFLOAT16("BFloat16Storage", "BF16", DataType.BFLOAT16),
    INT64("LongStorage", "I64", DataType.INT64),
    INT32("IntStorage", "I32", DataType.INT32),
    INT16("ShortStorage", "I16", DataType.INT16),
    INT8("CharStorage", "I8", DataType.INT8),
    UINT8("ByteStorage", "U8", DataType.UINT8),
    BOOL("BoolStorage", "BOOL", DataType.BOOL);

    private static final int PIECE = 1 << 20;

    private static final String KNOWN = Arrays.stream(values())
            .map(type -> "torch." + type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));

    private final String storageClass;
    private final String safetensorsName;
    private final DataType dataType;

    ElementType(String storageClass, String safetensorsName, DataType dataType) {
        this.storageClass = storageClass;
        this.safetensorsName = safetensorsName;
        this.dataType = dataType;
    }

    /** The type of a storage, by the name of its class in the package {@code torch}. */
    static ElementType ofStorageClass(String name) {
        return named("torch.", name, type -> type.storageClass);
    }

    static ElementType ofSafetensorsName(String shownTensor, String name) {
        return named("dtype of the tensor " + shownTensor + ", ", name, type -> type.safetensorsName);
    }

    private static ElementType named(String kind, String name, Function<ElementType, String> nameOf) {
        for (ElementType type : values()) {
            if (nameOf.apply(type).equals(name)) {
                return type;
            }
        }
        throw new Refused("ND4J has no counterpart of the file's " + kind + Refused.shown(name)
                + "; convert the tensor in torch, with .to(...), to one of " + KNOWN);
    }

    /** The type of an array's elements. */
    static ElementType of(DataType type) {
        for (ElementType element : values()) {
            if (element.dataType == type) {
                return element;
            }
        }
        throw new IllegalArgumentException("Files of torch cannot hold elements of the type " + type);
    }

    String safetensorsName() {
        return safetensorsName;
    }

    /** Adds an element of floating point to little-endian memory. */
    void put(DataBuffer elements, long index, ByteBuffer memory) {
        switch (this) {
            case FLOAT64 -> memory.putDouble(elements.getDouble(index));
            case FLOAT32 -> memory.putFloat(elements.getFloat(index));
            case FLOAT16 -> memory.putShort(halfBits(elements.getFloat(index)));
            // networks of DL4J have no other
            default -> throw new IllegalArgumentException("Weights are no " + this);
        }
    }

    /** Of a float that a half can hold. */
    private static short halfBits(float value) {
        int sign = (Float.floatToRawIntBits(value) >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7E00);
        }
        if (Float.isInfinite(value)) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.scalb(magnitude, 24));
        }
        int fraction = (Float.floatToRawIntBits(magnitude) >>> 13) & 0x3FF;
        return (short) (sign | ((Math.getExponent(magnitude) + 15) << 10) | fraction);
    }

    int bytes() {
        return dataType.width();
    }

    /**
     * Elements of little-endian memory; positions are counted in elements.
     *
     * <p>The result is a new array, not a view. It is filled in pieces, through Java types that hold the elements
     * exactly, so that little memory is needed besides the array.
     */
    INDArray read(ByteBuffer memory, int count, IntSupplier positions, long... shape) {
        INDArray array = Nd4j.createUninitialized(dataType, shape);
        INDArray flat = array.reshape('c', new long[] {count});
        for (int begin = 0; begin < count; begin += PIECE) {
            int end = Math.min(count - begin, PIECE) + begin;
            INDArray piece = piece(memory, end - begin, positions);
            flat.get(NDArrayIndex.interval(begin, end)).assign(piece);
            release(piece);
        }
        return array;
    }

    private INDArray piece(ByteBuffer memory, int count, IntSupplier positions) {
        INDArray wide = switch (this) {
            case FLOAT64 -> Nd4j.createFromArray(doubles(memory, count, positions));
            case FLOAT32, FLOAT16, BFLOAT16 -> Nd4j.createFromArray(floats(memory, count, positions));
            case INT64 -> Nd4j.createFromArray(longs(memory, count, positions));
            case INT32, INT16, INT8, UINT8, BOOL -> Nd4j.createFromArray(ints(memory, count, positions));
        };
        INDArray piece = wide.castTo(dataType);
        if (piece != wide) {
            release(wide);
        }
        return piece;
    }

    private static void release(INDArray array) {
        if (array.closeable()) {
            array.close();
        }
    }

    private float[] floats(ByteBuffer memory, int count, IntSupplier positions) {
        float[] values = new float[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = floatAt(memory, bytes() * positions.getAsInt());
        }
        return values;
    }

    private float floatAt(ByteBuffer memory, int index) {
        return switch (this) {
            case FLOAT32 -> memory.getFloat(index);
            case BFLOAT16 -> Float.intBitsToFloat(memory.getShort(index) << 16); // the upper half of a float
            default -> half(memory.getShort(index));
        };
    }

    /** The value of 1 sign bit, 5 bits of exponent and 10 of fraction, as in IEEE 754. */
    private static float half(short bits) {
        int exponent = bits >>> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude;
        if (exponent == 0x1F) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -24);
        } else {
            magnitude = Math.scalb((float) (0x400 + fraction), exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    private static double[] doubles(ByteBuffer memory, int count, IntSupplier positions) {
        double[] values = new double[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getDouble(Double.BYTES * positions.getAsInt());
        }
        return values;
    }

    private static long[] longs(ByteBuffer memory, int count, IntSupplier positions) {
        long[] values = new long[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getLong(Long.BYTES * positions.getAsInt());
        }
        return values;
    }

    private int[] ints(ByteBuffer memory, int count, IntSupplier positions) {
        int[] values = new int[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = intAt(memory, bytes() * positions.getAsInt());
        }
        return values;
    }

    private int intAt(ByteBuffer memory, int index) {
        return switch (this) {
            case INT32 -> memory.getInt(index);
            case INT16 -> memory.getShort(index);
            case UINT8 -> memory.get(index) & 0xFF;
            case BOOL -> memory.get(index) == 0 ? 0 : 1;
            default -> memory.get(index);
        };
    }

    /** An array without elements, of a shape with a 0 in it. */
    INDArray empty(long... shape) {
        return Nd4j.create(dataType, shape);
    }
}
