/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.checks.pages.Program;
import io.github.dl4jlosses.checks.pages.ShownText;
import io.github.dl4jlosses.examples.digits.DigitsTraining;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says is what happens. */
class ReadmeTest {
    private static final Page README = Page.of("README.md");

    private static String digitsOutput;

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainOnTheDigits(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        DigitsTraining.run(
                new String[] {"--output", folder.resolve("digits.png").toString()},
                new PrintStream(printed, true, UTF_8));
        digitsOutput = printed.toString(UTF_8);
    }

    @Test
    void aPlainRowOfIndicesIsAsGoodAsAColumn() {
        LabelForm column = LabelForm.all().get(0);
        LabelForm row = new LabelForm(
                "row",
                column.format(),
                column.labelled().reshape(2),
                column.unlabelled().reshape(2));
        assertThat(row.weighted()).isEqualTo(column.weighted());
        assertThat(row.unweighted()).isEqualTo(column.unweighted());
    }

    @Test
    void theExampleCompilesAndPrintsWhatStandsBelowIt() throws Exception {
        String program = README.first("```java\n(.*?)```");

        assertThat(Program.of(program).run(folder))
                .isEqualTo(README.first("It prints\n\n```\n(.*?)```"))
                .endsWith(" " + digits(torchsLossOfTheExample(), 4) + "\n");
    }

    @Test
    void theBinaryExampleCompilesAndReportsTorchsLoss() throws Exception {
        String snippet = README.first("```java\n(var loss = BCEWithLogitsLoss.*?)```");
        String program = """
                %s
                network.init();
                network.setParams(Nd4j.createFromArray(new float[][] {{1, -1, 0}}));
                var features = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
                var labels = Nd4j.createFromArray(new float[][] {{1}, {0}});
                System.out.printf(Locale.ROOT, "%%.4f", network.score(new DataSet(features, labels)));
                """.formatted(snippet);
        double torch = TorchFunction.of(
                        "torch.binary_cross_entropy_with_logits(x, t, None, torch.tensor([3.0]), 1)", "x", "t")
                .call(
                        TorchTensor.of(TorchType.FLOAT32, new double[] {1, -1}, 2, 1),
                        TorchTensor.of(TorchType.FLOAT32, new double[] {1, 0}, 2, 1))
                .value()
                .item();
        assertThat(Program.ofStatements(program).run(folder)).isEqualTo(digits(torch, 4));
    }

    @Test
    void theThreeLinesSwapTheLossOfASavedModel() throws Exception {
        String program = """
                var features = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
                var data = new DataSet(features, Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 0, 1}}));
                var layer = new OutputLayer.Builder(new LossMCXENT()).nIn(2).nOut(3).build();
                var old = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list(layer).build());
                old.init();
                old.fit(data);
                old.setParams(Nd4j.createFromArray(new float[][] {{1, 0, 0, 1, -1, 1, 0, 0, 0}}));
                var oldFile = new File("%1$s", "old.zip");
                var newFile = new File("%1$s", "new.zip");
                old.save(oldFile);
                %2$s
                var read = MultiLayerNetwork.load(newFile, true);
                System.out.printf(Locale.ROOT, "%%d %%.4f", read.getIterationCount(), read.score(data));
                """.formatted(
                        folder.toString().replace('\\', '/'), README.first("```java\n(var swapped = LossSwap.*?)```"));

        // for plain rows without weights DL4J's scale is torch's mean
        assertThat(Program.ofStatements(program).run(folder))
                .startsWith("layer0: LossMCXENT() -> CrossEntropyLoss(")
                .endsWith("\n1 " + digits(torchsLossOfTheExample("torch.cross_entropy_loss(x, t)"), 4));
    }

    /** The logits that the example's weights give for its two inputs. */
    private static double torchsLossOfTheExample() {
        return torchsLossOfTheExample("""
                weight = torch.tensor([1.0, 2.0, 5.0])
                torch.cross_entropy_loss(x, t, weight, 1, -100, 0.1)
                """);
    }

    private static double torchsLossOfTheExample(String loss) {
        return TorchFunction.of(loss, "x", "t")
                .call(
                        TorchTensor.of(TorchType.FLOAT32, new double[] {1, 0, -1, 0, 1, 1}, 2, 3),
                        TorchTensor.of(TorchType.INT64, new long[] {0, 2}, 2))
                .value()
                .item();
    }

    @Test
    void theShortenedOutputIsThatOfTheDigits() {
        List<String[]> steps = steps(digitsOutput);

        for (String[] shown : steps(README.text())) {
            String[] run = steps.stream()
                    .filter(step -> step[0].equals(shown[0]))
                    .findFirst()
                    .orElseThrow();
            // the differences, columns 3 to 5, depend on the processor
            assertThat(Double.parseDouble(shown[1])).isCloseTo(Double.parseDouble(run[1]), within(1e-9));
            assertThat(Double.parseDouble(shown[2])).isCloseTo(Double.parseDouble(run[2]), within(1e-9));
            assertThat(shown[6]).isEqualTo(run[6]);
        }
        assertThat(steps(README.text())).hasSizeGreaterThan(2);
    }

    @Test
    void theEndOfThatOutputIsOnThePageOfTheExamples() {
        List<String> shown = Page.of("examples/README.md")
                .first("```\n( +torch's loss on.*?)```")
                .lines()
                .toList();
        List<String> printed = digitsOutput
                .lines()
                .dropWhile(line -> !line.contains("torch's loss on"))
                .limit(shown.size())
                .toList();
        for (int line = 0; line < shown.size(); line++) {
            String expected = withoutRounding(shown.get(line));
            assertThat(withoutRounding(printed.get(line)))
                    .matches(text -> ShownText.isNearlyAsShown(text, expected), expected);
        }
    }

    /** Differences below the bound are rounding: their digits depend on the processor. */
    private static String withoutRounding(String line) {
        return line.replaceAll("\\d\\.\\de-1[4-9]", "rounding");
    }

    private static List<String[]> steps(String text) {
        return text.lines()
                .filter(line -> line.matches(" +\\d+ +\\d\\.\\d{12} .*%"))
                .map(line -> line.strip().split(" +", -1))
                .toList();
    }

    @Test
    void theVersionsAreThoseOfTheBuild() {
        assertThat(README.versions())
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
        assertThat(README.text()).contains("<version>" + pom.first("<version>([^<]+)<") + "</version>");
    }

    /** Maven puts what stands in a plugin's configuration above -Dexec.mainClass, and another program would run. */
    @Test
    void thePomRunsTheProgramThatIsAskedFor() {
        String pom = README.first("```xml\n(<project.*?)```");
        assertThat(pom).contains("<exec.mainClass>FirstLoss</exec.mainClass>").doesNotContain("<mainClass>");
    }

    private static String digits(double number, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }
}
