/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code parity check}: a {@link Parity} made from options. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = ParityCommand.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ParityCommand.REFUSED,
        description = {
            "Compares value and gradient of a loss with an expression that torch computes.",
            "In the expression, z is the pre-output of the layer, x the activated output, t the targets, and m the mask."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            " 0:equal in all cases",
            " 1:different in at least one; the output shows the worst",
            " 2:nothing compared: wrong options, an unknown loss, an expression that torch rejects"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  check --loss LossMSE --against \"torch.mse_loss(x, t)\"",
            "  check --loss LossBinaryXENT --activation sigmoid \\",
            "        --against \"torch.binary_cross_entropy_with_logits(z, t)\" --magnitude 10",
            "  check --loss CrossEntropyLoss --option labelSmoothing=0.1 --option weight=1,2,5 \\",
            "        --activation softmax --targets class-indices --shape 8x3 \\",
            "        --against \"torch.cross_entropy_loss(z, t, torch.tensor([1, 2, 5], dtype=z.dtype), 1, -100, 0.1)\"",
            "  check --loss '{\"@class\":\"org.example.MyLoss\",\"delta\":2}' --against \"torch.huber_loss(x, t, 1, 2.0)\""
        })
final class CheckCommand implements Callable<Integer> {

    /** The kinds of targets by their names. */
    private static final Map<String, Targets> TARGETS = targetsByName();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--loss",
            required = true,
            paramLabel = "LOSS",
            description =
                    "A class with a constructor without arguments, by its full name or, for DL4J's and this library's"
                            + " losses, by its simple one; or a loss in DL4J's JSON.")
    private String loss;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description = "An option of the loss, named as in its JSON; a list has commas.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--against",
            required = true,
            paramLabel = "EXPRESSION",
            description = "What torch computes: TorchScript with a single number as its result.")
    private String expression;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            defaultValue = "identity",
            description = "The activation of the layer: an Activation of DL4J that torch has too, or logsoftmax."
                    + " Default: ${DEFAULT-VALUE}.")
    private String activation;

    @Option(
            names = "--targets",
            paramLabel = "KIND",
            defaultValue = "uniform",
            description =
                    "uniform, zero-or-one, normal, one-hot, probabilities or class-indices. Default: ${DEFAULT-VALUE}.")
    private String targets;

    @Option(names = "--masked", description = "Mask random rows.")
    private boolean masked;

    @Option(
            names = "--shape",
            paramLabel = "NxC",
            description = "A shape of the inputs, such as 8x3; repeatable. Default: 1x2, 5x3 and 16x10.")
    private List<String> shapes;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "float64, float32, float16 or bfloat16; repeatable. Default: float64 and float32.")
    private List<TorchType> types;

    @Option(
            names = "--magnitude",
            paramLabel = "NUMBER",
            description = "The standard deviation of the inputs; repeatable. Default: 1 and 10.")
    private List<Double> magnitudes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The seed of the first case; the next have the seeds that follow. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--cases",
            paramLabel = "N",
            defaultValue = "5",
            description = "Cases for each shape, dtype and magnitude. Default: ${DEFAULT-VALUE}.")
    private int cases;

    @Option(
            names = "--summed-over-rows",
            description = "Compare sums over the rows, without the division by the minibatch size.")
    private boolean summed;

    @Option(
            names = "--divided-by",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Divide the loss by this first. Default: ${DEFAULT-VALUE}.")
    private double divisor;

    @Option(
            names = "--tolerance",
            arity = "2",
            paramLabel = "NUMBER",
            description =
                    "The relative and the absolute difference allowed. Default: those of torch.testing.assert_close.")
    private List<Double> tolerance;

    @Option(
            names = "--float64-decides",
            description =
                    "Accept a number that torch's float64 result on the same numbers shows to be better than torch's.")
    private boolean float64Decides;

    @Override
    public Integer call() {
        ParityResult result = parity().compare();
        spec.commandLine().getOut().println(result.passed() ? result.message() : withOptions(result));
        return result.passed() ? ParityCommand.EQUAL : ParityCommand.DIFFERENT;
    }

    private Parity parity() {
        TorchActivation head = TorchActivation.named(activation);
        Parity parity = Parity.of(NamedLoss.of(loss, options))
                .against(expression)
                .activation(head.activation(), head.expression())
                .targets(targets())
                .seed(seed)
                .cases(cases)
                .dividedBy(divisor);
        parity = masked ? parity.masked() : parity;
        parity = summed ? parity.summedOverRows() : parity;
        parity = float64Decides ? parity.float64Decides() : parity;
        parity = shapes == null
                ? parity
                : parity.shapes(shapes.stream().map(CheckCommand::shape).toArray(long[][]::new));
        parity = types == null
                ? parity
                : parity.dtypes(types.stream().map(TorchTensor::dataTypeOf).toArray(DataType[]::new));
        parity = magnitudes == null
                ? parity
                : parity.magnitudes(
                        magnitudes.stream().mapToDouble(Double::doubleValue).toArray());
        return tolerance == null ? parity : parity.tolerance(tolerance.get(0), tolerance.get(1));
    }

    private Targets targets() {
        Targets named = TARGETS.get(targets.toLowerCase(Locale.ROOT));
        if (named == null) {
            throw new IllegalArgumentException(
                    "There are no targets named " + targets + ", but " + String.join(", ", TARGETS.keySet()));
        }
        return named;
    }

    private static Map<String, Targets> targetsByName() {
        Map<String, Targets> names = new LinkedHashMap<>();
        names.put("uniform", Targets.uniform());
        names.put("zero-or-one", Targets.zeroOrOne());
        names.put("normal", Targets.normal());
        names.put("one-hot", Targets.oneHot());
        names.put("probabilities", Targets.probabilities());
        names.put("class-indices", Targets.classIndices());
        return names;
    }

    private static long[] shape(String text) {
        try {
            return Stream.of(text.split("x", -1)).mapToLong(Long::parseLong).toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("A shape is written as 8x3, got " + text, e);
        }
    }

    /** The message, with this command's options in place of the library's calls. */
    private static String withOptions(ParityResult result) {
        String calls = ResultText.repeat(result.worst().origin().calls());
        String message = result.message();
        return message.endsWith(calls)
                ? message.substring(0, message.length() - calls.length())
                        + "  to repeat this case alone, replace the options of the same names by: "
                        + result.worst().origin().options()
                : message;
    }
}
