/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code parity port}: {@link TorchModel} and {@link TorchWeights} on the command line. */
@Command(
        name = "port",
        mixinStandardHelpOptions = true,
        versionProvider = ParityCommand.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ParityCommand.REFUSED,
        customSynopsis = {
            "port FILE                           lists the tensors of a file",
            "       port FILE NETWORK OUTPUT            copies the weights into a network with the same layers",
            "       port FILE OUTPUT --input .. --loss ..   makes a graph of a traced model, with its weights"
        },
        description = {
            "%nBrings a PyTorch model to DL4J. A traced model is what torch.jit.trace(model.eval(), example).save(FILE) writes; of"
                    + " other files only the weights are used."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            " 0:written, or listed",
            " 1:with --verify: the network computes something else than torch; nothing is written",
            " 2:a file is refused, or the network does not fit; nothing is written"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  port model_state.pt",
            "  port model_state.pt network.json model.zip",
            "  port checkpoint.pt trained.zip model.zip --key model --map lstm=recurrent --map fc=out",
            "  port resnet.pt resnet.zip --input picture:3x32x32 --loss CrossEntropyLoss --verify",
            "  port resnet.pt --input picture:3x32x32 --loss CrossEntropyLoss --java models.ResNet > ResNet.java"
        })
final class PortCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "A TorchScript archive, a state_dict saved by torch.save, or a safetensors file.")
    private Path file;

    @Parameters(
            index = "1..2",
            arity = "0..2",
            paramLabel = "[NETWORK] OUTPUT",
            hideParamSyntax = true,
            description = {
                "NETWORK: a model saved by DL4J's ModelSerializer, or the JSON of a configuration. It is not changed.",
                "OUTPUT: where the network with the weights goes, as ModelSerializer saves it; must not exist."
            })
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key of the state_dict, in a checkpoint that has more than one.")
    private String key;

    @Option(
            names = "--map",
            paramLabel = "PREFIX=LAYER",
            description =
                    "The layer of a prefix of torch's names: the name of a vertex, or the number or name of a layer; repeatable.")
    private Map<String, String> layers = new LinkedHashMap<>();

    @Option(
            names = "--input",
            paramLabel = "KIND:SIZES",
            description = "What an example is: features:F, picture:CxHxW (channels, height, width),"
                    + " volume:CxDxHxW, sequence:FxT (features, steps) or indices:VxT (vocabulary, steps);"
                    + " once for each input of the model.")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description = "The loss of a traced model, by its class or as JSON; once for each output.")
    private List<String> losses = new ArrayList<>();

    @Option(
            names = "--java",
            paramLabel = "CLASS",
            description = "Prints the configuration of a traced model as the source of this class.")
    private String javaClass;

    @Option(
            names = "--verify",
            description =
                    "Runs FILE in torch, on random examples, and names the first vertex of the network that differs."
                            + " This runs the code in FILE.")
    private boolean verifies;

    @Override
    public Integer call() throws IOException {
        PortFiles.requireReadable(file);
        if (paths.size() == 2) {
            return intoNetwork(paths.get(0), paths.get(1));
        }
        if (!inputs.isEmpty() || !losses.isEmpty() || javaClass != null) {
            return traced(paths.isEmpty() ? null : paths.get(0));
        }
        if (!paths.isEmpty()) {
            throw new IllegalArgumentException(
                    "One file more is needed: port FILE NETWORK OUTPUT, or for a traced model"
                            + " port FILE OUTPUT --input KIND:SIZES --loss LOSS");
        }
        new PortWeights(file, key, layers, console()).list();
        return ParityCommand.EQUAL;
    }

    private Integer intoNetwork(Path network, Path output) throws IOException {
        if (!losses.isEmpty() || javaClass != null) {
            throw new IllegalArgumentException("--loss and --java are for a traced model without NETWORK");
        }
        if (verifies && (inputs.size() != 1 || key != null)) {
            throw new IllegalArgumentException(
                    "--verify needs one --input, and a FILE with code: what torch.jit saved");
        }
        PortFiles.requireReadable(network);
        PortFiles.requireWritable(output);
        return new PortWeights(file, key, layers, console()).into(network, output, verifies ? inputs.get(0) : null);
    }

    private Integer traced(Path output) throws IOException {
        if (inputs.isEmpty() || losses.isEmpty() || key != null || !layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "A traced model needs --input and --loss, once for each input and output; --key and --map are for"
                            + " weights alone");
        }
        if (output == null && javaClass == null && !verifies) {
            throw new IllegalArgumentException("OUTPUT is missing: port FILE OUTPUT --input .. --loss ..");
        }
        if (output != null) {
            PortFiles.requireWritable(output);
        }
        return new PortTraced(
                        file,
                        inputs.stream().map(PortInput::parse).toList(),
                        losses.stream()
                                .map(loss -> NamedLoss.of(loss, Map.of()))
                                .toList(),
                        console())
                .run(output, javaClass, verifies);
    }

    private PortConsole console() {
        return new PortConsole(spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
