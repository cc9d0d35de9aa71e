/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;

/** A tensor of the file that an operation takes. */
record Weight(String name, List<Long> shape) {

    int size(int dimension) {
        return Math.toIntExact(shape.get(dimension));
    }

    int rank() {
        return shape.size();
    }
}
