/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.List;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that fails a test which begins a {@link Parity} and never calls {@code check()} or
 * {@code compare()}. Such a test compares nothing and would otherwise pass.
 *
 * <p>Put {@code @ExtendWith(UnfinishedChecks.class)} on a test class to switch it on.
 *
 * <p>To switch it on for all tests of a project, without the annotation, set
 * {@code junit.jupiter.extensions.autodetection.enabled=true} in {@code src/test/resources/junit-platform.properties}.
 *
 * <p>It watches the checks that the test method itself begins, in its own thread. A check kept in a field belongs to no
 * test.
 *
 * @since 0.1.0
 */
public final class UnfinishedChecks implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

    /** Called by JUnit. */
    public UnfinishedChecks() {}

    /**
     * Starts to watch the checks of this thread.
     *
     * @param context the test
     */
    @Override
    public void beforeTestExecution(ExtensionContext context) {
        BegunChecks.keep();
    }

    /**
     * Fails the test if a check was begun and not finished, unless the test has already failed.
     *
     * @param context the test
     * @throws AssertionError if a check was never finished
     */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        List<String> unfinished = BegunChecks.unfinished();
        if (!unfinished.isEmpty() && context.getExecutionException().isEmpty()) {
            throw new AssertionError("Nothing was compared, check() is missing: " + String.join("; ", unfinished));
        }
    }
}
