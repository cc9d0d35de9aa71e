/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Whole iterations of training, with DL4J's loss, with that of this library, and with it in a fused layer. */
@State(Scope.Thread)
public class FitBenchmark {
    /** An option of {@link FitNetwork}. */
    @Param("mlp")
    public String network;

    /** The dtype. */
    @Param("float32")
    public String dtype;

    private MultiLayerNetwork trained;
    private INDArray features;
    private INDArray labels;

    /** Makes the contender's network, and a batch. */
    @Setup(Level.Trial)
    public void prepare(BenchmarkParams benchmark) {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        DataType type = Dtype.parse(dtype).nd4j();
        FitNetwork kind = FitNetwork.parse(network);
        trained = kind.network(Contender.of(benchmark.getBenchmark()), type);
        features = kind.features(type);
        labels = kind.labels(type);
    }

    /** Gives the memory back, which is large where there are many words. */
    @TearDown(Level.Trial)
    public void free() {
        trained.close();
    }

    /** An iteration with the loss of this library. */
    @Benchmark
    public void fitOurs() {
        trained.fit(features, labels);
    }

    /** An iteration with the same loss in a fused layer. */
    @Benchmark
    public void fitFused() {
        trained.fit(features, labels);
    }

    /** An iteration with DL4J's. */
    @Benchmark
    public void fitBuiltIn() {
        trained.fit(features, labels);
    }
}
