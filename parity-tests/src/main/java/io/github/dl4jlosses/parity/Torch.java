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
 * <p>It comes from Maven artifacts and starts at the first use; nothing is downloaded and no Python runs. It computes on
 * the processor with one thread, because the sums of large float32 tensors depend on the number of threads.
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

    /** The manager that owns what lives as long as this JVM. */
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
