/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.Allocator;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Eight threads share the losses for as long as {@code -Dload.seconds=N} says: the same bits all the time, interrupted or
 * not, and no more memory or threads at the end than at the beginning; but the library's pool may have one for each
 * processor.
 */
@Tag("slow")
class LoadTest {
    private static final int SECONDS = Integer.getInteger("load.seconds", 4);
    private static final int THREADS = 8;
    /** How many threads share a large call; the build runs with one. */
    private static final String SHARING = "dl4jlosses.threads";

    private static final int INTERRUPTED_ONE_IN = 50;
    private static final double MEGABYTE = 1 << 20;

    /** Beyond what the garbage collector and the JIT compiler take and give back meanwhile. */
    private static final double GROWTH = 16;

    /** Before that, the process itself still grows: compiled code, areas of the allocator. */
    private static final int SECONDS_OF_A_LONG_RUN = 60;

    /** How often nothing must come back before what is held is measured. */
    private static final int QUIET_ROUNDS = 3;

    /** It comes and goes with the calls of {@link Allocator}. */
    private static final String OF_JNA = "JNA Cleaner";

    private static final List<long[]> SHAPES = List.of(
            new long[] {1, 1},
            new long[] {32, 10},
            new long[] {3, 5000},
            new long[] {13, 7},
            new long[] {5, 3, 11},
            // enough for the pool
            new long[] {900, 100});

    /** What the process holds, in MB, its threads, and how many more of them are the library's. */
    private static final class Held {
        private final double heap;
        private final double physical;
        private final Set<Thread> threads;
        private final int pool;

        private Held() throws InterruptedException {
            settle();
            Runtime runtime = Runtime.getRuntime();
            this.heap = (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE;
            this.physical = Pointer.physicalBytes() / MEGABYTE;
            Map<Boolean, Set<Thread>> ofPool = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !thread.getName().equals(OF_JNA))
                    .collect(Collectors.partitioningBy(
                            thread -> thread.getName().equals("dl4j-losses"), Collectors.toSet()));
            this.threads = ofPool.get(false);
            this.pool = ofPool.get(true).size();
        }

        /** Returns once collecting gives nothing back any more. */
        private static void settle() throws InterruptedException {
            long held = Long.MAX_VALUE;
            for (int quiet = 0; quiet < QUIET_ROUNDS; ) {
                // what holds memory outside the heap is freed by threads of their own after a collection
                System.gc();
                Thread.sleep(100);
                Allocator.giveFreeMemoryBack();
                long now = Pointer.physicalBytes();
                quiet = now < held ? 0 : quiet + 1;
                held = Math.min(now, held);
            }
        }

        @Override
        public String toString() {
            return String.format(
                    "%.0f MB of heap, %.0f MB in all, %d threads and %d of the pool",
                    heap, physical, threads.size(), pool);
        }
    }

    @BeforeEach
    void share() {
        System.setProperty(SHARING, "4");
    }

    @AfterEach
    void shareNoMore() {
        System.clearProperty(SHARING);
    }

    @Test
    void eightThreadsGetTheSameBitsAndLeaveNothingBehind() throws InterruptedException, ExecutionException {
        Random random = PrintedSeed.randomFor(LoadTest.class);
        List<Supplier<byte[]>> calls = new ArrayList<>();
        LossExample.all()
                .forEach(example -> SHAPES.forEach(shape -> ThreadsTest.addCalls(calls, example, random, shape)));
        List<byte[]> alone = new ArrayList<>();
        calls.forEach(call -> alone.add(call.get()));

        run(calls, alone, Math.max(1, SECONDS / 4), random.nextLong());
        Held before = new Held();
        long made = run(calls, alone, SECONDS, random.nextLong());
        Held after = new Held();

        System.out.printf("LoadTest: %,d calls in %d s; before: %s; after: %s%n", made, SECONDS, before, after);
        assertThat(after.heap - before.heap).as("MB of heap").isLessThan(GROWTH);
        if (SECONDS >= SECONDS_OF_A_LONG_RUN) {
            assertThat(after.physical - before.physical).as("MB in all").isLessThan(GROWTH);
        }
        assertThat(before.threads).as("threads").containsAll(after.threads);
        assertThat(after.pool)
                .as("threads of the pool")
                .isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    /** Returns the number of calls, all of which gave their bits. */
    private static long run(List<Supplier<byte[]>> calls, List<byte[]> alone, int seconds, long seed)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        AtomicLong made = new AtomicLong();
        List<Integer> differing = ThreadsTest.inThreads(THREADS, seed, order -> {
            int wrong = 0;
            while (System.nanoTime() < end) {
                int i = order.nextInt(calls.size());
                wrong += isRight(calls.get(i), alone.get(i), order.nextInt(INTERRUPTED_ONE_IN) == 0) ? 0 : 1;
                made.incrementAndGet();
            }
            return wrong;
        });
        assertThat(differing).as("calls with other bits").containsOnly(0);
        return made.get();
    }

    private static boolean isRight(Supplier<byte[]> call, byte[] expected, boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        boolean right = Arrays.equals(call.get(), expected);
        // an interruption is passed on, and cleared here
        return Thread.interrupted() == interrupted && right;
    }
}
