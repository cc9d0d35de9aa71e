/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.function.LongToDoubleFunction;
import org.bytedeco.javacpp.indexer.Bfloat16Indexer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.HalfIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of one array of any dtype, which reads and writes strided runs of numbers as doubles.
 *
 * <p>Positions count elements from the array's own first one, so a view needs no further offset.
 */
abstract class Storage {

    /** Copies {@code n} elements from {@code position}, {@code stride} apart, into {@code to}, {@code step} apart. */
    abstract void read(long position, long stride, int n, double[] to, int at, int step);

    /** The same memory for another thread. */
    abstract Storage copy();

    /** The reverse of {@link #read}; each number is rounded once. */
    abstract void write(long position, long stride, int n, double[] from, int at, int step);

    /** Reads or writes floats without conversion; only for arrays of floats. */
    void move(long position, long stride, int n, float[] values, int at, int step, boolean write) {
        throw new UnsupportedOperationException("the elements are not floats");
    }

    /** The storage of a non-empty array, with its current content on the host. */
    static Storage of(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        DataBuffer buffer = array.data();
        Indexer indexer = buffer.indexer();
        switch (array.dataType()) {
            case DOUBLE:
                return new Doubles(buffer);
            case FLOAT:
                return new Floats(buffer);
            case HALF:
                return Elements.ofHalves((HalfIndexer) indexer);
            case BFLOAT16:
                return Elements.ofBfloats((Bfloat16Indexer) indexer);
            default:
                return Elements.ofIntegers(buffer);
        }
    }

    /** Tells the backend that the host's copy of the array is the newer one. */
    static void written(INDArray array) {
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    }

    /** Shorter runs are copied element by element, because a buffer over the memory would cost more. */
    private static final int BULK = 64;

    /** Smaller arrays are, too, because a buffer leaves a hundred bytes of garbage. */
    private static final int SMALL = 512;

    /** Whether a buffer of java.nio pays off and can address the memory. */
    private static boolean isForBulk(DataBuffer memory, int elementSize) {
        return memory.length() >= SMALL && (memory.offset() + memory.length()) * elementSize <= Integer.MAX_VALUE;
    }

    private static final class Doubles extends Storage {
        private final DataBuffer buffer;
        private final DoubleIndexer memory;
        private DoubleBuffer bulk;
        /** The place of the array's first element. */
        private int start;

        Doubles(DataBuffer buffer) {
            this.buffer = buffer;
            this.memory = (DoubleIndexer) buffer.indexer();
        }

        /** Whether a run can be copied at once; if so, the bulk buffer is positioned at it. */
        private boolean seek(long position, long stride, int n, int step) {
            if (stride != 1 || step != 1 || n < BULK || !isForBulk(buffer, Double.BYTES)) {
                return false;
            }
            if (bulk == null) {
                bulk = buffer.asNioDouble();
                start = bulk.position();
            }
            bulk.position(start + (int) position);
            return true;
        }

        @Override
        Storage copy() {
            return new Doubles(buffer);
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            if (seek(position, stride, n, step)) {
                bulk.get(to, at, n);
                return;
            }
            for (int i = 0; i < n; i++) {
                to[at + i * step] = memory.get(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            if (seek(position, stride, n, step)) {
                bulk.put(from, at, n);
                return;
            }
            for (int i = 0; i < n; i++) {
                memory.put(position + i * stride, from[at + i * step]);
            }
        }
    }

    private static final class Floats extends Storage {
        private final DataBuffer buffer;
        private final FloatIndexer memory;
        private FloatBuffer bulk;
        /** The place of the array's first element. */
        private int start;

        /** Deliberately not a constant: a conversion is only vectorised together with a product. */
        private double one = 1;

        Floats(DataBuffer buffer) {
            this.buffer = buffer;
            this.memory = (FloatIndexer) buffer.indexer();
        }

        /** Whether a run can be copied at once; if so, the bulk buffer is positioned at it. */
        private boolean seek(long position, long stride, int n) {
            if (stride != 1 || n < BULK || !isForBulk(buffer, Float.BYTES)) {
                return false;
            }
            if (bulk == null) {
                bulk = buffer.asNioFloat();
                start = bulk.position();
            }
            bulk.position(start + (int) position);
            return true;
        }

        @Override
        Storage copy() {
            return new Floats(buffer);
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            if (!seek(position, stride, n)) {
                for (int i = 0; i < n; i++) {
                    to[at + i * step] = memory.get(position + i * stride);
                }
                return;
            }
            float[] floats = Scratch.ofThread().floats(Scratch.FloatUse.RUN, n);
            bulk.get(floats, 0, n);
            if (at == 0 && step == 1) {
                widen(floats, to, n);
                return;
            }
            for (int i = 0; i < n; i++) {
                to[at + i * step] = floats[i];
            }
        }

        /** A loop with the same index on both sides, because newer JIT compilers vectorise only these. */
        private static void widen(float[] from, double[] to, int n) {
            for (int i = 0; i < n; i++) {
                to[i] = from[i];
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            if (!seek(position, stride, n)) {
                for (int i = 0; i < n; i++) {
                    memory.put(position + i * stride, (float) from[at + i * step]);
                }
                return;
            }
            float[] floats = Scratch.ofThread().floats(Scratch.FloatUse.RUN, n);
            if (at == 0 && step == 1) {
                narrow(from, floats, n, one);
            } else {
                for (int i = 0; i < n; i++) {
                    floats[i] = (float) from[at + i * step];
                }
            }
            bulk.put(floats, 0, n);
        }

        @Override
        void move(long position, long stride, int n, float[] values, int at, int step, boolean write) {
            if (step == 1 && seek(position, stride, n)) {
                if (write) {
                    bulk.put(values, at, n);
                } else {
                    bulk.get(values, at, n);
                }
                return;
            }
            for (int i = 0; i < n; i++) {
                if (write) {
                    memory.put(position + i * stride, values[at + i * step]);
                } else {
                    values[at + i * step] = memory.get(position + i * stride);
                }
            }
        }

        private static void narrow(double[] from, float[] to, int n, double one) {
            for (int i = 0; i < n; i++) {
                to[i] = (float) (from[i] * one);
            }
        }
    }

    /** The rarer dtypes, element by element. */
    private static final class Elements extends Storage {
        private final LongToDoubleFunction getter;
        private final Setter setter;

        Elements(LongToDoubleFunction getter, Setter setter) {
            this.getter = getter;
            this.setter = setter;
        }

        /** Stores one number, rounded once. */
        interface Setter {
            void put(long position, double value);
        }

        static Elements ofHalves(HalfIndexer memory) {
            // rounded here, so that the indexer's own conversion is exact
            return new Elements(memory::get, (at, value) -> memory.put(at, (float) Precision.half(value)));
        }

        static Elements ofBfloats(Bfloat16Indexer memory) {
            return new Elements(memory::get, (at, value) -> memory.put(at, (float) Precision.bfloat16(value)));
        }

        /** Labels and masks: read only. */
        static Elements ofIntegers(DataBuffer memory) {
            return new Elements(memory::getDouble, (at, value) -> {
                throw new UnsupportedOperationException("no result of a loss has an integer dtype");
            });
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            for (int i = 0; i < n; i++) {
                to[at + i * step] = getter.applyAsDouble(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            for (int i = 0; i < n; i++) {
                setter.put(position + i * stride, from[at + i * step]);
            }
        }

        /** The same object: indexers have no position. */
        @Override
        Storage copy() {
            return this;
        }
    }
}
