/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides the {@link FloatLoops} of {@code jdk.incubator.vector}, if the virtual machine has it, once they are
 * compiled.
 *
 * <p>Until the JIT compiler has compiled them, vector forms take more than a hundred times as long. So a background
 * thread calls them until they are fast, and plain forms serve meanwhile. The switch changes no result, because both
 * give the same bits.
 */
final class VectorApi {
    /** The value {@code off} keeps the plain forms in use. */
    private static final String PROPERTY = "dl4jlosses.vector";

    private static final String MODULE = "jdk.incubator.vector";
    private static final Logger LOG = LoggerFactory.getLogger(VectorApi.class);
    private static final int ELEMENTS = 1024;
    /** A call with the elements used here takes less than this once compiled, and a hundred times as long before. */
    private static final long FAST_NANOSECONDS = 15_000;
    /** The time after which the compiler is not expected to finish any more. */
    private static final long PATIENCE_NANOSECONDS = 60_000_000_000L;
    /** The HotSpot compiler that knows vectors; any other makes them objects on the heap. */
    private static final String COMPILER = "4";

    private static final long PAUSE_MILLISECONDS = 10;

    private static final FloatLoops LOOPS = find();
    private static volatile FloatLoops compiled;

    static {
        if (LOOPS != null) {
            Thread thread = new Thread(VectorApi::compile, "dl4j-losses vector forms");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private VectorApi() {}

    /** Whether vector forms exist, compiled or not. */
    static boolean isThere() {
        return LOOPS != null;
    }

    /** The vector forms, compiled or not, or null. */
    static FloatLoops loops() {
        return LOOPS;
    }

    /** The vector forms once they are compiled, null before. */
    static FloatLoops compiled() {
        return compiled;
    }

    private static FloatLoops find() {
        if ("off".equals(System.getProperty(PROPERTY))) {
            return null;
        }
        if (Runtime.version().feature() < 17 || !FusedMultiplyAdd.IS_FAST) {
            return null;
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            LOG.info("Some losses of float32 are faster when Java is started with --add-modules {}.", MODULE);
            return null;
        }
        if (!COMPILER.equals(VirtualMachine.option("TieredStopAtLevel"))) {
            LOG.info("Losses do not use {}: the JIT compiler C2 is not in use.", MODULE);
            return null;
        }
        try {
            Class<?> loops = Class.forName(VectorApi.class.getPackageName() + ".VectorFloatLoops");
            return (FloatLoops) loops.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("Losses do not use {}: it is not as expected.", MODULE, e);
            return null;
        }
    }

    private static void compile() {
        long end = System.nanoTime() + PATIENCE_NANOSECONDS;
        try {
            while (!areFast()) {
                if (System.nanoTime() > end) {
                    LOG.info("Losses do not use {}: it was not compiled within a minute.", MODULE);
                    return;
                }
                // leaves the processor to the program half of the time
                Thread.sleep(PAUSE_MILLISECONDS);
            }
            compiled = LOOPS;
            LOG.info("Some losses of float32 use {}.", MODULE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Losses do not use {}: it is not as expected.", MODULE, e);
        }
    }

    /**
     * Whether each loop is fast, measured by the best of a few calls, because another thread may have the processor.
     */
    private static boolean areFast() {
        boolean are = true;
        Workspace workspace = Workspace.ofThread();
        float[] x = new float[ELEMENTS];
        float[] y = new float[ELEMENTS];
        float[] losses = new float[ELEMENTS];
        FloatElementKernel.Run run = FloatElementKernel.Run.of(x, y, losses, ELEMENTS);
        FloatFactor factor = new FloatFactor(1);
        for (FloatElementKernel kernel : kernels()) {
            are &= isFast(() -> {
                Arrays.fill(x, 0.5f);
                Arrays.fill(y, 1);
                kernel.run(run, LOOPS, factor, workspace);
            });
        }
        are &= areRowsFast();
        float[] sums = new float[ELEMENTS];
        return isFast(() -> LOOPS.add(x, sums, y, ELEMENTS)) && are;
    }

    /** The loops of {@link FloatSoftmaxRow} and {@link FloatSoftmaxRows}. */
    private static boolean areRowsFast() {
        boolean are = true;
        for (int classes : new int[] {ELEMENTS, FloatSoftmaxKernel.LEAST_CLASSES}) {
            int rows = ELEMENTS / classes;
            float[] x = new float[ELEMENTS];
            float[] y = new float[ELEMENTS];
            FloatTile tile = FloatTile.ofRows(classes, x, y, new boolean[rows], new double[rows], true, true);
            tile.rows = rows;
            for (FloatSoftmaxKernel kernel : rowKernels()) {
                are &= isFast(() -> {
                    Arrays.fill(x, 0.5f);
                    Arrays.fill(y, 1);
                    kernel.compute(tile, 1, LOOPS);
                });
            }
        }
        return are;
    }

    /** Kernels that together use every loop over rows. */
    static List<FloatSoftmaxKernel> rowKernels() {
        return List.of(new FloatClassProbability(new FloatTargets(null, 0.5, 0.1)), new FloatSoftmaxDivergence());
    }

    /** Kernels that together use every loop. */
    static List<FloatElementKernel> kernels() {
        return List.of(
                new FloatSquaredError(),
                new FloatAbsoluteError(),
                new FloatHuber(1, 1),
                new FloatHuber(0.1, 10),
                new FloatSoftMargin(),
                new FloatPoissonRates(1e-8),
                new FloatPoissonLogRates(),
                new FloatLogits(null),
                new FloatLogits(new double[] {3}));
    }

    private static boolean isFast(Runnable form) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 30; i++) {
            long start = System.nanoTime();
            form.run();
            least = Math.min(least, System.nanoTime() - start);
        }
        return least < FAST_NANOSECONDS;
    }
}
