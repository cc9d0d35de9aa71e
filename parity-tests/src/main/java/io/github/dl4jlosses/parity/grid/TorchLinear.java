/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code torch.nn.Linear} under a loss of logits: the smallest network that is trained, with autograd's gradients.
 *
 * <pre>{@code
 * TorchResult result = TorchLinear.under(new CrossEntropyLoss()).evaluate(features, weights, bias, target);
 * result.gradient("weights");
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TorchLinear {
    private final TorchLoss loss;

    private TorchLinear(TorchLoss loss) {
        this.loss = loss;
    }

    /**
     * The layer under a loss.
     *
     * @param loss one that takes logits
     * @return the network
     */
    public static TorchLinear under(TorchLoss loss) {
        return new TorchLinear(loss);
    }

    /**
     * The loss of a batch, with its gradients named {@code weights} and {@code bias}.
     *
     * @param features (N, inputs)
     * @param weights (inputs, C), the transpose of torch's own, as DL4J has them
     * @param bias (C)
     * @param target what the loss takes of N examples
     * @return torch's result
     */
    public TorchResult evaluate(TorchTensor features, TorchTensor weights, TorchTensor bias, TorchTensor target) {
        List<TorchTensor> arguments = new ArrayList<>(List.of(features, weights, bias, target));
        TorchReference reference = TorchReference.of(loss);
        arguments.addAll(reference.options(features.type(), 2));
        return TorchFunction.of(
                        "x = torch.addmm(bias, features, weights)\n" + reference.expression(loss.getReduction()),
                        "features",
                        "weights",
                        "bias",
                        "t",
                        "w",
                        "p",
                        "ignore",
                        "smoothing")
                .withRespectTo("weights", "bias")
                .call(arguments.toArray(TorchTensor[]::new));
    }
}
