/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** New arrays in the current workspace, in 'c' order, their content undefined. */
public final class NewArrays {
    private NewArrays() {}

    /** An array of the shape and dtype of another. */
    public static INDArray of(INDArray like) {
        return of(like.dataType(), like.shape());
    }

    /** An array of any rank; no shape: a scalar. */
    public static INDArray of(DataType type, long... shape) {
        return shape.length == 0 ? Nd4j.scalar(type, 0) : Nd4j.createUninitialized(type, shape, 'c');
    }
}
