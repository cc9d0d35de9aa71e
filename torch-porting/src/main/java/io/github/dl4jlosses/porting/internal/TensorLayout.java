/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * How the numbers of torch's tensors lie in a parameter of DL4J, there and back.
 *
 * @param toDl4j of the tensors of a parameter, in its order
 * @param toTorch of the parameter; what has the shape of the tensor but for a reshape in 'c' order
 */
record TensorLayout(Function<List<INDArray>, INDArray> toDl4j, Function<INDArray, List<INDArray>> toTorch) {

    static final TensorLayout SAME = of(value -> value, value -> value);

    /** DL4J multiplies from the left. */
    static final TensorLayout TRANSPOSED = of(INDArray::transpose, INDArray::transpose);

    /** The logarithm of the standard deviation, which is half of that of the variance. */
    static final TensorLayout LOG10_OF_ROOT = of(
            variance -> Transforms.log(variance, true).divi(2 * Math.log(10)),
            log -> Transforms.exp(log.mul(2 * Math.log(10)), false));

    /** DL4J declares [out, in, k, 1], but its kernel reads the same memory as [k, in, out]. */
    static final TensorLayout CONVOLUTION_1D = of(
            tensor -> tensor.permute(2, 1, 0).dup('c'),
            parameter -> parameter
                    .dup('c')
                    .reshape('c', parameter.size(2), parameter.size(1), parameter.size(0))
                    .permute(2, 1, 0));

    /** torch has an output channel for each pair of input channel and multiplier, DL4J a dimension for both. */
    static final TensorLayout DEPTHWISE = of(
            tensor -> tensor.permute(2, 3, 0, 1).dup('c'),
            parameter -> parameter
                    .permute(2, 3, 0, 1)
                    .dup('c')
                    .reshape('c', parameter.size(2) * parameter.size(3), 1, parameter.size(0), parameter.size(1)));

    /** torch's blocks of rows are i, f, g, o; DL4J's columns, in torch's terms, are g, f, o, i. */
    static final TensorLayout GATES = of(
            tensor -> blocks(tensor, 2, 1, 3, 0).transpose(), parameter -> blocks(parameter.transpose(), 3, 1, 0, 2));

    /** torch adds two biases where DL4J has one; back go all of it and zeros. */
    static final TensorLayout SUM_OF_GATES =
            new TensorLayout(tensors -> blocks(tensors.get(0).add(tensors.get(1)), 2, 1, 3, 0), parameter -> {
                INDArray sum = blocks(parameter.reshape('c', new long[] {parameter.length()}), 3, 1, 0, 2);
                return List.of(sum, Nd4j.zerosLike(sum));
            });

    /** The same without gates. */
    static final TensorLayout SUM = new TensorLayout(tensors -> tensors.get(0).add(tensors.get(1)), parameter -> {
        INDArray sum = parameter.dup('c').reshape('c', new long[] {parameter.length()});
        return List.of(sum, Nd4j.zerosLike(sum));
    });

    static TensorLayout of(UnaryOperator<INDArray> toDl4j, UnaryOperator<INDArray> toTorch) {
        return new TensorLayout(
                tensors -> toDl4j.apply(tensors.get(0)), parameter -> List.of(toTorch.apply(parameter)));
    }

    /** Quarters of the rows in another order. */
    private static INDArray blocks(INDArray tensor, int... order) {
        INDArray rows = tensor.dup('c').reshape('c', tensor.size(0), tensor.length() / tensor.size(0));
        long size = rows.size(0) / order.length;
        INDArray[] blocks = new INDArray[order.length];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = rows.get(NDArrayIndex.interval(order[i] * size, (order[i] + 1) * size), NDArrayIndex.all());
        }
        return Nd4j.concat(0, blocks);
    }
}
