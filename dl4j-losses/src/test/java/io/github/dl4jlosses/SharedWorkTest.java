/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.dl4jlosses.LossExample.EachExample;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.memory.Layout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Large inputs are shared between threads, and nobody can tell from the result. */
class SharedWorkTest {
    private static final String THREADS = "dl4jlosses.threads";
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final int ROWS = 2_000;
    private static final int OUTPUTS = 50;
    private static final int MANY_OUTPUTS = 1200;

    @AfterEach
    void forget() {
        System.clearProperty(THREADS);
    }

    @EachExample
    void theBitsDoNotDependOnTheThreads(LossExample example) {
        TorchLoss loss = example.loss(OUTPUTS);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16}) {
            INDArray input = example.input(new Random(1), type, ROWS, OUTPUTS);
            INDArray target = example.target(new Random(2), type, ROWS, OUTPUTS);
            System.setProperty(THREADS, "1");
            LossAndGradient alone = loss.valueAndGradient(input, target);
            INDArray losses = loss.unreduced(input, target);
            for (String threads : new String[] {"2", "3", "16", "0", "none"}) {
                System.setProperty(THREADS, threads);
                LossAndGradient shared = loss.valueAndGradient(input, target);
                assertThat(shared.value()).as(threads).isEqualTo(alone.value());
                assertThat(loss.value(input, target)).as(threads).isEqualTo(alone.value());
                assertThat(shared.gradient().equalsWithEps(alone.gradient(), 0))
                        .as(threads)
                        .isTrue();
                assertThat(loss.unreduced(input, target).equalsWithEps(losses, 0))
                        .as(threads)
                        .isTrue();
            }
        }
    }

    /** Rows that lie side by side in memory are read many at once. */
    @ParameterizedTest
    @MethodSource("io.github.dl4jlosses.LossExample#defaults")
    void theBitsDoNotDependOnTheOrderOfMemory(LossExample example) {
        TorchLoss loss = example.loss(MANY_OUTPUTS);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray input = example.input(new Random(1), type, 100, MANY_OUTPUTS);
            INDArray target = example.target(new Random(2), type, 100, MANY_OUTPUTS);
            LossAndGradient expected = loss.valueAndGradient(input, target);
            for (String threads : new String[] {"1", "2"}) {
                System.setProperty(THREADS, threads);
                LossAndGradient inColumns = loss.valueAndGradient(input.dup('f'), target.dup('f'));
                assertThat(inColumns.value()).as(threads).isEqualTo(expected.value());
                assertThat(inColumns.gradient().equalsWithEps(expected.gradient(), 0))
                        .as(threads)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jlosses.LossExample#defaults")
    void aLargeCallIsSharedWithThePool(LossExample example) {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        assumeThat(CLOCK.isThreadCpuTimeSupported()).isTrue();
        System.setProperty(THREADS, "4");
        TorchLoss loss = example.loss(OUTPUTS);
        INDArray input = example.input(new Random(1), DataType.FLOAT, ROWS, OUTPUTS);
        INDArray target = example.target(new Random(2), DataType.FLOAT, ROWS, OUTPUTS);
        loss.gradient(input, target);
        Map<Long, Long> before = timesOfPool();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // the caller may be faster now and then, and some clocks tick every 16 ms
        while (!hasWorked(before) && System.nanoTime() < end) {
            loss.gradient(input, target);
        }
        assertThat(hasWorked(before)).as("a thread of the pool").isTrue();
    }

    private static boolean hasWorked(Map<Long, Long> before) {
        return timesOfPool().entrySet().stream()
                .anyMatch(time -> time.getValue() > before.getOrDefault(time.getKey(), 0L) + 1_000_000);
    }

    /** How long each thread of the pool has worked so far, in nanoseconds. */
    private static Map<Long, Long> timesOfPool() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dl4j-losses"))
                .collect(Collectors.toMap(Thread::getId, thread -> CLOCK.getThreadCpuTime(thread.getId())));
    }

    /** Working arrays are kept by each thread: one that has none yet must not get too short ones. */
    @EachExample
    void aThreadWithoutWorkingArraysGetsTheSame(LossExample example) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (long[] shape : new long[][] {{3, 7}, {600, 7}, {40, 200}, {3, 5000}}) {
                INDArray x = example.input(new Random(1), type, shape);
                INDArray t = example.target(new Random(2), type, shape);
                for (Supplier<INDArray> call : example.direct(x, t).values()) {
                    INDArray expected = call.get();
                    CompletableFuture<INDArray> ofNewThread = new CompletableFuture<>();
                    new Thread(() -> ofNewThread.completeAsync(call, Runnable::run)).start();
                    assertThat(Layout.bytes(ofNewThread.join())).isEqualTo(Layout.bytes(expected));
                }
            }
        }
    }

    @EachExample
    void aMaskReachesEveryThread(LossExample example) {
        TorchLoss loss = example.loss(OUTPUTS);
        Random random = new Random(1);
        INDArray preOutput = example.preOutput(random, DataType.FLOAT, ROWS, OUTPUTS);
        INDArray labels = example.labels(random, DataType.FLOAT, ROWS, OUTPUTS);
        INDArray mask = FilledArray.of(
                () -> random.nextInt(3) == 0 ? 0 : 1,
                DataType.FLOAT,
                ROWS,
                example.spec().takesRows() ? 1 : OUTPUTS);
        System.setProperty(THREADS, "1");
        INDArray alone = loss.computeGradient(labels, preOutput, new ActivationIdentity(), mask);
        System.setProperty(THREADS, "3");
        INDArray shared = loss.computeGradient(labels, preOutput, new ActivationIdentity(), mask);
        assertThat(shared.equalsWithEps(alone, 0)).isTrue();
    }

    @Test
    void theFirstBadElementIsNamedWhicheverThreadFindsOne() {
        System.setProperty(THREADS, "4");
        INDArray probabilities = Nd4j.rand(ROWS, OUTPUTS);
        INDArray target = Nd4j.rand(ROWS, OUTPUTS);
        probabilities.putScalar(ROWS - 1L, 7, 2.0);
        probabilities.putScalar(1_800L, 3, 3.0);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> new BCELoss().value(probabilities, target))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("input[1800, 3] is 3.0");
        }
    }
}
