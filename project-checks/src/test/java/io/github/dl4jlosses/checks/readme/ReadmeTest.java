/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.checks.pages.Program;
import io.github.dl4jlosses.checks.pages.Repository;
import io.github.dl4jlosses.checks.pages.ShownText;
import io.github.dl4jlosses.examples.digits.DigitsTraining;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
                new String[] {"--output", folder.resolve("digits.svg").toString()},
                new PrintStream(printed, true, UTF_8));
        digitsOutput = printed.toString(UTF_8);
    }

    /** So that it is read in a minute or two. */
    @Test
    void itIsShort() {
        assertThat(README.text().split("\\s+", -1)).hasSizeLessThanOrEqualTo(1300);
    }

    @Test
    void aSwapKeepsTheScoreAndGivesTorchsLoss() throws Exception {
        String program = """
                var features = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
                var data = new DataSet(features, Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 0, 1}}));
                var layer = new OutputLayer.Builder(new LossMCXENT()).nIn(2).nOut(3).build();
                var old = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list(layer).build());
                old.init();
                old.fit(data);
                old.setParams(Nd4j.createFromArray(new float[][] {{1, 0, 0, 1, -1, 1, 0, 0, 0}}));
                var file = new File("%s", "old.zip");
                old.save(file);
                %s
                System.out.printf(Locale.ROOT, "%%d %%.4f", network.getIterationCount(), network.score(data));
                """;
        String place = folder.toString().replace('\\', '/');
        // for plain rows without weights DL4J's scale is torch's mean
        String score = "1 " + digits(torchsLoss("torch.cross_entropy_loss(x, t)"), 4);

        assertThat(Program.ofStatements(program.formatted(place, before(0))).run(folder))
                .isEqualTo(score);
        assertThat(Program.ofStatements(program.formatted(place, after(0))).run(folder))
                .startsWith("layer0: LossMCXENT() -> CrossEntropyLoss(")
                .endsWith("\n" + score);
    }

    @Test
    void theLossWithOptionsIsTorchsWithThese() throws Exception {
        String program = """
                %s
                var network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list(layer).build());
                network.init();
                network.setParams(Nd4j.createFromArray(new float[][] {{1, 0, 0, 1, -1, 1, 0, 0, 0}}));
                var features = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
                var labels = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 0, 1}});
                System.out.printf(Locale.ROOT, "%%.4f", network.score(new DataSet(features, labels)));
                """;
        Matcher options = Pattern.compile(
                        "`nn\\.CrossEntropyLoss\\(weight=(torch\\.tensor\\(\\[[^]]*]\\)),\\s+label_smoothing=([\\d.]+)\\)`")
                .matcher(README.text());
        assertThat(options.find()).isTrue();
        String torch = "weight = %s\ntorch.cross_entropy_loss(x, t, weight, 1, -100, %s)\n"
                .formatted(options.group(1), options.group(2));

        assertThat(Program.ofStatements(program.formatted(after(1))).run(folder))
                .isEqualTo(digits(torchsLoss(torch), 4));
        Program.ofStatements(program.formatted(before(1))).compile(folder);
    }

    @Test
    void theTracedModelContinuesAsInPyTorch() throws Exception {
        Path traced = Repository.ROOT.resolve("examples/src/main/resources/data/traced");
        String snippet = README.first("```java\n(var graph = TorchModel.*?)```");
        String program = """
                var data = Path.of("%s");
                var tensors = TorchWeights.load(data.resolve("resnet_small.inputs.pt")).tensors();
                var pictures = tensors.get("x").slice(0).dup('c').castTo(DataType.FLOAT);
                var batch = new DataSet(pictures, tensors.get("y").slice(0).reshape(8, 1));
                %s
                System.out.printf(Locale.ROOT, "%%.4f", graph.score());
                """.formatted(
                        traced.toString().replace('\\', '/'),
                        snippet.replace("Path.of(\"resnet.pt\")", "data.resolve(\"resnet_small.pt\")"));
        double first = Double.parseDouble(Files.readAllLines(traced.resolve("resnet_small.trace.csv"))
                .get(0)
                .split(",", -1)[1]);

        assertThat(Program.ofStatements(program).run(folder)).isEqualTo(digits(first, 4));
    }

    /** The lines of a before-and-after block that a program has before. */
    private static String before(int block) {
        return lines(block, "- ");
    }

    private static String after(int block) {
        return lines(block, "+ ");
    }

    private static String lines(int block, String mark) {
        return README.each("(?s)```diff\n(.*?)```")
                .get(block)
                .lines()
                .filter(line -> line.startsWith(mark) || line.startsWith("  "))
                .map(line -> line.substring(mark.length()))
                .collect(Collectors.joining("\n"));
    }

    /** Of classes 0 and 2, and the logits that the weights of the examples give for their two inputs. */
    static double torchsLoss(String loss) {
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
        assertThat(README.versions()).isEqualTo(Page.versionsOfBuild("version", "dl4j.version"));
        String version = Page.of("pom.xml").first("<version>([^<]+)<");
        assertThat(README.text())
                .contains("<version>" + version + "</version>", "\"io.github.dl4jlosses:dl4j-losses:" + version + "\"");
    }

    static String digits(double number, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }
}
