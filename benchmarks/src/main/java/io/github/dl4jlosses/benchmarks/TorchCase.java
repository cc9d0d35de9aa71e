/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Torch's forward and backward kernels on the numbers of a {@link LossCase}. */
final class TorchCase {
    /** A pass over fewer elements takes no time that could be told from that of the call, so it is repeated. */
    private static final long ELEMENTS_PER_CALL = 1 << 22;

    private final LossCase numbers;
    private final TorchFunction loop;
    private final TorchTensor[] arguments;

    TorchCase(LossCase numbers) {
        this.numbers = numbers;
        String dense = numbers.denseOnce() == null ? "t" : repeated("t", numbers);
        String text = String.join(
                "\n",
                "logits = " + repeated("x", numbers),
                "target = " + dense,
                "ignoreIndex = int(ignore)",
                "smooth = float(smoothing)",
                "value = torch.select(torch.reshape(logits, [-1]), 0, 0)",
                "for i in range(int(loops)):",
                // a fresh leaf: nothing of the pass before is left to use again, and no gradient to add to
                "  leaf = torch.requires_grad_(torch.detach(logits), True)",
                "  value = " + expression(numbers),
                "  gradient = torch.grad([value], [leaf], None, None, False, False)",
                "value");
        this.loop = TorchFunction.of(text, "x", "t", "w", "p", "ignore", "smoothing", "loops");
        this.arguments = arguments(numbers, numbers.logitsOnce(), numbers.denseOnce());
    }

    /** How many passes a call makes. */
    static long loops(Shape shape) {
        return Math.max(4, Math.min(256, ELEMENTS_PER_CALL / shape.elements()));
    }

    private static String expression(LossCase numbers) {
        TorchLoss loss = numbers.loss();
        String input = numbers.kind().hasHead() ? numbers.kind().torchHead().replace("(x", "(leaf") : "leaf";
        return TorchReference.of(loss)
                .expression(loss.getReduction())
                .replace("(x, t,", "(" + input + ", target,")
                .replace("x.", "leaf.")
                .replace("int(ignore)", "ignoreIndex")
                .replace("float(smoothing)", "smooth");
    }

    /** All examples, of those up to where they repeat. */
    private static String repeated(String name, LossCase numbers) {
        long examples = numbers.shape().examples();
        long period = numbers.logitsOnce().size(0);
        // along the examples only
        String times = (examples + period - 1) / period
                + ", 1".repeat(1 + numbers.shape().inner().size());
        return "torch.slice(torch.repeat(" + name + ", [" + times + "]), 0, 0, " + examples + ", 1)";
    }

    private static TorchTensor[] arguments(LossCase numbers, INDArray input, INDArray dense) {
        Shape shape = numbers.shape();
        TorchType type = numbers.type() == DataType.DOUBLE ? TorchType.FLOAT64 : TorchType.FLOAT32;
        TorchTensor target = dense == null
                ? TorchTensor.of(TorchType.INT64, numbers.indices(), shape.ofIndices())
                : TorchTensor.of(dense).to(type);
        List<TorchTensor> arguments =
                new ArrayList<>(List.of(TorchTensor.of(input).to(type), target));
        arguments.addAll(TorchReference.of(numbers.loss())
                .options(type, 2 + shape.inner().size()));
        return arguments.toArray(TorchTensor[]::new);
    }

    /** Runs the loss and its gradient so many times within one call. */
    double run(long loops) {
        TorchTensor[] all = new TorchTensor[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = TorchTensor.of(TorchType.INT64, new long[] {loops});
        return loop.call(all).value().item();
    }

    /** The call that a user of the toolkit makes: all numbers there, the value and the whole gradient back. */
    PlainCall plainCall() {
        TorchLoss loss = numbers.loss();
        String head = numbers.kind().hasHead() ? "x = " + numbers.kind().torchHead() + "\n" : "";
        TorchFunction function = TorchFunction.of(
                        head + TorchReference.of(loss).expression(loss.getReduction()),
                        "x",
                        "t",
                        "w",
                        "p",
                        "ignore",
                        "smoothing")
                .withRespectTo("x");
        INDArray logits = numbers.allLogits();
        INDArray dense = numbers.denseOnce() == null ? null : numbers.target();
        TorchTensor[] whole = arguments(numbers, logits, dense);
        return () -> function.call(whole);
    }

    /** A call whose time is that of the toolkit as well as torch's. */
    interface PlainCall {
        Object run();
    }
}
