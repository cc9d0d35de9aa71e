/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project in {@code src/it/stranger}, which knows nothing of this build, checks a loss of its own. */
class StrangersProjectTest {
    private static final Path PROJECT = Path.of("src/it/stranger");

    @TempDir
    private Path folder;

    @Test
    void aLossOfTheirOwnIsCheckedInLessThanFifteenLines() throws Exception {
        String test = read("src/test/java/LogCoshLossTest.java");

        CompiledProgram.of(folder, read("src/main/java/LogCoshLoss.java"), test)
                .call("LogCoshLossTest", "theLossIsTorchs");
        assertThat(test.lines().count()).isLessThan(15);
    }

    @Test
    void theirTestFailsWhereTheirLossIsWrong() throws Exception {
        String loss = read("src/main/java/LogCoshLoss.java");
        String wrong = loss.replace(".div(preOutput.size(1))", "");
        assertThat(wrong).isNotEqualTo(loss);
        CompiledProgram program = CompiledProgram.of(folder, wrong, read("src/test/java/LogCoshLossTest.java"));

        assertThatThrownBy(() -> program.call("LogCoshLossTest", "theLossIsTorchs"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("value agrees")
                .hasMessageContaining("gradient[");
    }

    @Test
    void theirVersionsAreThoseOfTheBuild() throws IOException {
        String build = Files.readString(Path.of("../pom.xml"));
        for (String name : new String[] {
            "version", "dl4j.version", "junit.version", "compiler.plugin.version", "surefire.plugin.version"
        }) {
            String version = build.split("<" + name + ">", 2)[1].split("<", 2)[0];
            assertThat(read("pom.xml")).contains("<version>" + version + "</version>");
        }
    }

    private static String read(String name) throws IOException {
        return Files.readString(PROJECT.resolve(name));
    }
}
