/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** Finds the ones in one-hot rows of floats, eight zeros at a look. */
public final class OneHotRows {
    private static final int PAIRS = 4;
    private static final int LOOK = 2 * PAIRS;

    private OneHotRows() {}

    /**
     * Finds the class of each row.
     *
     * @param values the rows, one after the other
     * @param rows how many
     * @param classes the length of a row
     * @param hot where the classes go; -1 for a row of zeros
     * @param first the place of the first row's class
     * @return false where a row holds anything but zeros and a single 1
     */
    public static boolean find(float[] values, int rows, int classes, int[] hot, int first) {
        Arrays.fill(hot, first, first + rows, -1);
        FloatingBits bits = Workspace.ofThread().bits;
        int length = rows * classes;
        for (int at = 0; at < length; at += Workspace.CHUNK) {
            int n = Math.min(Workspace.CHUNK, length - at);
            long[] pairs = bits.pairs(values, at, n);
            for (int i = 0; i < n; i += LOOK) {
                int p = i / 2;
                if ((pairs[p] | pairs[p + 1] | pairs[p + 2] | pairs[p + 3]) != 0
                        && !note(values, at + i, Math.min(at + n, at + i + LOOK), classes, hot, first)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean note(float[] values, int from, int to, int classes, int[] hot, int first) {
        for (int i = from; i < to; i++) {
            if (values[i] != 0) {
                int row = i / classes;
                if (values[i] != 1 || hot[first + row] >= 0) {
                    return false;
                }
                hot[first + row] = i - row * classes;
            }
        }
        return true;
    }
}
