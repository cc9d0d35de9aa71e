/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Log-probabilities of {@link Sequences} and random labels of full length, for {@link CTCLoss} and for torch. */
final class SequenceCase {
    private final Sequences sizes;
    private final CTCLoss loss = new CTCLoss();
    private final TorchTensor input;
    private final long[] labels;

    SequenceCase(Sequences sizes, DataType type) {
        this.sizes = sizes;
        Random random = new Random(1);
        double[] logits = DoubleStream.generate(() -> 2 * random.nextGaussian())
                .limit(sizes.elements())
                .toArray();
        TorchType ofInput = type == DataType.DOUBLE ? TorchType.FLOAT64 : TorchType.FLOAT32;
        this.input = TorchFunction.of("torch.log_softmax(x, 2)", "x")
                .call(TorchTensor.of(ofInput, logits, sizes.steps(), sizes.sequences(), sizes.classes()))
                .value();
        // class 0 is the blank
        this.labels = random.longs((long) sizes.sequences() * sizes.labelLength(), 1, sizes.classes())
                .toArray();
    }

    INDArray input() {
        return input.toArray();
    }

    INDArray labels() {
        return Nd4j.createFromArray(labels).reshape(sizes.sequences(), sizes.labelLength());
    }

    LossAndGradient ours(INDArray logProbabilities, INDArray targets) {
        return loss.valueAndGradient(logProbabilities, targets, all(sizes.steps()), all(sizes.labelLength()));
    }

    private int[] all(int length) {
        int[] lengths = new int[sizes.sequences()];
        Arrays.fill(lengths, length);
        return lengths;
    }

    /** Torch's kernel, on the same numbers. */
    TorchLoop loop() {
        return new TorchLoop(
                List.of("logits = x"),
                "torch.ctc_loss(leaf, t, steps, lengths, 0, 1, False)",
                new String[] {"x", "t", "steps", "lengths"},
                input,
                TorchTensor.of(TorchType.INT64, labels, sizes.sequences(), sizes.labelLength()),
                integers(all(sizes.steps())),
                integers(all(sizes.labelLength())));
    }

    private static TorchTensor integers(int... numbers) {
        return TorchTensor.of(
                TorchType.INT64, Arrays.stream(numbers).asLongStream().toArray(), numbers.length);
    }
}
