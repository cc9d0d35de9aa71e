/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the virtual machine has {@code jdk.incubator.vector}, and whether the {@link VectorForms} are compiled.
 *
 * <p>Until the JIT compiler has been at them, vector forms take thousands of times as long. So a thread in the background calls
 * them until they are fast, and the plain forms serve meanwhile; nobody notices when that ends, for both give the same bits.
 */
public final class VectorApi {
    /** {@code off} leaves the plain forms in use. */
    private static final String PROPERTY = "dl4jlosses.vector";

    private static final String MODULE = "jdk.incubator.vector";
    private static final Logger LOG = LoggerFactory.getLogger(VectorApi.class);
    private static final int ELEMENTS = 1024;
    /** A call of so many elements takes less than this once it is compiled, and a thousand times as much before. */
    private static final long FAST_NANOSECONDS = 20_000;
    /** In which the compiler has its work done, or none will be done. */
    private static final long PATIENCE_NANOSECONDS = 60_000_000_000L;

    private static final VectorForms FORMS = find();
    private static volatile VectorForms compiled;

    static {
        if (FORMS != null) {
            Thread thread = new Thread(VectorApi::compile, "dl4j-losses vector forms");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private VectorApi() {}

    /** Whether vector forms are there, compiled or not. */
    public static boolean isThere() {
        return FORMS != null;
    }

    /** Whether vector forms serve. */
    public static boolean isCompiled() {
        return compiled != null;
    }

    /** The forms that are there, or null. */
    static VectorForms forms() {
        return FORMS;
    }

    /** The forms once they are compiled, before that null. */
    static VectorForms compiled() {
        return compiled;
    }

    private static VectorForms find() {
        if ("off".equals(System.getProperty(PROPERTY))) {
            return null;
        }
        if (Runtime.version().feature() < 17 || !FusedMultiplyAdd.IS_FAST) {
            return null;
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            LOG.info("Losses of float32 are faster when Java is started with --add-modules {}.", MODULE);
            return null;
        }
        try {
            Class<?> forms = Class.forName(VectorApi.class.getPackageName() + ".VectorApiForms");
            return (VectorForms) forms.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("Losses do without {}: it is not as expected.", MODULE, e);
            return null;
        }
    }

    private static void compile() {
        long end = System.nanoTime() + PATIENCE_NANOSECONDS;
        try {
            boolean isFast = false;
            while (!isFast && System.nanoTime() < end) {
                isFast = areFast();
            }
            if (isFast) {
                compiled = FORMS;
                LOG.info("Losses of float32 use {}.", MODULE);
            } else {
                LOG.info("Losses do without {}: it was not compiled in time.", MODULE);
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Losses do without {}: it is not as expected.", MODULE, e);
        }
    }

    /** Whether each form is: measured by the best of a few calls, since another thread may have the processor. */
    private static boolean areFast() {
        boolean are = true;
        Workspace workspace = Workspace.ofThread();
        for (FloatElementKernel kernel : VectorForms.kernels()) {
            float[] x = new float[ELEMENTS];
            float[] y = new float[ELEMENTS];
            float[] losses = new float[ELEMENTS];
            are &= isFast(() -> {
                Arrays.fill(x, 0.5f);
                Arrays.fill(y, 1);
                kernel.run(
                        FORMS,
                        new FloatElementKernel.Run(x, y, losses, ELEMENTS, true, true),
                        new FloatFactor(1),
                        workspace);
            });
        }
        float[] numbers = new float[ELEMENTS];
        are &= isFast(() -> FORMS.exponentials(numbers, new float[ELEMENTS], ELEMENTS));
        are &= isFast(() -> FORMS.add(numbers, new float[ELEMENTS], new float[ELEMENTS], ELEMENTS));
        return are;
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
