/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A test that forgets {@code check()} does not pass. */
class UnfinishedChecksTest {
    private static final String EXPRESSION = "torch.mse_loss(x, t)";
    private final Parity kept = Parity.of(new LossMSE()).against(EXPRESSION);

    /** Runs what a test does as JUnit would. */
    private static void run(Runnable test, Throwable thrown) {
        UnfinishedChecks extension = new UnfinishedChecks();
        ExtensionContext context = (ExtensionContext) Proxy.newProxyInstance(
                ExtensionContext.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> Optional.ofNullable(thrown));
        extension.beforeTestExecution(context);
        test.run();
        extension.afterTestExecution(context);
    }

    private static Parity begun() {
        return Parity.of(new LossMSE()).against(EXPRESSION);
    }

    @Test
    @SuppressWarnings("CheckReturnValue")
    void aForgottenCheckFailsTheTestAndNamesItsLine() {
        assertThatThrownBy(() -> run(UnfinishedChecksTest::begun, null))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("Nothing was compared, check() is missing: LossMSE() against " + EXPRESSION
                        + ", UnfinishedChecksTest.java:");
        assertThatThrownBy(() -> run(() -> kept.seed(2), null)).hasMessageContaining("check() is missing");
        assertThatThrownBy(() -> run(() -> Parity.of(new LossMSE()), null)).hasMessageContaining("missing: LossMSE(),");
    }

    @Test
    @SuppressWarnings("CheckReturnValue")
    void ofSeveralChecksTheForgottenOneIsFound() {
        assertThatThrownBy(() -> run(
                        () -> {
                            Parity common = begun().shape(2, 1);
                            common.check();
                            common.seed(7);
                            common.seed(8).check();
                        },
                        null))
                .hasMessageContaining("check() is missing")
                .hasMessageNotContaining(";");
    }

    @Test
    void aFinishedCheckPasses() {
        run(() -> begun().shape(2, 1).check(), null);
        run(() -> assertThat(begun().compare().passed()).isTrue(), null);
        run(
                () -> {
                    Parity common = begun().shape(2, 1);
                    common.seed(7).check();
                },
                null);
        run(() -> kept.shape(2, 1).check(), null);
    }

    @Test
    @SuppressWarnings("CheckReturnValue")
    void aTestThatHasFailedIsLeftAlone() {
        run(UnfinishedChecksTest::begun, new AssertionError("before check()"));
    }

    @Test
    void junitFindsItWhereExtensionsAreDetected() {
        assertThat(ServiceLoader.load(Extension.class)).hasAtLeastOneElementOfType(UnfinishedChecks.class);
    }
}
