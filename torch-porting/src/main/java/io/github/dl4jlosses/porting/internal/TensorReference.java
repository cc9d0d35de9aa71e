/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.List;

/**
 * The description of a tensor in a pickle.
 *
 * @param isTrained torch's requires_grad, which a state_dict does not tell
 */
record TensorReference(
        StorageReference storage, long offset, List<Object> sizes, List<Object> strides, boolean isTrained) {

    /**
     * The place of the tensor, the same for tensors that are one. The tensor has been read, so it is known to lie
     * within its storage.
     */
    TensorPlace place(String name) {
        return new TensorPlace(storage.key(), offset, tensor(name).end(), sizes, strides);
    }

    StridedTensor tensor(String name) {
        return new StridedTensor(name, storage.type(), offset, numbers(name, sizes), numbers(name, strides));
    }

    private static long[] numbers(String name, List<Object> values) {
        long[] numbers = new long[StridedTensor.checkedRank(name, values.size())];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Integer || values.get(i) instanceof Long)) {
                throw Refused.damaged(
                        "Tensor " + Refused.shown(name) + " has a size or stride that is no number of 64 bits");
            }
            numbers[i] = ((Number) values.get(i)).longValue();
        }
        return numbers;
    }
}
