/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import io.github.dl4jlosses.internal.memory.Rows;

/** How a message gives the place of a value: by its index in a direct call, by its row in a network. */
public enum Place {
    DIRECT,
    NETWORK,
    /** In a network whose labels are not rows of the output layer: also by its index. */
    LABELS;

    public String ofTarget(Rows target, long row, int inClass) {
        if (this == NETWORK) {
            return "labels" + inNetwork(target, row, inClass);
        }
        return (this == DIRECT ? "target" : "labels") + target.index(row, inClass);
    }

    public String ofInput(Rows input, long row, int inClass) {
        return this == DIRECT ? "input" + input.index(row, inClass) : "output layer" + inNetwork(input, row, inClass);
    }

    private static String inNetwork(Rows rows, long row, int inClass) {
        return ", row " + rows.number(row) + (rows.classes() == 1 ? "" : ", column " + inClass);
    }
}
