/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import picocli.CommandLine;

/** The command line, as a shell calls it. */
class ParityCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path json;
    private Path output;

    @BeforeEach
    void writeTheConfiguration() throws IOException, URISyntaxException {
        String state = "/data/pytorch/digits_mlp_ce_state.pt";
        model = Path.of(ParityCommandTest.class.getResource(state).toURI());
        json = Files.writeString(
                folder.resolve("network.json"), configuration(32).toJson());
        output = folder.resolve("model.zip");
    }

    /** What the command line prints and ends with. */
    private record CommandRun(int status, String out, String err) {
        static CommandRun of(Object... arguments) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int status = ParityCommand.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
            return new CommandRun(status, out.toString(), err.toString());
        }
    }

    private static void assertRefused(String message, Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.status).as(message).isEqualTo(2);
        assertThat(run.err).contains(message);
    }

    @Test
    void equalLossesEndWithZero() {
        CommandRun run = CommandRun.of("check", "--loss", "LossMSE", "--against", "torch.mse_loss(x, t)");
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("LossMSE() equals torch.mse_loss(x, t): 60 cases");
    }

    @Test
    void differentLossesEndWithOneAndTheWorstCase() {
        CommandRun run = CommandRun.of("check", "--loss", "LossMAE", "--against", "torch.mse_loss(x, t)");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .startsWith("LossMAE() is not equal to torch.mse_loss(x, t)")
                .contains("gradient[");
    }

    @Test
    void theOptionsThatRepeatTheWorstCaseWork() {
        Object[] check = {"check", "--loss", "LossMAE", "--against", "torch.mse_loss(x, t)", "--masked"};
        CommandRun run = CommandRun.of(check);
        assertThat(run.status()).isEqualTo(1);
        String message = run.out();
        String options = message.strip().substring(message.lastIndexOf(": ") + 2);
        assertThat(options).startsWith("--shape ");

        CommandRun repeated = CommandRun.of(with(check, (Object[]) options.split(" ", -1)));
        assertThat(repeated.status()).isEqualTo(1);
        assertThat(repeated.out()).contains("in 1 of 1 cases");
        assertThat(afterFirstLine(repeated.out())).isEqualTo(afterFirstLine(message));
    }

    private static String afterFirstLine(String message) {
        return message.substring(message.indexOf('\n'));
    }

    @Test
    void aLossOfThisLibraryTakesItsOptions() {
        Object[] check = words(
                "check --loss CrossEntropyLoss --option labelSmoothing=0.1 -o weight=1,2,5 -o reduction=SUM"
                        + " --activation softmax --targets class-indices --shape 8x3 --dtype float64 --magnitude 30"
                        + " --against 'torch.cross_entropy_loss(z, t, torch.tensor([1, 2, 5], dtype=z.dtype), 2, -100, 0.1)'");
        assertThat(CommandRun.of(with(check, "--divided-by", "1")).status()).isZero();
        assertThat(CommandRun.of(with(check, "--divided-by", "2")).status()).isEqualTo(1);
        assertThat(CommandRun.of(with(check, "--summed-over-rows")).status()).isEqualTo(1);
    }

    private static Object[] with(Object[] check, Object... options) {
        return Stream.concat(Arrays.stream(check), Arrays.stream(options)).toArray();
    }

    @Test
    void aLossCanBeGivenInJson() {
        String json = "{\"@class\":\"org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT\",\"clipEps\":0}";
        // log-probabilities are no probabilities
        assertRefused(
                "all elements of input should be between 0 and 1",
                words("check --activation logsoftmax --against 'torch.binary_cross_entropy(x, t)' --loss '" + json
                        + "'"));
    }

    static Stream<Arguments> whatCannotBeDone() {
        return Stream.of(
                arguments("--loss LossMSE", "Missing required option: '--against=EXPRESSION'"),
                arguments("--against x --loss NoLoss", "There is no class NoLoss on the class path"),
                arguments("--against x --loss java.lang.String", "java.lang.String is not a loss"),
                arguments("--against x --loss '{\"@class\"'", ""),
                arguments("--against torch.none(x) --loss LossMSE", ""),
                arguments(
                        "--against F.mse_loss(x,t) --loss LossMSE",
                        "torch does not compile F.mse_loss(x,t): undefined value F. Write torch.mse_loss for F.mse_loss"),
                arguments("--against 'torch.sum(x * m)' --loss LossMSE", "with --masked"),
                arguments(
                        "--against x --loss " + Unstartable.class.getName(),
                        "cannot be initialised: java.lang.IllegalStateException: no"),
                arguments("--against x --loss LossMSE --shape 99999x99999", "at most 2147483647 numbers"),
                arguments("--against x --loss LossMSE --shape 3,4", "A shape is written as 8x3, got 3,4"),
                arguments("--against x --loss LossMSE --targets none", "There are no targets named none, but uniform"),
                arguments(
                        "--against x --loss LossMSE --activation none",
                        "There is no activation named none that torch has too"),
                arguments(
                        "--against x --loss CrossEntropyLoss -o smoothing=0.1",
                        "CrossEntropyLoss has no option 'smoothing' (here 0.1)"),
                arguments("--against x --loss LossMCXENT -o smoothing=0.1", "The loss has no option smoothing"),
                arguments(
                        "--against x --loss CrossEntropyLoss -o labelSmoothing=2",
                        "label_smoothing must be between 0.0 and 1.0. Got: 2.0"));
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeDone")
    void whatCannotBeDoneEndsWithTwo(String options, String message) {
        assertRefused(message, words("check " + options));
        assertThat(CommandRun.of(words("check " + options)).err).doesNotContain("\tat ", "__torch__");
    }

    /** A loss whose class cannot be used. */
    @SuppressWarnings("serial")
    static final class Unstartable extends LossMSE {
        static {
            fail();
        }

        private static void fail() {
            throw new IllegalStateException("no");
        }
    }

    /** A loss that ends by an error rather than an exception. */
    @SuppressWarnings("serial")
    static final class Asserting extends LossMSE {
        @Override
        public double computeScore(
                INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
            throw new AssertionError("mine");
        }
    }

    @Test
    void anErrorOfTheLossIsADifferenceWithoutAStackTrace() {
        CommandRun run =
                CommandRun.of("check", "--loss", Asserting.class.getName(), "--against", "torch.mse_loss(x, t)");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("throws java.lang.AssertionError: mine where torch computes");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theHelpHasExamplesAndTheExitStatus() {
        assertThat(printed("check", "--help"))
                .contains("Examples:", "check --loss LossMSE --against \"torch.mse_loss(x, t)\"", "Exit status:");
        assertThat(printed("check", "--version")).isEqualTo("torch " + Torch.version() + System.lineSeparator());
        assertThat(printed("help")).contains("check");
        assertThat(CommandLine.ExitCode.USAGE).isEqualTo(ParityCommand.REFUSED);
    }

    @Test
    void theExamplesOfTheHelpWork() {
        String help = printed("check", "--help").replace("\\" + System.lineSeparator(), "");
        List<String> examples = help.lines()
                .dropWhile(line -> !line.equals("Examples:"))
                .skip(1)
                .toList();

        assertThat(examples.stream()
                        .map(example -> CommandRun.of(words(example)).status()))
                .as("equal, clipped, equal, no such class")
                .containsExactly(0, 1, 0, 2);
    }

    private static String printed(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }

    /** As a shell reads them. */
    private static Object[] words(String line) {
        return Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)")
                .matcher(line)
                .results()
                .map(word -> IntStream.rangeClosed(1, 3)
                        .mapToObj(word::group)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow())
                .toArray();
    }

    // ---- port: the reference is the model that torch itself runs ----

    private static MultiLayerConfiguration configuration(int hidden) {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(64)
                        .nOut(hidden)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(new CrossEntropyLoss())
                        .activation(Activation.IDENTITY)
                        .nIn(hidden)
                        .nOut(10)
                        .build())
                .build();
    }

    @Test
    void aFileAloneIsListed() {
        assertThat(printed("port", model).lines())
                .containsExactly(
                        "0.weight DOUBLE [32, 64]",
                        "0.bias DOUBLE [32]",
                        "2.weight DOUBLE [10, 32]",
                        "2.bias DOUBLE [10]");
    }

    @Test
    void aConfigurationBecomesTheModelOfTorch() throws Exception {
        printed("port", model, json, output);

        assertOutputsAreTorchs(ModelSerializer.restoreMultiLayerNetwork(output.toFile())::output);
    }

    @Test
    void aSavedGraphTakesTheWeightsByName() throws Exception {
        MultiLayerNetwork net = new MultiLayerNetwork(configuration(32));
        net.init();
        File saved = folder.resolve("graph.zip").toFile();
        ComputationGraph graph = net.toComputationGraph();
        ModelSerializer.writeModel(graph, saved, true);
        var names = graph.getConfiguration().getTopologicalOrderStr();
        printed("port", model, saved, output, "--map", "0=" + names.get(1), "--map", "2=" + names.get(2));
        assertOutputsAreTorchs(
                x -> ModelSerializer.restoreComputationGraph(output.toFile()).outputSingle(x));
    }

    private interface Network {
        INDArray output(INDArray x) throws IOException;
    }

    private void assertOutputsAreTorchs(Network network) throws IOException {
        INDArray x = Nd4j.linspace(-1, 1, 3 * 64, DataType.DOUBLE).reshape(3, 64);
        Map<String, INDArray> tensors = TorchWeights.load(model).tensors();
        double[] theirs = TorchFunction.of(
                        "torch.linear(torch.tanh(torch.linear(x, w0, b0)), w2, b2)", "x", "w0", "b0", "w2", "b2")
                .call(x, tensors.get("0.weight"), tensors.get("0.bias"), tensors.get("2.weight"), tensors.get("2.bias"))
                .value()
                .toDoubles();
        assertThat(TorchTensor.of(network.output(x)).toDoubles()).containsExactly(theirs, within(1e-12));
    }

    private static final String[] MLP = {"--input", "features:7", "--loss", "SmoothL1Loss"};

    private static Object[] of(Object... first) {
        return with(first, (Object[]) MLP);
    }

    @Test
    void aTracedModelBecomesAVerifiedGraph() throws IOException {
        CommandRun run = CommandRun.of(of("port", traced("mlp_regression"), output, "--verify"));

        assertThat(run.err()).contains("agree with torch 2.7.1").doesNotContain("Exception");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("note: The network's output is the model's", "Written: " + output);
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(output.toFile());
        INDArray x = Nd4j.linspace(-1, 1, 14, DataType.DOUBLE).reshape(2, 7);
        Map<String, INDArray> batches =
                TorchWeights.load(traced("mlp_regression.inputs")).tensors();
        assertThat(graph.outputSingle(x).shape())
                .isEqualTo(new long[] {2, batches.get("y").size(2)});
    }

    @Test
    void theSourceOfATracedModelIsPrintedAlone() {
        String source = printed(of("port", traced("mlp_regression"), "--java", "models.Mlp"));

        assertThat(source).contains("package models;", "class Mlp");
        assertThat(source).doesNotContain("note: ", "Written");
    }

    @Test
    void aNetworkThatComputesSomethingElseEndsWithOneAndIsNotWritten() throws IOException {
        Path archive = Path.of(model.toString().replace("_state", ""));
        CommandRun equal = CommandRun.of("port", archive, json, output, "--input", "features:64", "--verify");
        assertThat(equal.status()).isZero();
        assertThat(equal.err()).contains("agree with torch 2.7.1");
        Files.delete(output);

        Files.writeString(json, configuration(32).toJson().replace("ActivationTanH", "ActivationSigmoid"));
        CommandRun run = CommandRun.of("port", archive, json, output, "--input", "features:64", "--verify");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("Vertex '0'", "Nothing was written").doesNotContain("Exception");
        assertThat(output).doesNotExist();
    }

    @Test
    void aFileIsWrittenWithTheUsualMode() throws IOException {
        printed("port", model, json, output);

        assertThat(Files.getPosixFilePermissions(output)).isEqualTo(Files.getPosixFilePermissions(json));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(json, output);
        }
    }

    @Test
    void eachRefusalIsALineOfItsOwn() throws IOException {
        Path mlp = traced("mlp_regression");
        assertLine("Unknown option: '--bogus'; parity port --help says more", "port", mlp, "--bogus");
        assertLine("Missing required parameter: 'FILE'", "port");
        assertLine("There is no folder " + folder.resolve("none"), "port", model, json, folder.resolve("none/a.zip"));
        assertLine(folder + " is a folder", "port", folder);
        assertLine("must be one of features:F", "port", mlp, output, "--input", "features:0", "--loss", "MSELoss");
        assertLine("must be one of features:F", "port", mlp, output, "--input", "picture:3x4", "--loss", "MSELoss");
        assertLine("There is no class NoLoss", "port", mlp, output, "--input", "features:7", "--loss", "NoLoss");
        assertLine("needs --input and --loss", "port", mlp, output, "--input", "features:7");
        assertLine("OUTPUT is missing", of("port", mlp));
        assertLine("holds no code", of("port", model, output));
        assertLine(
                "takes an input of the sizes [N, 8]",
                "port",
                mlp,
                output,
                "--input",
                "features:8",
                "--loss",
                "MSELoss");
        assertLine("--verify needs one --input", "port", model, json, output, "--verify");
        Files.writeString(json, "{\n  \"confs\": [1,,2]\n}");
        assertLine("is not JSON from line 2, column 16 on", "port", model, json, output);
        Files.writeString(json, "{\"confs\": 3}");
        assertLine("is not a network of DL4J", "port", model, json, output);
        Files.writeString(json, configuration(32).toJson().replace("ActivationTanH", "ActivationNone"));
        assertLine(
                "names the class org.nd4j.linalg.activations.impl.ActivationNone, which is not on the class path",
                "port",
                model,
                json,
                output);
        Files.write(json, new byte[] {'P', 'K', 3, 4, 5, 6});
        assertLine("is a damaged ZIP", "port", model, json, output);
        Files.write(json, new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        assertLine("is neither a model saved by ModelSerializer nor the JSON", "port", model, json, output);
        assertThat(output).doesNotExist();
    }

    /** What is printed besides is the progress. */
    private static void assertLine(String message, Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.status).as(run.err).isEqualTo(2);
        List<String> lines = run.err
                .lines()
                .filter(line -> !line.startsWith("Reading ") && !line.startsWith("Running "))
                .toList();
        assertThat(lines).singleElement().asString().contains(message).doesNotContain("Exception");
    }

    private static Path traced(String name) {
        try {
            return Path.of(ParityCommandTest.class
                    .getResource("/data/traced/" + name + ".pt")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingIsWritten() throws IOException {
        Files.writeString(json, configuration(31).toJson());
        assertRefused("[32, 64]", "port", model, json, output);
        assertRefused("find no layer 'a'", "port", model, json, output, "--map", "0=a");
        assertRefused("One file more is needed", "port", model, json);
        assertRefused("There is no file", "port", folder.resolve("none.pt"));
        assertRefused(
                "is not a network of DL4J", "port", model, Files.writeString(folder.resolve("a.json"), "{}"), output);
        assertRefused("it was not saved by ModelSerializer", "port", model, model, output);
        assertRefused("", "port", json);
        assertThat(output).doesNotExist();

        Files.writeString(output, "mine");
        assertRefused("exists already; nothing was written", "port", model, json, output);
        assertThat(output).hasContent("mine");
    }
}
