/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;

/** How the features become the pre-output {@code z}, the same in both frameworks. */
enum LinearMap {
    ROWS("z = torch.add(torch.matmul(features, weights), bias)"),
    TIME_STEPS("z = torch.movedim(torch.add(torch.matmul(torch.movedim(features, 1, 2), weights), bias), 2, 1)"),
    /** Framework bug: Convolution1DLayer reads its [C, I, 1, 1] weights as if they lay in memory as [1, I, C]. */
    CONVOLUTION_1D("w2 = torch.reshape(weights, [4, 3])\n"
            + "z = torch.movedim(torch.add(torch.matmul(torch.movedim(features, 1, 2), w2), bias), 2, 1)"),
    CONVOLUTION_2D("z = torch.conv2d(features, weights, bias)"),
    CONVOLUTION_3D("z = torch.conv3d(features, weights, bias)");

    /** The statements that make {@code z} from {@code features}, {@code weights} and {@code bias} in torch. */
    final String torch;

    LinearMap(String torch) {
        this.torch = torch;
    }

    /** Empty where a position is mapped by itself. */
    List<Integer> kernel() {
        return switch (this) {
            case ROWS, TIME_STEPS, CONVOLUTION_1D -> List.of();
            case CONVOLUTION_2D -> List.of(2, 2);
            case CONVOLUTION_3D -> List.of(1, 2, 1);
        };
    }

    long[] weightShape(long outputs, long inputs) {
        return switch (this) {
            case ROWS, TIME_STEPS -> new long[] {inputs, outputs};
            case CONVOLUTION_1D -> new long[] {outputs, inputs, 1, 1};
            case CONVOLUTION_2D, CONVOLUTION_3D ->
                LongStream.concat(
                                LongStream.of(outputs, inputs),
                                kernel().stream().mapToLong(size -> size))
                        .toArray();
        };
    }
}
