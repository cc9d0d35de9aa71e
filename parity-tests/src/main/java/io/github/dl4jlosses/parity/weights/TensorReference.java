/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.io.IOException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a pickle says of a tensor. */
record TensorReference(StorageReference storage, long offset, List<Object> sizes, List<Object> strides) {

    INDArray read(String name, TorchArchive archive, Budget budget) throws IOException {
        return new StridedTensor(name, storage.type(), offset, numbers(name, sizes), numbers(name, strides))
                .read(archive.storage(storage), budget);
    }

    private static long[] numbers(String name, List<Object> values) {
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Integer || values.get(i) instanceof Long)) {
                throw RefusedFileException.damaged(
                        "Tensor " + name + " has a size or stride that is no number of 64 bits");
            }
            numbers[i] = ((Number) values.get(i)).longValue();
        }
        return numbers;
    }
}
