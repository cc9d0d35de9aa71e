/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import io.github.dl4jlosses.internal.memory.Rows;

/** How a message says where a value stands: by its index in a direct call, by its row inside a network. */
public enum Place {
    DIRECT {
        @Override
        public String ofTarget(Rows target, long row, int inClass) {
            return "target" + target.index(row, inClass);
        }

        @Override
        public String ofInput(Rows input, long row, int inClass) {
            return "input" + input.index(row, inClass);
        }
    },
    NETWORK {
        @Override
        public String ofTarget(Rows target, long row, int inClass) {
            return "labels, row " + row + (target.classes() == 1 ? "" : ", column " + inClass);
        }

        @Override
        public String ofInput(Rows input, long row, int inClass) {
            return "output layer, row " + row + (input.classes() == 1 ? "" : ", column " + inClass);
        }
    };

    public abstract String ofTarget(Rows target, long row, int inClass);

    public abstract String ofInput(Rows input, long row, int inClass);
}
