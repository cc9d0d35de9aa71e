/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line, as a shell calls it. */
class ParityCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return ParityCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void equalLossesEndWithZero() {
        assertThat(run("check", "--loss", "LossMSE", "--against", "torch.mse_loss(x, t)"))
                .isZero();
        assertThat(out.toString()).startsWith("LossMSE() equals torch.mse_loss(x, t): 60 cases");
    }

    @Test
    void differentLossesEndWithOneAndTheWorstCase() {
        assertThat(run("check", "--loss", "LossMAE", "--against", "torch.mse_loss(x, t)"))
                .isEqualTo(1);
        assertThat(out.toString())
                .startsWith("LossMAE() is not equal to torch.mse_loss(x, t)")
                .contains("gradient[");
    }

    @Test
    void theOptionsThatRepeatTheWorstCaseWork() {
        String[] check = {"check", "--loss", "LossMAE", "--against", "torch.mse_loss(x, t)", "--masked"};
        assertThat(run(check)).isEqualTo(1);
        String message = out.toString();
        String options = message.strip().substring(message.lastIndexOf(": ") + 2);
        assertThat(options).startsWith("--shape ");

        assertThat(run(with(check, options.split(" ", -1)))).isEqualTo(1);
        assertThat(out.toString()).contains("in 1 of 1 cases");
        assertThat(afterFirstLine(out.toString())).isEqualTo(afterFirstLine(message));
    }

    private static String afterFirstLine(String message) {
        return message.substring(message.indexOf('\n'));
    }

    @Test
    void aLossOfThisLibraryTakesItsOptions() {
        String[] check = {
            "check",
            "--loss",
            "CrossEntropyLoss",
            "--option",
            "labelSmoothing=0.1",
            "-o",
            "weight=1,2,5",
            "-o",
            "reduction=SUM",
            "--activation",
            "softmax",
            "--targets",
            "class-indices",
            "--shape",
            "8x3",
            "--dtype",
            "float64",
            "--magnitude",
            "30",
            "--against",
            "torch.cross_entropy_loss(z, t, torch.tensor([1, 2, 5], dtype=z.dtype), 2, -100, 0.1)"
        };
        assertThat(run(with(check, "--divided-by", "1"))).isZero();
        assertThat(run(with(check, "--divided-by", "2"))).isEqualTo(1);
        assertThat(run(with(check, "--summed-over-rows"))).isEqualTo(1);
    }

    private static String[] with(String[] check, String... options) {
        return Stream.concat(Arrays.stream(check), Arrays.stream(options)).toArray(String[]::new);
    }

    @Test
    void aLossCanBeGivenInJson() {
        String json = "{\"@class\":\"org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT\",\"clipEps\":0}";
        String[] check = {
            "check", "--loss", json, "--activation", "logsoftmax", "--against", "torch.binary_cross_entropy(x, t)"
        };
        assertThat(run(check)).as("log-probabilities are no probabilities").isEqualTo(2);
        assertThat(err.toString()).contains("all elements of input should be between 0 and 1");
    }

    @Test
    void whatCannotBeDoneEndsWithTwo() {
        assertThat(run("check", "--loss", "LossMSE")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--against=EXPRESSION'");
        assertThat(run("check", "--loss", "NoLoss", "--against", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("There is no class NoLoss on the class path");
        assertThat(run("check", "--loss", "java.lang.String", "--against", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("java.lang.String {} is no loss");
        assertThat(run("check", "--loss", "{\"@class\"", "--against", "x")).isEqualTo(2);
        assertThat(run("check", "--loss", "LossMSE", "--against", "torch.none(x)"))
                .isEqualTo(2);
        assertThat(run("check", "--loss", "LossMSE", "--against", "x", "--shape", "3,4"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("A shape is written as 8x3, got 3,4");
        assertThat(run("check", "--loss", "LossMSE", "--against", "x", "--targets", "none"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("There are no targets named none, but uniform");
        assertThat(run("check", "--loss", "LossMSE", "--against", "x", "--activation", "none"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("There is no activation named none that torch has too");
    }

    @Test
    void aMisspeltOptionOfALossIsAnError() {
        assertThat(run("check", "--loss", "CrossEntropyLoss", "-o", "smoothing=0.1", "--against", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("CrossEntropyLoss has no option 'smoothing' (here 0.1)");
    }

    @Test
    void aMisspeltOptionOfALossOfDl4jIsAnError() {
        assertThat(run("check", "--loss", "LossMCXENT", "-o", "smoothing=0.1", "--against", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("The loss has no option smoothing");
    }

    @Test
    void anOptionThatTheLossRefusesIsItsError() {
        assertThat(run("check", "--loss", "CrossEntropyLoss", "-o", "labelSmoothing=2", "--against", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("label_smoothing must be between 0.0 and 1.0. Got: 2.0");
    }

    @Test
    void theHelpHasExamplesAndTheExitStatus() {
        assertThat(run("check", "--help")).isZero();
        assertThat(out.toString())
                .contains("Examples:", "check --loss LossMSE --against \"torch.mse_loss(x, t)\"", "Exit status:");
        assertThat(run("check", "--version")).isZero();
        assertThat(out.toString()).isEqualTo("torch " + Torch.version() + System.lineSeparator());
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("check");
        assertThat(CommandLine.ExitCode.USAGE).isEqualTo(ParityCommand.REFUSED);
    }

    @Test
    void theExamplesOfTheHelpWork() {
        assertThat(run("check", "--help")).isZero();
        String help = out.toString().replace("\\" + System.lineSeparator(), "");
        List<String> examples = help.lines()
                .dropWhile(line -> !line.equals("Examples:"))
                .skip(1)
                .toList();

        assertThat(examples.stream().map(example -> run(words(example))))
                .as("equal, clipped, equal, no such class")
                .containsExactly(0, 1, 0, 2);
    }

    /** As a shell reads them. */
    private static String[] words(String line) {
        return Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)")
                .matcher(line)
                .results()
                .map(word -> IntStream.rangeClosed(1, 3)
                        .mapToObj(word::group)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow())
                .toArray(String[]::new);
    }
}
