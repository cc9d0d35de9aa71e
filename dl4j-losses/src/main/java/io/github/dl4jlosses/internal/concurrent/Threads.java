/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.concurrent;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Shares numbered blocks of work between the caller and the threads of a pool.
 *
 * <p>The number of threads is the system property {@code dl4jlosses.threads}, or else the environment variable
 * {@code OMP_NUM_THREADS}, which ND4J respects, too, or else one for each processor. Blocks must not depend on each
 * other, so that no result depends on the number of threads.
 */
public final class Threads {
    /** The number of elements in a block, which one thread takes at a time. */
    public static final long BLOCK = 1 << 14;

    /** The number of elements from which a second thread pays off. */
    private static final long WORTH_SHARING = 1 << 16;

    private static final String PROPERTY = "dl4jlosses.threads";
    private static final String ENVIRONMENT = "OMP_NUM_THREADS";
    private static final int IDLE_SECONDS = 10;

    private static final ThreadPoolExecutor POOL = pool();

    private Threads() {}

    private static ThreadPoolExecutor pool() {
        int size = Math.max(1, Runtime.getRuntime().availableProcessors());
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "dl4j-losses");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The number of threads that may work on one call, the caller included. */
    public static int count() {
        int asked = positive(System.getProperty(PROPERTY));
        if (asked == 0) {
            asked = positive(System.getenv(ENVIRONMENT));
        }
        return asked == 0 ? Runtime.getRuntime().availableProcessors() : asked;
    }

    private static int positive(String number) {
        try {
            return number == null ? 0 : Math.max(0, Integer.parseInt(number.trim()));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    /**
     * Runs every block once and returns when all are done.
     *
     * @param blocks the number of blocks
     * @param elements the elements of all blocks; if they are few, the caller does all the work
     * @param worker makes the object with which one thread runs its blocks
     * @throws RuntimeException that of the first block that failed
     */
    public static void run(int blocks, long elements, Supplier<IntConsumer> worker) {
        int threads = elements < WORTH_SHARING ? 1 : count();
        Shared shared = new Shared(blocks, worker);
        try {
            for (int i = 1; i < Math.min(threads, blocks); i++) {
                POOL.execute(shared::help);
            }
        } catch (OutOfMemoryError noMoreThreads) {
            // then the threads that exist do the work
        }
        shared.work();
        shared.finish();
    }

    /** The blocks of one call. They are handed out in order, so every block before a failed one runs to its end. */
    private static final class Shared {
        private final int blocks;
        private final Supplier<IntConsumer> worker;
        private int next;
        private int helping;
        private int failedBlock = Integer.MAX_VALUE;
        private Throwable failure;

        Shared(int blocks, Supplier<IntConsumer> worker) {
            this.blocks = blocks;
            this.worker = worker;
        }

        /** The work of a thread of the pool. One that comes late finds nothing left, and nobody waits for it. */
        void help() {
            synchronized (this) {
                if (next >= blocks) {
                    return;
                }
                helping++;
            }
            try {
                workUnlessItCannotBegin();
            } finally {
                synchronized (this) {
                    helping--;
                    notifyAll();
                }
            }
        }

        /** A thread that cannot get memory to start leaves its blocks to the others. */
        private void workUnlessItCannotBegin() {
            IntConsumer blockWork;
            try {
                blockWork = worker.get();
            } catch (OutOfMemoryError e) {
                return;
            }
            work(blockWork);
        }

        /** The work of the caller. A failure is thrown only when no other thread writes any more. */
        void work() {
            IntConsumer blockWork;
            try {
                blockWork = worker.get();
            } catch (RuntimeException | Error e) {
                fail(-1, e);
                return;
            }
            work(blockWork);
        }

        private void work(IntConsumer blockWork) {
            for (int block = take(); block < blocks; block = take()) {
                try {
                    blockWork.accept(block);
                } catch (RuntimeException | Error e) {
                    // kept for the caller, which must not return while others still write
                    fail(block, e);
                }
            }
        }

        private synchronized int take() {
            return next < blocks ? next++ : blocks;
        }

        private synchronized void fail(int block, Throwable e) {
            if (block < failedBlock) {
                failedBlock = block;
                failure = e;
            }
            next = blocks;
        }

        synchronized void finish() {
            boolean interrupted = false;
            while (helping > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // the results are still being written: keep waiting, and restore the interruption afterwards
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure instanceof Error) {
                throw (Error) failure;
            }
            if (failure != null) {
                throw (RuntimeException) failure;
            }
        }
    }
}
