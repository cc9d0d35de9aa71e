/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Torch's forward and backward kernels on the numbers of a {@link BenchmarkCase}. */
final class TorchCase {
    /** In nanoseconds, where two passes are not longer. */
    private static final double LONGEST_CALL = 8e8;

    private static final long MOST_PASSES = 4096;

    /** As the expressions read them. */
    private static final Pattern SCALAR = Pattern.compile("(?:int|float)\\((\\w+)\\)");

    private final BenchmarkCase numbers;
    private final TorchReference reference;
    private final TorchFunction loop;
    private final TorchTensor[] arguments;

    TorchCase(BenchmarkCase numbers) {
        this.numbers = numbers;
        this.reference = TorchReference.of(numbers.loss());
        String dense = numbers.denseOnce() == null ? "t" : repeated("t", numbers);
        String expression = expression();
        String text = String.join(
                "\n",
                "logits = " + repeated("x", numbers),
                "target = " + dense,
                // an option that is a number is read once
                SCALAR.matcher(expression)
                        .results()
                        .map(option -> option.group(1) + "_number = " + option.group())
                        .collect(Collectors.joining("\n")),
                "value = torch.select(torch.reshape(logits, [-1]), 0, 0)",
                "derivatives = 0",
                "for i in range(int(passes)):",
                // a fresh leaf: nothing of the pass before is left to use again, and no gradient to add to
                "  leaf = torch.requires_grad_(torch.detach(logits), True)",
                "  value = " + SCALAR.matcher(expression).replaceAll("$1_number"),
                "  gradient = torch.grad([value], [leaf], None, None, False, False)[0]",
                // torch drops what has no use, and a backward pass whose result nobody reads is such a thing
                "  if gradient is not None:",
                "    derivatives += torch.numel(gradient)",
                "value = torch.detach(value)",
                "gradients = derivatives // torch.numel(logits)",
                "torch.stack([value, torch.full_like(value, gradients)], 0)");
        this.loop = TorchFunction.of(text, reference.withOptions("passes", "x", "t"));
        this.arguments = arguments(numbers.logitsOnce(), numbers.denseOnce());
    }

    private String expression() {
        String input = numbers.kind().hasHead() ? numbers.kind().torchHead().replace("(x", "(leaf") : "leaf";
        return reference
                .expression(numbers.loss().getReduction())
                .replace("(x, t,", "(" + input + ", target,")
                .replace("x.", "leaf.");
    }

    /** All examples, of those up to where they repeat. */
    private static String repeated(String name, BenchmarkCase numbers) {
        long examples = numbers.shape().examples();
        long period = numbers.logitsOnce().size(0);
        // along the examples only
        String times = (examples + period - 1) / period
                + ", 1".repeat(1 + numbers.shape().inner().size());
        return "torch.slice(torch.repeat(" + name + ", [" + times + "]), 0, 0, " + examples + ", 1)";
    }

    private TorchTensor[] arguments(INDArray input, INDArray dense) {
        Shape shape = numbers.shape();
        TorchType type = numbers.type() == DataType.DOUBLE ? TorchType.FLOAT64 : TorchType.FLOAT32;
        TorchTensor target = dense == null
                ? TorchTensor.of(TorchType.INT64, numbers.indices(), shape.ofIndices())
                : TorchTensor.of(dense).to(type);
        return reference.arguments(
                type, 2 + shape.inner().size(), TorchTensor.of(input).to(type), target);
    }

    /** Runs the loss and its gradient so many times within one call, and returns the loss. */
    double run(long passes) {
        TorchTensor[] all = new TorchTensor[arguments.length + 1];
        all[0] = TorchTensor.of(TorchType.INT64, new long[] {passes});
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        double[] valueAndGradients = loop.call(all).value().toDoubles();
        if (valueAndGradients[1] != passes) {
            throw new IllegalStateException(
                    "torch made " + passes + " passes with " + valueAndGradients[1] + " gradients");
        }
        return valueAndGradients[0];
    }

    /** How many passes take so long, in milliseconds at least, that the call around them hardly counts. */
    long passes(long milliseconds) {
        double empty = time(0);
        long tried = 1;
        double took = time(tried);
        while (took < Math.min(5 * empty, LONGEST_CALL / 4) && tried < MOST_PASSES) {
            tried *= 4;
            took = time(tried);
        }
        double pass = Math.max(took - empty, 1) / tried;
        double call = Math.min(Math.max(1e6 * milliseconds, 10 * empty), LONGEST_CALL);
        return Math.max(2, Math.min(MOST_PASSES, (long) Math.ceil(call / pass)));
    }

    /** The best of some: the first touches new memory, and what goes on beside the work can only make it longer. */
    private double time(long passes) {
        return IntStream.range(0, 3).mapToDouble(i -> timeOnce(passes)).min().orElseThrow();
    }

    private double timeOnce(long passes) {
        long start = System.nanoTime();
        run(passes);
        return System.nanoTime() - start;
    }

    /** The call that a user of the toolkit makes: all numbers there, the value and the whole gradient back. */
    Supplier<Object> plainCall() {
        String head = numbers.kind().hasHead() ? "x = " + numbers.kind().torchHead() + "\n" : "";
        TorchFunction function = TorchFunction.of(
                        head + reference.expression(numbers.loss().getReduction()), reference.withOptions("x", "t"))
                .withRespectTo("x");
        INDArray logits = numbers.allLogits();
        INDArray dense = numbers.denseOnce() == null ? null : numbers.target();
        TorchTensor[] whole = arguments(logits, dense);
        return () -> function.call(whole);
    }
}
