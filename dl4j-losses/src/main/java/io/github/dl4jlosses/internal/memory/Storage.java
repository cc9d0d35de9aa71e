/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

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
 * The memory of one array: strided runs of numbers in and out as doubles, whatever its dtype.
 *
 * <p>Positions count elements from the array's own first one, so a view needs no further offset.
 */
abstract class Storage {

    /** Copies {@code n} elements from {@code position}, {@code stride} apart, into {@code to}, {@code step} apart. */
    abstract void read(long position, long stride, int n, double[] to, int at, int step);

    /** The reverse of {@link #read}; each number is rounded once. */
    abstract void write(long position, long stride, int n, double[] from, int at, int step);

    /** The storage of a non-empty array, its current content on the host. */
    static Storage of(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        DataBuffer buffer = array.data();
        Indexer indexer = buffer.indexer();
        switch (array.dataType()) {
            case DOUBLE:
                return new Doubles((DoubleIndexer) indexer);
            case FLOAT:
                return new Floats((FloatIndexer) indexer);
            case HALF:
                return new Halves((HalfIndexer) indexer);
            case BFLOAT16:
                return new Bfloats((Bfloat16Indexer) indexer);
            default:
                return new Integers(buffer);
        }
    }

    /** Tells the backend that the host's copy of the array is the newer one. */
    static void written(INDArray array) {
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    }

    private static final class Doubles extends Storage {
        private final DoubleIndexer memory;

        Doubles(DoubleIndexer memory) {
            this.memory = memory;
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            for (int i = 0; i < n; i++) {
                to[at + i * step] = memory.get(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            for (int i = 0; i < n; i++) {
                memory.put(position + i * stride, from[at + i * step]);
            }
        }
    }

    private static final class Floats extends Storage {
        private final FloatIndexer memory;

        Floats(FloatIndexer memory) {
            this.memory = memory;
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            for (int i = 0; i < n; i++) {
                to[at + i * step] = memory.get(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            for (int i = 0; i < n; i++) {
                memory.put(position + i * stride, (float) from[at + i * step]);
            }
        }
    }

    private static final class Halves extends Storage {
        private final HalfIndexer memory;

        Halves(HalfIndexer memory) {
            this.memory = memory;
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            for (int i = 0; i < n; i++) {
                to[at + i * step] = memory.get(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            for (int i = 0; i < n; i++) {
                // rounded here, so that the indexer's own conversion is exact
                memory.put(position + i * stride, (float) Precision.half(from[at + i * step]));
            }
        }
    }

    private static final class Bfloats extends Storage {
        private final Bfloat16Indexer memory;

        Bfloats(Bfloat16Indexer memory) {
            this.memory = memory;
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            for (int i = 0; i < n; i++) {
                to[at + i * step] = memory.get(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            for (int i = 0; i < n; i++) {
                memory.put(position + i * stride, (float) Precision.bfloat16(from[at + i * step]));
            }
        }
    }

    /** Labels and masks of integer dtypes: read only. */
    private static final class Integers extends Storage {
        private final DataBuffer memory;

        Integers(DataBuffer memory) {
            this.memory = memory;
        }

        @Override
        void read(long position, long stride, int n, double[] to, int at, int step) {
            for (int i = 0; i < n; i++) {
                to[at + i * step] = memory.getDouble(position + i * stride);
            }
        }

        @Override
        void write(long position, long stride, int n, double[] from, int at, int step) {
            throw new UnsupportedOperationException("no result of a loss has an integer dtype");
        }
    }
}
