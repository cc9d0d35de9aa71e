/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.TorchLoss;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Blackhole;

/** The contenders in the JVM, each in a workspace, as DL4J calls a loss. */
@State(Scope.Thread)
public class LossBenchmark {
    private static final WorkspaceConfiguration WORKSPACE = WorkspaceConfiguration.builder()
            .initialSize(0)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .overallocationLimit(0.1)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    @Param("ce-index")
    public String loss;

    @Param("32x10")
    public String shape;

    @Param("float32")
    public String dtype;

    private String workspace;
    private TorchLoss ours;
    private ILossFunction called;
    private IActivation activation;
    private INDArray input;
    private INDArray labels;

    /** Makes the numbers that the contender needs. */
    @Setup(Level.Trial)
    public void prepare(BenchmarkParams benchmark) {
        Nd4j.getMemoryManager().togglePeriodicGc(false); // as DL4J's users are told to
        LossKind kind = LossKind.parse(loss);
        Shape size = Shape.parse(shape);
        DataType type = Dtype.parse(dtype).nd4j();
        BenchmarkCase numbers = new BenchmarkCase(kind, size, type);
        workspace = "BENCHMARK_" + loss + "_" + shape + "_" + dtype;
        Contender contender = Contender.of(benchmark.getBenchmark());
        if (contender == Contender.VALUE_AND_GRADIENT) {
            ours = numbers.loss();
            input = numbers.input();
            labels = numbers.target();
            return;
        }
        boolean builtIn = contender == Contender.BUILT_IN;
        called = builtIn ? kind.builtIn(size.classes(), type) : numbers.loss();
        activation = builtIn ? kind.builtInActivation() : kind.activation();
        input = numbers.preOutput();
        labels = numbers.labels(builtIn ? kind.builtInTarget() : kind.target());
    }

    /** Ours in one pass, as torch does it. */
    @Benchmark
    public void oursOnePass(Blackhole hole) {
        try (MemoryWorkspace scope = scope()) {
            hole.consume(scope);
            hole.consume(called.computeGradientAndScore(labels, input, activation, null, true));
        }
    }

    /** Ours as DL4J calls it. */
    @Benchmark
    public void oursTwoCalls(Blackhole hole) {
        call(hole);
    }

    /** DL4J's own. */
    @Benchmark
    public void builtIn(Blackhole hole) {
        call(hole);
    }

    private void call(Blackhole hole) {
        try (MemoryWorkspace scope = scope()) {
            hole.consume(scope);
            hole.consume(called.computeGradient(labels, input, activation, null));
            hole.consume(called.computeScore(labels, input, activation, null, true));
        }
    }

    /** Ours by a direct call. */
    @Benchmark
    public void valueAndGradient(Blackhole hole) {
        try (MemoryWorkspace scope = scope()) {
            hole.consume(scope);
            LossAndGradient result = ours.valueAndGradient(input, labels);
            hole.consume(result.value());
            hole.consume(result.gradient());
        }
    }

    /** No loss at all: what a call allocates for its result, and what the workspace costs. */
    @Benchmark
    public void resultOnly(Blackhole hole) {
        try (MemoryWorkspace scope = scope()) {
            hole.consume(scope);
            hole.consume(Nd4j.createUninitialized(input.dataType(), input.shape()));
        }
    }

    private MemoryWorkspace scope() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, workspace);
    }
}
