/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTrainingTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @TempDir
    private Path folder;

    @Test
    void staysIdenticalToTorchAndDrawsIt() throws IOException {
        Path picture = folder.resolve("new folder").resolve("training.svg");
        int status = run("--steps", "30", "--output", picture.toString());
        assertThat(printed.toString(UTF_8)).contains("IDENTICAL", picture.toString());
        assertThat(status).isZero();
        assertThat(Files.readString(picture))
                .contains("CrossEntropyLoss follows torch, LossMCXENT leaves it", "CrossEntropyLoss: at most ");
    }

    @Test
    void endsWithThePictureAndWhatToSeeInIt() throws IOException {
        run("--steps", "3", "--output", picture());
        List<String> lines = printed.toString(UTF_8).lines().toList();
        assertThat(lines.get(lines.size() - 3)).isEqualTo("Picture, for a browser: " + picture());
        assertThat(lines.get(lines.size() - 2)).startsWith("  above: ").contains("lies on torch's");
        assertThat(lines.get(lines.size() - 1)).startsWith("  below: CrossEntropyLoss is at most ");
    }

    @Test
    void staysIdenticalInFloat32() throws IOException {
        int status = run("--steps", "30", "--float32", "--output", picture());
        assertThat(printed.toString(UTF_8)).contains("IDENTICAL", "float32");
        assertThat(status).isZero();
    }

    @Test
    void aLossWithoutSmoothingIsFoundOutAtTheFirstStep() throws IOException {
        CrossEntropyLoss wrong =
                CrossEntropyLoss.builder().weight(DigitsTask.classWeight()).build();
        int status = DigitsTraining.run(DigitsOptions.parse("--steps", "3", "--output", picture()), wrong, out);
        assertThat(printed.toString(UTF_8)).contains("DIFFERENT: from step 1 on");
        assertThat(status).isEqualTo(1);
    }

    @Test
    void oneStepIsOneStep() throws IOException {
        run("--steps", "1", "--output", picture());
        assertThat(printed.toString(UTF_8)).contains("digits, 1 step in", "weight of 1 step" + System.lineSeparator());
    }

    @Test
    void helpPrintsTheOptionsOnly() throws IOException {
        int status = run("--steps", "ten", "--help");
        assertThat(printed.toString(UTF_8)).startsWith("options: --steps N").doesNotContain("Maven");
        assertThat(status).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--steps",
                "--steps 0",
                "--steps -3",
                "--steps ten",
                "--output",
                "--output training.jpg",
                "--float16",
                "30"
            })
    void badOptionsAreExplained(String line) throws IOException {
        int status = run(line.split(" ", -1));
        assertThat(printed.toString(UTF_8)).contains(line.split(" ", -1)[0], "options: --steps N", "exit status is 2");
        assertThat(status).isEqualTo(2);
    }

    private int run(String... args) throws IOException {
        return DigitsTraining.run(args, out);
    }

    private String picture() {
        return folder.resolve("training.svg").toString();
    }
}
