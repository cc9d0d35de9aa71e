/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import java.util.EnumMap;
import java.util.Map;

/** The working arrays of one thread, kept from call to call so that a loss leaves no garbage. */
public final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private static final int PADDING = 64;

    /** The uses of arrays; each array has one use at a time. */
    public enum Use {
        INPUT,
        TARGET,
        LOSS,
        GRADIENT,
        TARGET_GRADIENT,
        MASK,
        ROWS
    }

    /** The uses of arrays of floats. */
    public enum FloatUse {
        INPUT,
        TARGET,
        LOSS,
        RUN
    }

    private final Map<Use, double[]> doubles = new EnumMap<>(Use.class);
    private final Map<Use, double[][]> columns = new EnumMap<>(Use.class);
    private final Map<FloatUse, float[]> floats = new EnumMap<>(FloatUse.class);
    private final ReadAhead[] ahead = {new ReadAhead(), new ReadAhead(), new ReadAhead()};
    private int lastAhead;
    private boolean[] flags = new boolean[0];
    private int[] indices = new int[0];

    private Scratch() {}

    public static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** At least {@code length} doubles, their content undefined. */
    public double[] doubles(Use use, int length) {
        double[] array = doubles.get(use);
        if (array == null || array.length < length) {
            array = new double[padded(length)];
            doubles.put(use, array);
        }
        return array;
    }

    /** At least {@code classes} arrays of at least {@code rows} doubles, their content undefined. */
    public double[][] columns(Use use, int classes, int rows) {
        double[][] arrays = columns.get(use);
        if (arrays == null || arrays.length < classes || arrays[0].length < rows) {
            int length = arrays == null ? padded(rows) : Math.max(padded(rows), arrays[0].length);
            arrays = new double[arrays == null ? classes : Math.max(classes, arrays.length)][length];
            columns.put(use, arrays);
        }
        return arrays;
    }

    /** The length rounded up, so that loops over an array may run past its content. */
    private static int padded(int length) {
        return (length + PADDING - 1) / PADDING * PADDING;
    }

    /** At least {@code length} flags, their content undefined. */
    public boolean[] flags(int length) {
        if (flags.length < length) {
            flags = new boolean[length];
        }
        return flags;
    }

    /** At least {@code length} floats, their content undefined. */
    public float[] floats(FloatUse use, int length) {
        float[] array = floats.get(use);
        if (array == null || array.length < length) {
            array = new float[padded(length)];
            floats.put(use, array);
        }
        return array;
    }

    /** Memory for rows that are read ahead: the one of input, target and mask that was not filled for longest. */
    ReadAhead readAhead() {
        lastAhead = (lastAhead + 1) % ahead.length;
        return ahead[lastAhead];
    }

    /** At least {@code length} class indices, their content undefined. */
    public int[] indices(int length) {
        if (indices.length < length) {
            indices = new int[length];
        }
        return indices;
    }
}
