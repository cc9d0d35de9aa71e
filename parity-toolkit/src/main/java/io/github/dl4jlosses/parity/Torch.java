/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The torch library inside this JVM.
 *
 * <p>It comes from Maven artifacts and starts at the first use; nothing else is downloaded and no Python runs. It
 * computes on the CPU with one thread, because sums of large float32 tensors depend on the number of threads; to
 * measure times, {@linkplain #setThreads set} another number.
 *
 * @since 0.1.0
 */
public final class Torch {

    private static final String OFFLINE = "ai.djl.offline";

    private Torch() {}

    /**
     * Returns the version of the torch library that is loaded.
     *
     * @return the version, such as {@code 2.7.1}
     */
    public static String version() {
        return Library.ENGINE.getVersion();
    }

    /**
     * Sets the number of threads of torch's kernels, as {@code torch.set_num_threads} does.
     *
     * <p>OpenMP keeps the number for each calling thread, and ND4J also sets it when it starts. So set it in the thread
     * that calls torch, after creating the first ND4J array.
     *
     * @param threads the number, 1 at the start
     * @throws IllegalArgumentException if the number is below 1
     */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("torch computes with at least 1 thread, got " + threads);
        }
        Library.ENGINE.getVersion(); // starting the engine also sets the number, so it must come first
        JniUtils.setNumThreads(threads);
    }

    /**
     * Returns the number of threads of torch's kernels when called by this thread.
     *
     * @return the number
     */
    public static int threads() {
        Library.ENGINE.getVersion();
        return JniUtils.getNumThreads();
    }

    /** The manager of everything that lives as long as this JVM. */
    static PtNDManager manager() {
        return Library.MANAGER;
    }

    private static final class Library {
        private static final Engine ENGINE = start();
        private static final PtNDManager MANAGER = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");

        private static Engine start() {
            if (System.getProperty(OFFLINE) == null) {
                System.setProperty(OFFLINE, "true");
            }
            Engine engine = Engine.getEngine("PyTorch");
            JniUtils.setNumThreads(1);
            return engine;
        }
    }
}
