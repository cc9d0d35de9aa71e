/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An array seen as rows of {@code classes} numbers: (N, C, d1..dk) has N·d1·..·dk rows of C, in torch's order.
 *
 * <p>Only this class and its storage know orders, strides, views and dtypes.
 */
public final class Rows {
    private final INDArray array;
    private final Storage storage;
    private final int classDimension;
    private final long count;
    private final int classes;
    private final long classStride;
    /** The number of steps, for rows that are sequences of steps with classes each. */
    private final int steps;

    private final long stepStride;
    private final boolean isOfSequences;
    /**
     * Sizes and strides of the row dimensions; neighbouring dimensions are merged if one stride fits both. Never empty.
     */
    private final long[] extents;

    private final long[] strides;
    /** The array's row that is row 0 here. */
    private final long start;
    /** The number of row 0 in messages. */
    private final long number;
    /** Rows that were read ahead, if they have not been overwritten since. */
    private ReadAhead ahead;

    private long fillOfAhead;

    private Rows(INDArray array, int classDimension) {
        this.array = array;
        this.start = 0;
        this.number = 0;
        this.classDimension = classDimension;
        long[] shape = array.shape();
        boolean hasClasses = classDimension >= 0;
        this.classes = hasClasses ? Math.toIntExact(shape[classDimension]) : 1;
        long rows = 1;
        for (int d = 0; d < shape.length; d++) {
            rows *= d == classDimension ? 1 : shape[d];
        }
        this.count = rows;
        this.steps = 1;
        this.stepStride = 0;
        this.isOfSequences = false;
        boolean empty = rows == 0 || classes == 0;
        this.storage = empty ? null : Storage.of(array);
        this.classStride = empty || !hasClasses ? 1 : array.stride(classDimension);
        if (empty || shape.length == 0) {
            this.extents = new long[] {1};
            this.strides = new long[] {0};
        } else if (shape.length == 2 && hasClasses) {
            // the usual case leaves less garbage
            this.extents = new long[] {shape[1 - classDimension]};
            this.strides = new long[] {array.stride(1 - classDimension)};
        } else {
            long[] extent = new long[shape.length + 1];
            long[] stride = new long[shape.length + 1];
            int used = Math.max(1, merge(shape, array.stride(), classDimension, extent, stride));
            extent[0] = Math.max(1, extent[0]);
            this.extents = Arrays.copyOf(extent, used);
            this.strides = Arrays.copyOf(stride, used);
        }
    }

    /** Sequences: step t of sequence n lies at t step strides plus n sequence strides. */
    private Rows(INDArray array, int steps, long stepStride, long sequences, long sequenceStride) {
        int last = array.rank() - 1;
        this.array = array;
        this.start = 0;
        this.number = 0;
        this.classDimension = last;
        this.steps = steps;
        this.stepStride = stepStride;
        this.isOfSequences = true;
        this.count = sequences;
        this.classes = Math.multiplyExact(steps, Math.toIntExact(array.size(last)));
        this.storage = array.isEmpty() ? null : Storage.of(array);
        this.classStride = array.isEmpty() ? 1 : array.stride(last);
        this.extents = new long[] {Math.max(1, sequences)};
        this.strides = new long[] {sequenceStride};
    }

    private Rows(Rows other, long start, long count, long number) {
        this.array = other.array;
        this.start = start;
        this.number = number;
        this.storage = other.storage == null ? null : other.storage.copy();
        this.classDimension = other.classDimension;
        this.count = count;
        this.classes = other.classes;
        this.classStride = other.classStride;
        this.steps = other.steps;
        this.stepStride = other.stepStride;
        this.isOfSequences = other.isOfSequences;
        this.extents = other.extents;
        this.strides = other.strides;
    }

    /** An array with a shape and a dtype, but memory for a single number, in place of one that comes later. */
    public static INDArray standIn(DataType type, long rows, long classes) {
        return rows == 0 || classes == 0
                ? Nd4j.create(type, rows, classes)
                : Nd4j.create(Nd4j.createBuffer(type, 1, true), new long[] {rows, classes}, new long[2], 0, 'c', type);
    }

    /** A new array in the current workspace, in 'c' order, with undefined content; an empty shape gives a scalar. */
    public static INDArray newArray(DataType type, long... shape) {
        return shape.length == 0 ? Nd4j.scalar(type, 0) : Nd4j.createUninitialized(type, shape, 'c');
    }

    /** Rows over the same memory for another thread; one object serves one thread at a time. */
    public Rows copy() {
        return new Rows(this, start, count, number);
    }

    /** Rows {@code first} to {@code first + n} of these, over the same memory; messages name them as before. */
    public Rows part(long first, long n) {
        return new Rows(this, start + first, n, number + first);
    }

    /** The same rows as a part of a larger whole, in which row 0 is the given row. */
    public Rows numberedFrom(long row) {
        return new Rows(this, start, count, row);
    }

    /** The number of a row in messages. */
    public long number(long row) {
        return number + row;
    }

