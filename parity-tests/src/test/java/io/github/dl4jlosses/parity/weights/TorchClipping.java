/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** torch's {@code clip_grad_norm_}: the kernels that it calls, in its order. */
final class TorchClipping {
    static final TorchClipping NONE = new TorchClipping(Double.POSITIVE_INFINITY, 2);

    private final double maxNorm;
    private final double normType;
    private final List<Double> norms = new ArrayList<>();
    private TorchFunction function;

    TorchClipping(double maxNorm, double normType) {
        this.maxNorm = maxNorm;
        this.normType = normType;
    }

    /** The norms so far, before clipping. */
    List<Double> norms() {
        return norms;
    }

    List<TorchTensor> clip(List<TorchTensor> gradients) {
        if (this == NONE) {
            return gradients;
        }
        function = function == null ? function(gradients.size()) : function;
        List<TorchTensor> arguments = new ArrayList<>(gradients);
        arguments.add(TorchTensor.scalar(TorchType.FLOAT64, maxNorm));
        double[] result =
                function.call(arguments.toArray(TorchTensor[]::new)).value().toDoubles();
        norms.add(result[0]);
        List<TorchTensor> parts = new ArrayList<>();
        int at = 1;
        for (TorchTensor gradient : gradients) {
            int length = gradient.toDoubles().length;
            parts.add(TorchTensor.of(gradient.type(), Arrays.copyOfRange(result, at, at + length), gradient.shape()));
            at += length;
        }
        return parts;
    }

    private TorchFunction function(int count) {
        String[] names = IntStream.range(0, count).mapToObj(i -> "g" + i).toArray(String[]::new);
        String norm = Double.isInfinite(normType) ? "float('inf')" : String.valueOf(normType);
        String normOfEach = String.join(
                ", ",
                Arrays.stream(names)
                        .map(name -> "torch.norm(" + name + ", " + norm + ")")
                        .toList());
        String clipped = String.join(
                ", ",
                Arrays.stream(names)
                        .map(name -> "torch.reshape(torch.mul(" + name + ", share), [-1])")
                        .toList());
        return TorchFunction.of(
                """
                total = torch.norm(torch.stack([%s]), %s)
                share = torch.clamp(torch.div(most, torch.add(total, 1e-6)), None, 1.0)
                torch.cat([torch.reshape(total, [1]), %s])
                """.formatted(normOfEach, norm, clipped),
                Stream.concat(Arrays.stream(names), Stream.of("most")).toArray(String[]::new));
    }
}
