/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How blocks of work are handed out. */
@Timeout(20)
class BlocksTest {
    private static final String THREADS = "dl4jlosses.threads";
    private static final long MANY = 1 << 16;
    private static final int BLOCKS = 12;

    @AfterEach
    void forget() {
        System.clearProperty(THREADS);
    }

    @ParameterizedTest
    @CsvSource({"1, 12", "2, 12", "5, 12", "40, 12", "3, 1", "3, 0"})
    void eachBlockRunsOnce(String threads, int blocks) {
        System.setProperty(THREADS, threads);
        AtomicIntegerArray runs = new AtomicIntegerArray(BLOCKS);

        Threads.run(blocks, MANY, () -> runs::incrementAndGet);

        for (int block = 0; block < BLOCKS; block++) {
            assertThat(runs.get(block)).as("block %d", block).isEqualTo(block < blocks ? 1 : 0);
        }
    }

    /** Few elements, or one thread. */
    @ParameterizedTest
    @CsvSource({"4, 1", "1, 0"})
    void allBlocksStayWithTheCaller(String threads, int fewer) {
        System.setProperty(THREADS, threads);
        Set<Thread> workers = ConcurrentHashMap.newKeySet();

        Threads.run(BLOCKS, MANY - fewer, () -> block -> workers.add(Thread.currentThread()));

        assertThat(workers).containsExactly(Thread.currentThread());
    }

    /** Each of two blocks waits until the other has begun. */
    @Test
    void manyElementsAreShared() {
        System.setProperty(THREADS, "2");
        CountDownLatch begun = new CountDownLatch(2);
        AtomicInteger together = new AtomicInteger();

        Threads.run(2, MANY, () -> block -> {
            begun.countDown();
            if (await(begun)) {
                together.incrementAndGet();
            }
        });

        assertThat(together).hasValue(2);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 7", "' 3 ', 3"})
    void thePropertySaysHowManyThreads(String property, int threads) {
        System.setProperty(THREADS, property);

        assertThat(Threads.count()).isEqualTo(threads);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "none", ""})
    void whatIsNoNumberOfThreadsIsAsIfItWereNotThere(String property) {
        int withoutProperty = Threads.count();
        System.setProperty(THREADS, property);

        assertThat(Threads.count()).isEqualTo(withoutProperty).isPositive();
        String environment = System.getenv("OMP_NUM_THREADS");
        if (environment == null) {
            assertThat(withoutProperty).isEqualTo(Runtime.getRuntime().availableProcessors());
        } else {
            assertThat(withoutProperty).isEqualTo(Integer.parseInt(environment));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void theFirstBlockThatFailedIsTheOneWhoseFailureIsThrown(String threads) {
        System.setProperty(THREADS, threads);
        AtomicInteger last = new AtomicInteger();

        assertThatThrownBy(() -> Threads.run(BLOCKS, MANY, () -> block -> {
                    last.accumulateAndGet(block, Math::max);
                    if (block >= 4) {
                        throw new IllegalArgumentException("block " + block);
                    }
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block 4");
        assertThat(last).as("none is handed out after a failure").hasValueLessThan(4 + Integer.parseInt(threads));
    }

    /** A later block that fails first does not hide an earlier one. */
    @Test
    void anEarlierBlockThatFailsLaterIsTheOneThrown() {
        System.setProperty(THREADS, "2");
        CountDownLatch secondHasFailed = new CountDownLatch(1);
        CountDownLatch firstHasBegun = new CountDownLatch(1);

        assertThatThrownBy(() -> Threads.run(2, MANY, () -> block -> {
                    if (block == 0) {
                        firstHasBegun.countDown();
                        await(secondHasFailed);
                    } else {
                        await(firstHasBegun);
                        secondHasFailed.countDown();
                    }
                    throw new IllegalStateException("block " + block);
                }))
                .hasMessage("block 0");
    }

    @Test
    void anErrorIsThrownAsItIs() {
        AssertionError error = new AssertionError("wrong");

        assertThatThrownBy(() -> Threads.run(1, 1, () -> block -> {
                    throw error;
                }))
                .isSameAs(error);
    }

    @Test
    void aCallerThatCannotBeginThrowsWhyAndRunsNothing() {
        System.setProperty(THREADS, "1");
        IllegalStateException why = new IllegalStateException("no memory for it");
        Supplier<IntConsumer> failing = () -> {
            throw why;
        };

        assertThatThrownBy(() -> Threads.run(BLOCKS, MANY, failing)).isSameAs(why);
    }

    /** A thread of the pool that runs out of memory before its first block is no failure of the call. */
    @Test
    void anotherThreadThatCannotBeginLeavesItsBlocksToTheCaller() {
        System.setProperty(THREADS, "2");
        Thread caller = Thread.currentThread();
        CountDownLatch other = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();

        Threads.run(BLOCKS, MANY, () -> {
            if (Thread.currentThread() != caller) {
                other.countDown();
                throw new OutOfMemoryError("of the test");
            }
            return block -> {
                await(other);
                runs.incrementAndGet();
            };
        });

        assertThat(runs).hasValue(BLOCKS);
    }

    @Test
    void theCallReturnsWhenAllBlocksAreDone() {
        assertThat(blocksDone(() -> {})).isEqualTo(2);
    }

    /** The results are still being written when it comes. */
    @Test
    void anInterruptedCallerWaitsForTheOthersAndStaysInterrupted() {
        int done = blocksDone(Thread.currentThread()::interrupt);

        assertThat(Thread.interrupted()).as("interrupted").isTrue();
        assertThat(done).isEqualTo(2);
    }

    /** How many of two blocks are done when the call returns; that of the other thread takes longer than the caller's. */
    private static int blocksDone(Runnable ofCaller) {
        System.setProperty(THREADS, "2");
        Thread caller = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(2);
        AtomicInteger done = new AtomicInteger();
        Threads.run(2, MANY, () -> block -> {
            begun.countDown();
            await(begun);
            if (Thread.currentThread() == caller) {
                ofCaller.run();
            } else {
                pause();
            }
            done.incrementAndGet();
        });
        return done.get();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