    private static int merge(long[] shape, long[] stride, int without, long[] extents, long[] strides) {
        int used = 0;
        for (int d = 0; d < shape.length; d++) {
            if (d == without || shape[d] == 1) {
                continue;
            }
            if (used > 0 && strides[used - 1] == shape[d] * stride[d]) {
                extents[used - 1] *= shape[d];
                strides[used - 1] = stride[d];
            } else {
                extents[used] = shape[d];
                strides[used++] = stride[d];
            }
        }
        return used;
    }

    /** Rows along torch's class dimension: 1, or 0 for rank 1; a scalar is one row of one number. */
    public static Rows of(INDArray array) {
        int rank = array.rank();
        return new Rows(array, rank == 0 ? -1 : rank == 1 ? 0 : 1);
    }

    /** Every element a row of its own, as class indices are: (N, d1..dk) has N·d1·..·dk rows of one number. */
    public static Rows ofSingles(INDArray array) {
        return new Rows(array, -1);
    }

    /**
     * Each sequence a row, step after step.
     *
     * @param array (T, N, C), (T, C), or the rows of a DL4J output layer, (T·N, C), in which row t·N + n is step t of
     *     sequence n
     * @param steps T
     */
    public static Rows ofSequences(INDArray array, int steps) {
        if (array.rank() == 3) {
            return array.isEmpty()
                    ? new Rows(array, steps, 0, array.size(1), 0)
                    : new Rows(array, steps, array.stride(0), array.size(1), array.stride(1));
        }
        long sequences = array.size(0) / Math.max(1, steps);
        long stride = array.isEmpty() ? 0 : array.stride(0);
        return new Rows(array, steps, sequences * stride, sequences, stride);
    }

    /** The rows of another array of the same shape. */
    public Rows over(INDArray other) {
        return isOfSequences ? ofSequences(other, steps) : new Rows(other, classDimension);
    }

    public INDArray array() {
        return array;
    }

    public long count() {
        return count;
    }

    public int classes() {
        return classes;
    }

    /** The number of elements. */
    public long length() {
        return count * classes;
    }

    /**
     * Copies rows {@code first} to {@code first + n} into {@code to}, row after row. If rows lie side by side in
     * memory, some later ones are read, too, and kept for the next call.
     */
    public void read(long first, int n, double[] to) {
        if (n < rowsTogether()) {
            readAhead(first, n, to);
        } else {
            move(first, n, to, false);
        }
    }

    /** Writes rows {@code first} to {@code first + n} from {@code from}, each number rounded once. */
    public void write(long first, int n, double[] from) {
        move(first, n, from, true);
    }

    /** Whether the elements are floats, so that the methods for them may be called. */
    public boolean areFloats() {
        return array.dataType() == DataType.FLOAT;
    }

    /** {@link #read(long, int, double[])} of floats. */
    public void read(long first, int n, float[] to) {
        if (n < rowsTogether()) {
            readAhead(first, n, to);
        } else {
            move(first, n, to, false);
        }
    }

    /** The number of consecutive rows that one thread should read, because they share cache lines; 1 if none do. */
    public int rowsTogether() {
        int inner = extents.length - 1;
        boolean share = !isOfSequences && classes > 1 && classStride > strides[inner];
        return share ? (int) Math.min(extents[inner], ReadAhead.rows(classes)) : 1;
    }

    private void readAhead(long first, int n, Object to) {
        for (int done = 0; done < n; ) {
            long row = first + done;
            if (ahead == null || !ahead.has(row, fillOfAhead)) {
                ahead = Scratch.ofThread().readAhead();
                fillOfAhead = ahead.fill(this, row, (int) Math.min(rowsTogether(), count - row));
            }
            done += ahead.copy(row, n - done, to, done * classes);
        }
    }

    /** {@link #write(long, int, double[])} of floats. */
    public void write(long first, int n, float[] from) {
        move(first, n, from, true);
    }

    /** Copies rows {@code first} to {@code first + n}, class c of them into {@code to[c]}. */
    public void readColumns(long first, int n, double[][] to) {
        if (lieSideBySide(first, n)) {
            moveSideBySide(first, n, to, false);
            return;
        }
        if (areFloats()) {
            float[] rows = Scratch.ofThread().floats(Scratch.FloatUse.INPUT, n * classes);
            read(first, n, rows);
            Transposition.spread(rows, classes, to, n);
        } else {
            double[] rows = Scratch.ofThread().doubles(Scratch.Use.ROWS, n * classes);
            read(first, n, rows);
            Transposition.spread(rows, classes, to, n);
        }
    }

    /** The reverse of {@link #readColumns}; each number is rounded once. */
    public void writeColumns(long first, int n, double[][] from) {
        if (lieSideBySide(first, n)) {
            moveSideBySide(first, n, from, true);
            return;
        }
        if (areFloats()) {
            float[] rows = Scratch.ofThread().floats(Scratch.FloatUse.INPUT, n * classes);
            Transposition.gather(from, classes, rows, n);
            write(first, n, rows);
        } else {
            double[] rows = Scratch.ofThread().doubles(Scratch.Use.ROWS, n * classes);
            Transposition.gather(from, classes, rows, n);
            write(first, n, rows);
        }
    }

