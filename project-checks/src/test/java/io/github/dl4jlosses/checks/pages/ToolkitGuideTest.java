/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.UnfinishedChecks;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * What docs/parity-toolkit.md says is what happens. The project in {@code src/it/stranger}, which it names and which knows
 * nothing of this build, checks a loss of its own.
 */
class ToolkitGuideTest {
    private static final Page GUIDE = Page.of("docs/parity-toolkit.md");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?|\\d{7,}");
    private static final Program LOSS = stranger("main/java/LogCoshLoss.java");
    private static final Program TEST = stranger("test/java/LogCoshLossTest.java");
    private static final String CHECK = "theLossIsTorchs";

    @TempDir
    private Path folder;

    private static Program stranger(String file) {
        return Program.of(Page.of("parity-toolkit/src/it/stranger/src/" + file).text());
    }

    static Stream<Program> programs() {
        return GUIDE.sections().stream().flatMap(section -> section.programs().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void everyProgramRuns(Program program) throws Exception {
        if (program.source().contains("@Test")) {
            program.compile(folder);
            program.call(folder, CHECK);
        } else {
            program.run(folder);
        }
    }

    @Test
    void theMessageOfTheClippedLossIsThatOfThisRun() throws Exception {
        Program clipped = programs()
                .filter(program -> program.name().equals("Clipped"))
                .findFirst()
                .orElseThrow();

        assertThat(rounded(GUIDE.first("The message, which.*?```\n(.*?)```"))).isEqualTo(rounded(clipped.run(folder)));
    }

    @Test
    void theOutputOfTheCommandIsThatOfThisRun() {
        String message = Parity.of(new LossMSE())
                .against("torch.mse_loss(x, t)")
                .compare()
                .message();

        // the differences depend on the processor
        assertThat(firstLine(GUIDE.first("\nprints\n.*?```\n(.*?)```"))).isEqualTo(firstLine(message));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElseThrow();
    }

    /** To six digits: the last ones depend on the processor. */
    private static String rounded(String text) {
        return DECIMAL.matcher(text)
                .replaceAll((MatchResult number) -> String.format(Locale.ROOT, "%.5e", Double.valueOf(number.group())));
    }

    @Test
    void anExpressionInPythonsWordsPointsToTheTableOfThePage() {
        String table = "docs/parity-toolkit.md, \"What the expression sees\"";
        assertThatThrownBy(Parity.of(new LossMSE()).against("F.huber_loss(x, t, delta=2.0)")::check)
                .hasMessageContaining(table);
        assertThat(GUIDE.first("\n## (What the expression sees)\n.*?\\| in Python \\| in an expression"))
                .isNotEmpty();
    }

    @Test
    void theLineOfTheForgottenCheckIsNamed() throws Exception {
        Program forgetful = Program.of(TEST.source().replace(".check()", ""));
        LOSS.compile(folder);
        forgetful.compile(folder);

        assertThatThrownBy(() -> withExtension(() -> forgetful.call(folder, CHECK)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("check() is missing")
                .hasMessageContaining("LogCoshLossTest.java:7");
        withExtension(() -> {
            TEST.compile(folder);
            TEST.call(folder, CHECK);
        });
    }

    /** Runs something as JUnit runs a test that has the extension. */
    private static void withExtension(Program.Printing test) throws Exception {
        ExtensionContext context = (ExtensionContext) Proxy.newProxyInstance(
                ExtensionContext.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> Optional.empty());
        UnfinishedChecks extension = new UnfinishedChecks();
        extension.beforeTestExecution(context);
        test.run();
        extension.afterTestExecution(context);
    }

    @Test
    void theLineThatRepeatsTheWorstCaseWorksWhenItIsPasted() throws Exception {
        String message = Parity.of(new LossBinaryXENT())
                .against("torch.binary_cross_entropy_with_logits(z, t)")
                .activation(Activation.SIGMOID)
                .compare()
                .message();
        String calls = message.substring(message.lastIndexOf(": ") + 2);
        assertThat(calls).startsWith(".shape(").doesNotContain("seed(1L)");

        String repeated = Program.ofStatements("""
                System.out.print(Parity.of(new LossBinaryXENT())
                        .against("torch.binary_cross_entropy_with_logits(z, t)")
                        .activation(Activation.SIGMOID)%s.compare().message());
                """.formatted(calls)).run(folder);

        assertThat(repeated).startsWith("LossBinaryXENT() is not equal to").contains("in 1 of 1 cases");
        assertThat(afterFirstLine(repeated)).isEqualTo(afterFirstLine(message));
    }

    private static String afterFirstLine(String message) {
        return message.substring(message.indexOf('\n'));
    }

    @Test
    void aLossOfTheirOwnIsCheckedInLessThanFifteenLines() throws Exception {
        LOSS.compile(folder);
        TEST.compile(folder);
        TEST.call(folder, CHECK);
        assertThat(TEST.source().lines().count()).isLessThan(15);
    }

    @Test
    void theirTestFailsWhereTheirLossIsWrong() throws Exception {
        String wrong = LOSS.source().replace(".div(preOutput.size(1))", "");
        assertThat(wrong).isNotEqualTo(LOSS.source());
        Program.of(wrong).compile(folder);
        TEST.compile(folder);

        assertThatThrownBy(() -> TEST.call(folder, CHECK))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("value agrees")
                .hasMessageContaining("gradient[");
    }

    @Test
    void theirVersionsAreThoseOfTheBuild() {
        String pom = Page.of("parity-toolkit/src/it/stranger/pom.xml").text();
        assertThat(Page.versionsOfBuild(
                        "version",
                        "dl4j.version",
                        "junit.version",
                        "compiler.plugin.version",
                        "surefire.plugin.version"))
                .allSatisfy(version -> assertThat(pom).contains("<version>" + version + "</version>"));
    }
}
