/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cuts the rows of a pass into chunks, and provides the memory for one chunk. */
final class Chunks {
    /** The most numbers in a chunk of pre-output, unless rows are very long or the user chooses the size. */
    static final int NUMBERS = 1 << 24;

    /** With fewer rows products are slow. */
    private static final long FEWEST_ROWS = 64;

    private final long rows;
    private final long rowsOfChunk;
    private final LayerWorkspaceMgr workspaceMgr;
    private final ArrayType working;
    private final ArrayType loop;

    private Chunks(long rows, long rowsOfChunk, LayerWorkspaceMgr workspaceMgr, boolean backward) {
        this.rows = rows;
        this.rowsOfChunk = Math.max(1, rowsOfChunk);
        this.workspaceMgr = workspaceMgr;
        this.working = backward ? ArrayType.BP_WORKING_MEM : ArrayType.FF_WORKING_MEM;
        this.loop = backward ? ArrayType.RNN_BP_LOOP_WORKING_MEM : ArrayType.RNN_FF_LOOP_WORKING_MEM;
    }

    /** All rows in one chunk. */
    static Chunks one(long rows, LayerWorkspaceMgr workspaceMgr, boolean backward) {
        return new Chunks(rows, rows, workspaceMgr, backward);
    }

    /** Chunks of this many rows; the last one may have fewer. */
    static Chunks of(long rows, long rowsOfChunk, LayerWorkspaceMgr workspaceMgr, boolean backward) {
        return new Chunks(rows, Math.min(rows, rowsOfChunk), workspaceMgr, backward);
    }

    /** Chunks of nearly equal size, as large as {@link #NUMBERS} allows. */
    static Chunks chosen(long rows, long outputs, LayerWorkspaceMgr workspaceMgr, boolean backward) {
        long most = Math.max(FEWEST_ROWS, NUMBERS / Math.max(1, outputs));
        long chunks = Math.max(1, (rows + most - 1) / most);
        return new Chunks(rows, (rows + chunks - 1) / chunks, workspaceMgr, backward);
    }

    long rows() {
        return rows;
    }

    /** An array for the largest chunk. */
    INDArray newArray(DataType type, long outputs) {
        return workspaceMgr.createUninitialized(working, type, new long[] {Math.min(rows, rowsOfChunk), outputs}, 'c');
    }

    /** The work on one chunk. */
    @FunctionalInterface
    interface Step {
        /** Returns what the chunk adds to the sum. */
        double of(long first, long n);
    }

    /** The sum over all chunks. Memory allocated in a step is free again after it. */
    @SuppressWarnings("try") // a scope is closed, and not used
    double sum(Step step) {
        double sum = 0;
        for (long first = 0; first < rows; first += rowsOfChunk) {
            try (MemoryWorkspace ofChunk = workspaceMgr.notifyScopeEntered(loop)) {
                sum += step.of(first, Math.min(rowsOfChunk, rows - first));
            }
        }
        return sum;
    }
}