    /** Whether neighbours in memory belong to one class, and all these rows are one stride apart. */
    private boolean lieSideBySide(long first, int n) {
        int inner = extents.length - 1;
        return classStride > strides[inner] && (start + first) % extents[inner] + n <= extents[inner];
    }

    /** Must be called once all rows are written. */
    public void written() {
        if (storage != null) {
            Storage.written(array);
        }
    }

    private void moveSideBySide(long first, int n, double[][] values, boolean write) {
        if (write) {
            ahead = null;
        }
        long position = position(first);
        try {
            for (int c = 0; c < classes; c++) {
                transfer(position + c * classStride, strides[strides.length - 1], n, values[c], 0, 1, write);
            }
        } finally {
            Reference.reachabilityFence(array);
        }
    }

    /** Moves rows in either direction, ignoring what was read ahead. */
    void move(long first, int n, Object values, boolean write) {
        if (write && ahead != null) {
            ahead.forget(first + n, fillOfAhead);
        }
        int inner = extents.length - 1;
        try {
            for (int done = 0; done < n; ) {
                long row = first + done;
                int run = (int) Math.min(n - done, extents[inner] - (start + row) % extents[inner]);
                moveRun(position(row), strides[inner], run, values, done * classes, write);
                done += run;
            }
        } finally {
            // ND4J frees memory once the array is unreachable, and the caller may have dropped it
            Reference.reachabilityFence(array);
        }
    }

    /** Rows that lie a constant stride apart; the nearer neighbours in memory make the inner loop. */
    private void moveRun(long position, long rowStride, int n, Object values, int at, boolean write) {
        if (isOfSequences) {
            moveSequences(position, rowStride, n, values, at, write);
            return;
        }
        if (classStride == 1 && rowStride == classes) {
            transfer(position, 1, n * classes, values, at, 1, write);
        } else if (classStride <= rowStride) {
            for (int i = 0; i < n; i++) {
                transfer(position + i * rowStride, classStride, classes, values, at + i * classes, 1, write);
            }
        } else if (!write && values instanceof float[]) {
            readTransposed(position, rowStride, n, (float[]) values, at);
        } else {
            for (int c = 0; c < classes; c++) {
                transfer(position + c * classStride, rowStride, n, values, at + c, classes, write);
            }
        }
    }

    /** Reads several classes at once, so that a row's memory is written in runs, too. */
    private void readTransposed(long position, long rowStride, int n, float[] to, int at) {
        float[] columns = Scratch.ofThread().floats(Scratch.FloatUse.RUN, Transposition.AT_ONCE * n);
        for (int c = 0; c < classes; c += Transposition.AT_ONCE) {
            int run = Math.min(Transposition.AT_ONCE, classes - c);
            for (int i = 0; i < run; i++) {
                storage.move(position + (c + i) * classStride, rowStride, n, columns, i * n, 1, false);
            }
            Transposition.gather(columns, n, run, to, at + c, classes);
        }
    }

    private void moveSequences(long position, long rowStride, int n, Object values, int at, boolean write) {
        int ofStep = steps == 0 ? 0 : classes / steps;
        for (int i = 0; i < n; i++) {
            for (int t = 0; t < steps; t++) {
                long from = position + i * rowStride + t * stepStride;
                transfer(from, classStride, ofStep, values, at + i * classes + t * ofStep, 1, write);
            }
        }
    }

    private void transfer(long position, long stride, int n, Object values, int at, int step, boolean write) {
        if (values instanceof float[]) {
            storage.move(position, stride, n, (float[]) values, at, step, write);
        } else if (write) {
            storage.write(position, stride, n, (double[]) values, at, step);
        } else {
            storage.read(position, stride, n, (double[]) values, at, step);
        }
    }

    private long position(long row) {
        long position = 0;
        long rest = start + row;
        for (int d = extents.length - 1; d >= 0; d--) {
            position += rest % extents[d] * strides[d];
            rest /= extents[d];
        }
        return position;
    }

    /** The single number of a row as a long, exactly, for arrays of an integer dtype. */
    public long longAt(long row) {
        try {
            return array.data().getLong(position(row));
        } finally {
            Reference.reachabilityFence(array);
        }
    }

    /** The single number of a row. */
    public double doubleAt(long row) {
        try {
            return array.data().getDouble(position(row));
        } finally {
            Reference.reachabilityFence(array);
        }
    }

    /** The index of an element in the array, {@code [i, j, ..]}, for messages; empty for a scalar. */
    public String index(long row, int inClass) {
        long[] shape = array.shape();
        if (shape.length == 0) {
            return "";
        }
        long[] index = new long[shape.length];
        long rest = start + row;
        for (int d = shape.length - 1; d >= 0; d--) {
            if (d == classDimension) {
                index[d] = inClass;
            } else {
                index[d] = rest % shape[d];
                rest /= shape[d];
            }
        }
        return Arrays.toString(index);
    }
}
