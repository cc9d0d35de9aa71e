/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

/**
 * How much a file may ask for. Views may repeat the numbers of a storage, so a small file could ask for any amount of
 * memory: what it gets grows with its own size.
 */
final class Budget {

    /** Java's arrays and buffers end a little below 2 GiB. */
    static final long FILE_BYTES = Integer.MAX_VALUE - 16L;

    private static final long SMALL_FILE_BYTES = 16L << 20;
    private static final long TIMES_THE_FILE = 4;

    private final long allowed;
    private long left;

    Budget(long fileBytes) {
        this.allowed = Math.min(FILE_BYTES, TIMES_THE_FILE * Math.max(SMALL_FILE_BYTES, fileBytes));
        this.left = allowed;
    }

    void take(String tensor, long bytes) {
        if (bytes > left) {
            throw new RefusedFileException(
                    "With tensor " + tensor + " of " + bytes + " bytes the tensors of the file are "
                            + "larger together than " + allowed + " bytes, which is the limit for a file of its size; "
                            + "save expanded tensors after .contiguous(), or fewer of them");
        }
        left -= bytes;
    }
}
