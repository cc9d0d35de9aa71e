/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/** A tensor of the file that an operation takes. */
record Weight(String name, List<Long> shape, DataType type) {

    int size(int dimension) {
        return Math.toIntExact(shape.get(dimension));
    }

    int rank() {
        return shape.size();
    }
}
