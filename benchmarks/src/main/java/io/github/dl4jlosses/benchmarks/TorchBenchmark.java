/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.Torch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The contenders outside of the JVM: torch's kernels, and a copy of the bytes. */
@State(Scope.Thread)
public class TorchBenchmark {
    /** How many threads torch has; a system property, since it is the same for a whole run. */
    static final String THREADS = "dl4jlosses.benchmarks.torchThreads";

    @Param("ce-index")
    public String loss;

    @Param("32x10")
    public String shape;

    @Param("float32")
    public String dtype;

    private TorchCase torch;
    private Supplier<Object> plainCall;
    private long passes;
    private long bytes;
    private BytePointer source;
    private BytePointer copy;

    /** Counts passes, so that JMH's file has the time of a call and that of a pass with its share of the call around it. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Passes {
        /** How many there were in an iteration. */
        public long passes;
    }

    /** Makes what the contender needs, and sees to it that torch and this library compute the same. */
    @Setup(Level.Trial)
    public void prepare(BenchmarkParams benchmark) {
        LossKind kind = LossKind.parse(loss);
        Shape size = Shape.parse(shape);
        Dtype type = Dtype.parse(dtype);
        Contender contender = Contender.of(benchmark.getBenchmark());
        BenchmarkCase numbers = new BenchmarkCase(kind, size, type.nd4j());
        if (contender == Contender.COPY) {
            bytes = type.nd4j().width() * numbers.elements();
            source = new BytePointer(bytes);
            copy = new BytePointer(bytes);
            Pointer.memset(source, 1, bytes);
            return;
        }
        torch = new TorchCase(numbers);
        setThreads();
        if (contender == Contender.TORCH_CALL) {
            plainCall = torch.plainCall();
        }
        if (contender == Contender.TORCH_LOOP) {
            type.requireTheSame(
                    torch.loop().run(1),
                    numbers.loss().value(numbers.input(), numbers.target()),
                    loss + " " + shape + " " + dtype);
            passes = torch.loop().passes(benchmark.getMeasurement().getTime().convertTo(TimeUnit.MILLISECONDS));
        }
    }

    /** Not before ND4J has started, which sets the number of this thread as well. */
    static void setThreads() {
        int threads = Integer.getInteger(THREADS, 1);
        Torch.setThreads(threads);
        if (Torch.threads() != threads) {
            throw new IllegalStateException("torch has " + Torch.threads() + " threads instead of " + threads);
        }
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void free() {
        if (source != null) {
            source.close();
            copy.close();
        }
    }

    /** Several passes, forward and backward, within one call. */
    @Benchmark
    public double torchLoop(Passes done) {
        done.passes += passes;
        return torch.loop().run(passes);
    }

    /** The same call without a pass. */
    @Benchmark
    public double torchEmptyLoop() {
        return torch.loop().run(0);
    }

    /** One pass with all numbers carried to torch and back. */
    @Benchmark
    public Object torchCall() {
        return plainCall.get();
    }

    /** As many bytes as the input, and the target if it is as large, from one place outside the heap to another. */
    @Benchmark
    public Pointer copy() {
        return Pointer.memcpy(copy, source, bytes);
    }
}
