/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What docs/parity-toolkit.md says is what happens. */
class ToolkitGuideTest {
    private static final String GUIDE = read();
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?|\\d{7,}");

    @TempDir
    private Path folder;

    static List<String> programs() {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(GUIDE)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everyProgramRuns(String program) throws Exception {
        String name = CompiledProgram.className(program);
        CompiledProgram compiled = CompiledProgram.of(folder, program);
        if (program.contains("@Test")) {
            compiled.call(name, "theLossIsTorchs");
        } else {
            compiled.main(name);
        }
    }

    @Test
    void theMessageOfTheClippedLossIsThatOfThisRun() throws Exception {
        String program = programs().stream()
                .filter(source -> source.contains("class Clipped"))
                .findFirst()
                .orElseThrow();
        String message = CompiledProgram.of(folder, program).main("Clipped");

        assertThat(rounded(blockAfter("The message, which"))).isEqualTo(rounded(message));
    }

    @Test
    void theOutputOfTheCommandIsThatOfThisRun() {
        ParityResult result =
                Parity.of(new LossMSE()).against("torch.mse_loss(x, t)").compare();

        // the differences depend on the processor
        assertThat(firstLine(blockAfter("\nprints\n"))).isEqualTo(firstLine(result.message()));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElseThrow();
    }

    private static String blockAfter(String words) {
        String rest = GUIDE.substring(GUIDE.indexOf(words));
        int start = rest.indexOf("```\n") + 4;
        return rest.substring(start, rest.indexOf("```", start));
    }

    /** To six digits: the last ones depend on the processor. */
    private static String rounded(String text) {
        return DECIMAL.matcher(text)
                .replaceAll((MatchResult number) -> String.format(Locale.ROOT, "%.5e", Double.valueOf(number.group())));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/parity-toolkit.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
