/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

/**
 * How much a file may ask for. Views may repeat the numbers of a storage, and names those of modules, so a small file could
 * ask for any amount of memory: what it gets grows with its own size.
 */
final class Budget {

    /** Java's arrays and buffers end a little below 2 GiB. */
    static final long FILE_BYTES = Integer.MAX_VALUE - 16L;

    /** The most tensors of a file, and the most attributes of its modules, which may share tensors. */
    static final int MOST_TENSORS = 100_000;

    private static final long SMALL_FILE_BYTES = 16L << 20;
    private static final long TIMES_THE_FILE = 4;

    private static final int LONGEST_NAME = 1000;

    /**
     * The memory of an array besides its numbers, on and off Java's heap, as measured; tensors may share one storage.
     */
    private static final long BYTES_OF_AN_ARRAY = 2500;

    private final long allowed;
    private long left;
    private int tensors;

    Budget(long fileBytes) {
        this.allowed = Math.min(FILE_BYTES, TIMES_THE_FILE * Math.max(SMALL_FILE_BYTES, fileBytes));
        this.left = allowed;
    }

    void takeTensor(String tensor, long bytes) {
        if (++tensors > MOST_TENSORS) {
            throw tooMany();
        }
        take("With tensor " + Refused.shown(tensor) + " of " + bytes + " bytes", bytes + BYTES_OF_AN_ARRAY);
    }

    static Refused tooMany() {
        return new Refused("The file has more than " + MOST_TENSORS + " tensors");
    }

    /** Names of modules in modules are made of shared parts, so a small file could ask for long ones. */
    void takeName(String... parts) {
        long length = 0;
        for (String part : parts) {
            length += part.length();
            if (length <= LONGEST_NAME && !part.codePoints().allMatch(Refused::isPlain)) {
                throw Refused.damaged(
                        "The name of a tensor has characters that nothing shows: '" + Refused.shown(part) + "'");
            }
        }
        if (length > LONGEST_NAME) {
            throw new Refused("The name of a tensor has " + length + " characters; " + LONGEST_NAME + " are the limit");
        }
        take("With their names", Character.BYTES * length);
    }

    private void take(String what, long bytes) {
        if (bytes > left) {
            throw new Refused(what + " the tensors of the file are larger together than " + allowed
                    + " bytes, which is the limit for a file of its size; save expanded tensors after .contiguous(), or "
                    + "fewer of them");
        }
        left -= bytes;
    }
}
