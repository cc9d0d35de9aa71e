/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the virtual machine has {@code jdk.incubator.vector}, and whether the {@link FloatLoops} in its instructions are
 * compiled.
 *
 * <p>Until the JIT compiler has been at them, vector forms take more than a hundred times as long. So a thread in the background calls
 * them until they are fast, and the plain forms serve meanwhile; nobody notices when that ends, for both give the same bits.
 */
final class VectorApi {
    /** {@code off} leaves the plain forms in use. */
    private static final String PROPERTY = "dl4jlosses.vector";

    private static final String MODULE = "jdk.incubator.vector";
    private static final Logger LOG = LoggerFactory.getLogger(VectorApi.class);
    private static final int ELEMENTS = 1024;
    /** A call of so many elements takes less than this once it is compiled, and a hundred times as much before. */
    private static final long FAST_NANOSECONDS = 6_000;
    /** In which the compiler has its work done, or none will be done. */
    private static final long PATIENCE_NANOSECONDS = 60_000_000_000L;
    /** Of the compilers of HotSpot, the one that knows vectors; any other makes them objects on the heap. */
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

    /** Whether vector forms are there, compiled or not. */
    static boolean isThere() {
        return LOOPS != null;
    }

    /** The forms that are there, or null. */
    static FloatLoops loops() {
        return LOOPS;
    }

    /** The forms once they are compiled, before that null. */
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
            LOG.info("Losses do without {}: the JIT compiler C2 is not at work.", MODULE);
            return null;
        }
        try {
            Class<?> loops = Class.forName(VectorApi.class.getPackageName() + ".VectorFloatLoops");
            return (FloatLoops) loops.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("Losses do without {}: it is not as expected.", MODULE, e);
            return null;
        }
    }

    private static void compile() {
        long end = System.nanoTime() + PATIENCE_NANOSECONDS;
        try {
            while (!areFast()) {
                if (System.nanoTime() > end) {
                    LOG.info("Losses do without {}: a minute was not enough to compile them.", MODULE);
                    return;
                }
                // the program has the processor for half of the time
                Thread.sleep(PAUSE_MILLISECONDS);
            }
            compiled = LOOPS;
            LOG.info("Some losses of float32 use {}.", MODULE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Losses do without {}: it is not as expected.", MODULE, e);
        }
    }

    /** Whether each loop is: measured by the best of a few calls, since another thread may have the processor. */
    private static boolean areFast() {
        boolean are = true;
        Workspace workspace = Workspace.ofThread();
        float[] x = new float[ELEMENTS];
        float[] y = new float[ELEMENTS];
        float[] losses = new float[ELEMENTS];
        FloatElementKernel.Run run = new FloatElementKernel.Run(x, y, losses, ELEMENTS, true, true);
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

    /** The loops of {@link FloatSoftmaxRow}. */
    private static boolean areRowsFast() {
        FloatSoftmaxRow row = new FloatSoftmaxRow(Workspace.ofThread());
        float[] x = new float[ELEMENTS];
        float[] y = new float[ELEMENTS];
        FloatTile tile = FloatTile.ofRows(ELEMENTS, x, y, new boolean[1], new double[1], true, true);
        tile.rows = 1;
        boolean are = true;
        for (FloatSoftmaxKernel kernel : rowKernels()) {
            are &= isFast(() -> {
                Arrays.fill(x, 0.5f);
                Arrays.fill(y, 1);
                row.compute(kernel, tile, 1, LOOPS);
            });
        }
        return are;
    }

    /** Together they have every loop over rows. */
    static List<FloatSoftmaxKernel> rowKernels() {
        return List.of(new FloatClassProbability(new FloatTargets(null, 0.5, 0.1)), new FloatSoftmaxDivergence());
    }

    /** Together they have every loop. */
    static List<FloatElementKernel> kernels() {
        return List.of(
                new FloatSquaredError(),
                new FloatAbsoluteError(),
                new FloatHuber(1, 1),
                new FloatHuber(0.1, 10),
                new FloatSoftMargin(),
                new FloatPoissonRates(1e-8),
                new FloatPoissonLogRates(),
                new FloatLogits());
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
