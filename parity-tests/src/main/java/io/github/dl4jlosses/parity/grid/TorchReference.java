/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The torch function behind a loss of this library, with the same options: what {@code torch.nn.functional} calls.
 *
 * <p>Arguments keep their own types. Weights of a loss go with the class dimension and are handed to torch in the
 * input's type.
 *
 * <pre>{@code
 * TorchReference.of(new KLDivLoss()).evaluate(input, target, true).value().item();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TorchReference {
    private static final List<String> OPTIONS = List.of("w", "p", "ignore", "smoothing", "delta");

    private final TorchLoss loss;

    private TorchReference(TorchLoss loss) {
        this.loss = loss;
    }

    /**
     * The reference of a loss.
     *
     * @param loss one of the library's
     * @return its torch counterpart
     */
    public static TorchReference of(TorchLoss loss) {
        return new TorchReference(loss);
    }

    /**
     * The reduced loss with its gradients, named {@code x} for the input's and {@code t} for the target's.
     *
     * @param input torch's input
     * @param target torch's target
     * @param targetGradient whether the target is differentiated too
     * @return torch's result
     * @throws io.github.dl4jlosses.parity.TorchException where torch raises an error
     */
    public TorchResult evaluate(TorchTensor input, TorchTensor target, boolean targetGradient) {
        TorchFunction function = function(loss.getReduction());
        return (targetGradient ? function.withRespectTo("x", "t") : function.withRespectTo("x"))
                .call(arguments(input, target));
    }

    /**
     * The loss of each element or row, torch's {@code reduction='none'}.
     *
     * @param input torch's input
     * @param target torch's target
     * @return the losses
     * @throws io.github.dl4jlosses.parity.TorchException where torch raises an error
     */
    public TorchTensor unreduced(TorchTensor input, TorchTensor target) {
        return function(null).call(arguments(input, target)).value();
    }

    private TorchFunction function(Reduction reduction) {
        return TorchFunction.of(expression(reduction), withOptions("x", "t"));
    }

    private TorchTensor[] arguments(TorchTensor input, TorchTensor target) {
        List<TorchTensor> arguments = new ArrayList<>(List.of(input, target));
        arguments.addAll(options(input.type(), input.shape().length));
        return arguments.toArray(TorchTensor[]::new);
    }

    /**
     * The names of all arguments of a {@link TorchFunction} that ends in {@link #expression}.
     *
     * @param names those of its own arguments
     * @return the same, and then those of {@link #options}
     */
    public static String[] withOptions(String... names) {
        return Stream.concat(Arrays.stream(names), OPTIONS.stream()).toArray(String[]::new);
    }

    /**
     * The options of the loss as tensors, in the order of {@link #withOptions}; those that the loss does not have are there
     * too.
     *
     * @param type the input's type
     * @param rank the input's number of dimensions
     * @return a tensor for each option
     */
    public List<TorchTensor> options(TorchType type, int rank) {
        double smoothing = loss instanceof CrossEntropyLoss c ? c.getLabelSmoothing() : 0;
        return List.of(
                weight(classWeight(), type, rank),
                weight(loss instanceof BCEWithLogitsLoss b ? b.getPosWeight() : null, type, rank),
                TorchTensor.of(TorchType.INT64, new long[] {ignoreIndex()}),
                TorchTensor.scalar(TorchType.FLOAT64, smoothing),
                TorchTensor.scalar(TorchType.FLOAT64, loss instanceof HuberLoss h ? h.getDelta() : 1));
    }

    /** A weight of the input's type, in a shape that torch broadcasts along the class dimension. */
    private TorchTensor weight(double[] numbers, TorchType type, int rank) {
        if (numbers == null) {
            return TorchTensor.scalar(type, 1);
        }
        boolean perClass = loss instanceof CrossEntropyLoss || loss instanceof NLLLoss;
        long[] shape = new long[] {numbers.length};
        if (!perClass && rank > 2) {
            shape = new long[rank - 1];
            Arrays.fill(shape, 1);
            shape[0] = numbers.length;
        }
        if (rank == 0) {
            shape = new long[0];
        }
        return TorchTensor.of(type, numbers.clone(), shape);
    }

    private double[] classWeight() {
        if (loss instanceof BCELoss b) {
            return b.getWeight();
        }
        if (loss instanceof BCEWithLogitsLoss b) {
            return b.getWeight();
        }
        if (loss instanceof CrossEntropyLoss c) {
            return c.getWeight();
        }
        return loss instanceof NLLLoss n ? n.getWeight() : null;
    }

    private long ignoreIndex() {
        return loss instanceof CrossEntropyLoss c
                ? c.getIgnoreIndex()
                : loss instanceof NLLLoss n ? n.getIgnoreIndex() : 0;
    }

    /**
     * The text of the loss, to be the last line of a larger {@link TorchFunction}, such as one that begins with a layer.
     *
     * @param reduction what reduces the losses; {@code null}: nothing does
     * @return TorchScript over {@code x}, {@code t} and the names of the options
     */
    public String expression(Reduction reduction) {
        int code = reduction == null ? 0 : reduction == Reduction.MEAN ? 1 : 2;
        String weight = classWeight() == null ? "None" : "w";
        if (loss instanceof BCELoss) {
            return "torch.binary_cross_entropy(x, t, " + weight + ", " + code + ")";
        }
        if (loss instanceof BCEWithLogitsLoss b) {
            String posWeight = b.getPosWeight() == null ? "None" : "p";
            return "torch.binary_cross_entropy_with_logits(x, t, " + weight + ", " + posWeight + ", " + code + ")";
        }
        if (loss instanceof NLLLoss) {
            return "torch.nll_loss_nd(x, t, " + weight + ", " + code + ", int(ignore))";
        }
        if (loss instanceof CrossEntropyLoss) {
            return "torch.cross_entropy_loss(x, t, " + weight + ", " + code + ", int(ignore), float(smoothing))";
        }
        if (loss instanceof HuberLoss) {
            return "torch.huber_loss(x, t, " + code + ", float(delta))";
        }
        String logTarget = ((KLDivLoss) loss).isLogTarget() ? "True" : "False";
        String divergence = "torch.kl_div(x, t, " + code + ", log_target=" + logTarget + ")";
        // as torch.nn.functional.kl_div does it; a scalar has no batch
        return reduction == Reduction.BATCHMEAN
                ? "torch.div(" + divergence + ", x.size(0) if x.dim() > 0 else 1)"
                : divergence;
    }
}
