/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.LossExample.EachExample;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.memory.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A loss that many threads share gives each of them the bits that it gives when alone. */
@Tag("slow")
class ThreadsTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = Boolean.getBoolean("parity.full") ? 5 : 2;

    /** Batches of very different sizes, so that working memory is reused by smaller and by larger ones. */
    private static final List<long[]> SHAPES = List.of(
            new long[] {1, 1},
            new long[] {3, 5000},
            new long[] {2000, 3},
            new long[] {13, 7},
            new long[] {1, 5000},
            new long[] {129, 65},
            new long[] {5, 3, 11},
            new long[] {700, 1});

    @EachExample
    void sharedLossesGiveEachThreadTheSameBits(LossExample example) throws InterruptedException, ExecutionException {
        // GIVEN calls of one loss per number of classes, and their results in one thread
        Random random = PrintedSeed.randomFor(ThreadsTest.class);
        List<Supplier<byte[]>> calls = new ArrayList<>();
        for (long[] shape : SHAPES) {
            // an example gives equal losses; those of a shape are the ones that all threads share
            addCalls(calls, example, random, shape);
        }
        List<byte[]> alone = calls.stream().map(Supplier::get).collect(Collectors.toList());
        long seed = random.nextLong();

        // WHEN every thread makes all of them, in an order of its own
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<List<Integer>> differing = inThreads(THREADS, seed, order -> {
            start.await();
            return differing(calls, alone, order);
        });

        // THEN
        assertThat(differing).as("calls with other bits").containsOnly(List.of());
    }

    /** What each of so many threads does with a random order of its own. */
    interface Work<T> {
        T in(Random order) throws Exception;
    }

    /** What comes of it in each. */
    static <T> List<T> inThreads(int threads, long seed, Work<T> work) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<T>> futures = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            Random order = new Random(seed + thread);
            futures.add(pool.submit(() -> work.in(order)));
        }
        pool.shutdown();
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        return results;
    }

    private static List<Integer> differing(List<Supplier<byte[]>> calls, List<byte[]> alone, Random order) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            indices.add(i);
        }
        List<Integer> differing = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Collections.shuffle(indices, order);
            for (int i : indices) {
                if (!Arrays.equals(calls.get(i).get(), alone.get(i))) {
                    differing.add(i);
                }
            }
        }
        return differing;
    }

    static void addCalls(List<Supplier<byte[]>> calls, LossExample example, Random random, long[] shape) {
        INDArray input = example.input(random, DataType.FLOAT, shape);
        INDArray target = example.target(random, DataType.FLOAT, shape);
        addBytes(calls, example.direct(input, target));
        if (shape.length == 2) {
            INDArray labels = example.labels(random, DataType.FLOAT, shape[0], shape[1]);
            INDArray preOutput = example.preOutput(random, DataType.FLOAT, shape[0], shape[1]);
            INDArray mask = FilledArray.of(() -> random.nextInt(2), DataType.FLOAT, shape[0], 1);
            for (IActivation head : List.of(new ActivationIdentity(), new ActivationSigmoid())) {
                addBytes(calls, example.network(labels, preOutput, head, mask));
            }
        }
    }

    private static void addBytes(List<Supplier<byte[]>> all, Map<String, Supplier<INDArray>> calls) {
        calls.values().forEach(call -> all.add(() -> Layout.bytes(call.get())));
    }
}
