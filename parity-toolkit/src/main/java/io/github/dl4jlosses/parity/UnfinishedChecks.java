/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.List;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test of JUnit that begins a {@link Parity} and forgets to finish it by {@code check()} or {@code compare()}. Such a
 * test compares nothing and would pass.
 *
 * <p>{@code @ExtendWith(UnfinishedChecks.class)} at a class of tests switches it on.
 *
 * <p>For all tests of a project, without the annotation: {@code junit.jupiter.extensions.autodetection.enabled=true} in
 * {@code src/test/resources/junit-platform.properties}.
 *
 * <p>It looks at the checks that the test method itself begins, in its own thread. A check kept in a field is of no test.
 *
 * @since 0.1.0
 */
public final class UnfinishedChecks implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

    /** Called by JUnit. */
    public UnfinishedChecks() {}

    /**
     * Begins to look.
     *
     * @param context the test
     */
    @Override
    public void beforeTestExecution(ExtensionContext context) {
        BegunChecks.keep();
    }

    /**
     * Reports what was begun and not finished, unless the test has failed before it could.
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
