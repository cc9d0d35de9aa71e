/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Torch's forward and backward kernels on the numbers of a {@link BenchmarkCase}. */
final class TorchCase {
    private final BenchmarkCase numbers;
    private final TorchReference reference;
    private final TorchLoop loop;

    TorchCase(BenchmarkCase numbers) {
        this.numbers = numbers;
        this.reference = TorchReference.of(numbers.loss());
        List<String> before = new ArrayList<>();
        before.add("logits = " + repeated("x", numbers));
        if (numbers.denseOnce() != null) {
            before.add("t = " + repeated("t", numbers));
        }
        String head = numbers.kind().hasHead() ? numbers.kind().torchHead().replace("(z", "(leaf") : "leaf";
        this.loop = new TorchLoop(
                before,
                "x = " + head + "\n" + text(),
                reference.withOptions("x", "t"),
                arguments(numbers.logitsOnce(), numbers.denseOnce()));
    }

    private String text() {
        return TorchText.of(numbers.kind())
                .orElseGet(() -> reference.expression(numbers.loss().getReduction()));
    }

    /** The kernels, as often as they are wanted. */
    TorchLoop loop() {
        return loop;
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
        TorchType ofDense = numbers.kind().target() == LossKind.Target.LISTS ? TorchType.INT64 : type;
        TorchTensor target = dense == null
                ? TorchTensor.of(TorchType.INT64, numbers.indices(), shape.ofIndices())
                : TorchTensor.of(dense).to(ofDense);
        return reference.arguments(
                type, 2 + shape.inner().size(), TorchTensor.of(input).to(type), target);
    }

    /** The call that a user of the toolkit makes: all numbers there, the value and the whole gradient back. */
    Supplier<Object> plainCall() {
        String head =
                numbers.kind().hasHead() ? "x = " + numbers.kind().torchHead().replace("(z", "(x") + "\n" : "";
        TorchFunction function =
                TorchFunction.of(head + text(), reference.withOptions("x", "t")).withRespectTo("x");
        INDArray logits = numbers.allLogits();
        INDArray dense = numbers.denseOnce() == null ? null : numbers.target();
        TorchTensor[] whole = arguments(logits, dense);
        return () -> function.call(whole);
    }
}
