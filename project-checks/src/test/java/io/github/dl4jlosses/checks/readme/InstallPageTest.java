/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.checks.pages.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/install.md says is what happens. */
class InstallPageTest {
    private static final Page PAGE = Page.of("docs/install.md");

    @TempDir
    private Path folder;

    @Test
    void theFirstProgramCompilesAndPrintsWhatStandsBelowIt() throws Exception {
        String program = PAGE.first("```java\n(.*?)```");
        String torch = """
                weight = torch.tensor([1.0, 2.0, 5.0])
                torch.cross_entropy_loss(x, t, weight, 1, -100, 0.1)
                """;

        assertThat(Program.of(program).run(folder))
                .isEqualTo(PAGE.first("It prints\n\n```\n(.*?)```"))
                .endsWith(" " + ReadmeTest.digits(ReadmeTest.torchsLoss(torch), 4) + "\n");
    }

    @Test
    void theVersionsAreThoseOfTheBuild() {
        assertThat(PAGE.versions())
                .isEqualTo(Page.versionsOfBuild(
                        "version",
                        "dl4j.version",
                        "djl.version",
                        "torch.version",
                        "slf4j.version",
                        "compiler.plugin.version",
                        "exec.plugin.version",
                        "modelVersion"));
        Page pom = Page.of("pom.xml");
        assertThat(PAGE.text()).contains("<version>" + pom.first("<version>([^<]+)<") + "</version>");
    }

    /** Maven puts what stands in a plugin's configuration above -Dexec.mainClass, and another program would run. */
    @Test
    void thePomRunsTheProgramThatIsAskedFor() {
        String pom = PAGE.first("```xml\n(<project.*?)```");
        assertThat(pom).contains("<exec.mainClass>FirstLoss</exec.mainClass>").doesNotContain("<mainClass>");
    }
}
