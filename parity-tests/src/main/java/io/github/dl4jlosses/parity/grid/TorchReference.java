/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 */
public final class TorchReference {
    private final TorchLoss loss;
    private final LossSpec<?, ?> spec;

    private TorchReference(TorchLoss loss) {
        this.loss = loss;
        this.spec = LossSpecs.of(loss);
    }

    /** The torch counterpart of a loss. */
    public static TorchReference of(TorchLoss loss) {
        return new TorchReference(loss);
    }

    /**
     * The reduced loss with its gradients, named {@code x} for the input's and {@code t} for the target's if that is
     * differentiated too; torch's errors are TorchExceptions.
     */
    public TorchResult evaluate(TorchTensor input, TorchTensor target, boolean targetGradient) {
        TorchFunction function = function(loss.getReduction());
        return (targetGradient ? function.withRespectTo("x", "t") : function.withRespectTo("x"))
                .call(arguments(input, target));
    }

    /** The loss of each element or row, torch's {@code reduction='none'}. */
    public TorchTensor unreduced(TorchTensor input, TorchTensor target) {
        return function(null).call(arguments(input, target)).value();
    }

    private TorchFunction function(Reduction reduction) {
        return TorchFunction.of(expression(reduction), withOptions("x", "t"));
    }

    private TorchTensor[] arguments(TorchTensor input, TorchTensor target) {
        return arguments(input.type(), input.shape().length, input, target);
    }

    /**
     * The names of all arguments of a {@link TorchFunction} that ends in {@link #expression}: its own, then those of the
     * options.
     */
    public String[] withOptions(String... names) {
        return Stream.concat(Arrays.stream(names), tensors(TorchType.FLOAT64, 2).keySet().stream())
                .toArray(String[]::new);
    }

    /** All arguments of such a function: its own, then the options for an input of this type and rank. */
    public TorchTensor[] arguments(TorchType type, int rank, TorchTensor... own) {
        return Stream.concat(Arrays.stream(own), tensors(type, rank).values().stream())
                .toArray(TorchTensor[]::new);
    }

    /** torch's names of the options that are set to one number per class or output. */
    public List<String> weights() {
        return spec.valuesOf(loss).entrySet().stream()
                .filter(option -> option.getValue() instanceof double[])
                .map(option -> option.getKey().torchName())
                .toList();
    }

    private Map<String, TorchTensor> tensors(TorchType type, int rank) {
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        spec.valuesOf(loss).forEach((option, value) -> {
            if (value instanceof double[] numbers) {
                tensors.put(option.torchName(), weight(numbers, type, rank));
            } else if (value instanceof Number number) {
                tensors.put(option.torchName(), number(number));
            }
        });
        return tensors;
    }

    /** The value of an option, for {@code int(..)} or {@code float(..)} of the text. */
    static TorchTensor number(Number value) {
        return value instanceof Long
                ? TorchTensor.of(TorchType.INT64, new long[] {value.longValue()})
                : TorchTensor.scalar(TorchType.FLOAT64, value.doubleValue());
    }

    /** A weight of the input's type, in a shape that torch broadcasts along the class dimension. */
    private TorchTensor weight(double[] numbers, TorchType type, int rank) {
        long[] shape = new long[] {numbers.length};
        if (!spec.isPerRow() && rank > 2) {
            shape = new long[rank - 1];
            Arrays.fill(shape, 1);
            shape[0] = numbers.length;
        }
        if (rank == 0) {
            shape = new long[0];
        }
        return TorchTensor.of(type, numbers.clone(), shape);
    }

    /**
     * The text of the loss over {@code x}, {@code t} and the names of the options, to be the last line of a larger
     * {@link TorchFunction}, such as one that begins with a layer; null reduces nothing.
     */
    public String expression(Reduction reduction) {
        String expression = spec.torchOf(loss, reduction);
        return loss.getFactor() == 1 ? expression : "torch.mul(" + expression + ", " + loss.getFactor() + ")";
    }
}
