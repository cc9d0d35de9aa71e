/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.LossAndGradient;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The loss of sequences and torch's kernel of it. */
@State(Scope.Thread)
public class SequenceBenchmark {
    @Param("50x32x40x10")
    public String sequences;

    @Param("float32")
    public String dtype;

    private SequenceCase numbers;
    private INDArray input;
    private INDArray labels;
    private TorchLoop torch;
    private long passes;

    /** Makes what the contender needs, and sees to it that torch and this library compute the same. */
    @Setup(Level.Trial)
    public void prepare(BenchmarkParams benchmark) {
        Nd4j.getMemoryManager().togglePeriodicGc(false); // as DL4J's users are told to
        Dtype type = Dtype.parse(dtype);
        numbers = new SequenceCase(Sequences.parse(sequences), type.nd4j());
        input = numbers.input();
        labels = numbers.labels();
        Contender contender = Contender.of(benchmark.getBenchmark());
        if (contender == Contender.VALUE_AND_GRADIENT) {
            return;
        }
        torch = numbers.loop();
        TorchBenchmark.setThreads();
        if (contender == Contender.TORCH_LOOP) {
            type.requireTheSame(torch.run(1), numbers.ours(input, labels).value(), "CTC " + sequences + " " + dtype);
            passes = torch.passes(benchmark.getMeasurement().getTime().convertTo(TimeUnit.MILLISECONDS));
        }
    }

    /** Ours by a direct call. */
    @Benchmark
    public LossAndGradient valueAndGradient() {
        return numbers.ours(input, labels);
    }

    /** Several passes, forward and backward, within one call. */
    @Benchmark
    public double torchLoop(TorchBenchmark.Passes done) {
        done.passes += passes;
        return torch.run(passes);
    }

    /** The same call without a pass. */
    @Benchmark
    public double torchEmptyLoop() {
        return torch.run(0);
    }
}
