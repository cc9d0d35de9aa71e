/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parity port}: {@link TorchModel} and {@link TorchWeights} as a command. */
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
            description = "What an example is: features:F, picture:CxHxW, volume:CxDxHxW, sequence:FxT or"
                    + " indices:VxT (V: the vocabulary); once for each input of the model.")
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
        weights()
                .tensors()
                .forEach((name, tensor) ->
                        print(name + " " + tensor.dataType() + " " + Arrays.toString(tensor.shape())));
        return ParityCommand.EQUAL;
    }

    private TorchWeights weights() {
        progress("Reading " + file);
        return key == null ? TorchWeights.load(file) : TorchWeights.load(file, key);
    }

    // ---- weights into a network ----

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
        TorchWeights weights = weights();
        Model model = SavedNetwork.read(network);
        TorchPairing pairing = copied(weights, model);
        print(pairing.toString());
        if (verifies && !isEqual(comparison(model, pairing))) {
            return ParityCommand.DIFFERENT;
        }
        write(model, output);
        return ParityCommand.EQUAL;
    }

    private TorchPairing copied(TorchWeights weights, Model model) {
        if (model instanceof ComputationGraph graph) {
            return layers.isEmpty() ? weights.copyInto(graph) : weights.copyInto(graph, layers);
        }
        MultiLayerNetwork stack = (MultiLayerNetwork) model;
        return layers.isEmpty() ? weights.copyInto(stack) : weights.copyInto(stack, layers);
    }

    /** A model says nowhere whether it reads sequences with the features or the time last; torch refuses the wrong one. */
    private ModelComparison comparison(Model model, TorchPairing pairing) {
        progress("Running " + file + " in torch " + Torch.version());
        PortInput input = PortInput.parse(inputs.get(0));
        INDArray example = input.examples(model.params().dataType());
        if (input.kind() == PortInput.Kind.INDICES) {
            return ModelComparison.of(file, model, pairing, example, example.castTo(DataType.INT64));
        }
        if (input.kind() != PortInput.Kind.SEQUENCE) {
            return ModelComparison.of(file, model, pairing, example, example);
        }
        try {
            return ModelComparison.of(file, model, pairing, example, example.permute(0, 2, 1));
        } catch (TorchException e) {
            return ModelComparison.of(file, model, pairing, example, example);
        }
    }

    // ---- a traced model ----

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
        List<PortInput> given = inputs.stream().map(PortInput::parse).toList();
        List<ILossFunction> functions =
                losses.stream().map(loss -> NamedLoss.of(loss, Map.of())).toList();
        InputType[] types = given.stream().map(PortInput::type).toArray(InputType[]::new);
        progress("Reading " + file);
        TorchModel model = TorchModel.load(file);
        if (javaClass != null) {
            print(model.toJava(javaClass, functions, types).stripTrailing());
        }
        if (output == null && !verifies) {
            return ParityCommand.EQUAL;
        }
        ComputationGraph graph =
                model.toComputationGraph(new NeuralNetConfiguration.Builder().dataType(typeOfFile()), functions, types);
        if (javaClass == null) {
            print(graph.getVertices().length + " vertices, " + graph.numParams() + " parameters");
            model.notes().forEach(note -> print("note: " + note));
        }
        if (verifies) {
            progress("Running " + file + " in torch " + Torch.version());
            INDArray[] examples =
                    given.stream().map(input -> input.examples(typeOfFile())).toArray(INDArray[]::new);
            if (!isEqual(ModelComparison.of(file, graph, List.of(types), examples))) {
                return ParityCommand.DIFFERENT;
            }
        }
        if (output != null) {
            write(graph, output);
        }
        return ParityCommand.EQUAL;
    }

    /** DOUBLE where torch computes in float64. */
    private DataType typeOfFile() {
        boolean isDouble = TorchWeights.load(file).tensors().values().stream()
                .anyMatch(tensor -> tensor.dataType() == DataType.DOUBLE);
        return isDouble ? DataType.DOUBLE : DataType.FLOAT;
    }

    // ---- both ----

    private boolean isEqual(ModelComparison comparison) {
        if (comparison.isEqual()) {
            progress(comparison.toString());
        } else {
            spec.commandLine().getErr().println(comparison + System.lineSeparator() + "Nothing was written");
        }
        return comparison.isEqual();
    }

    private void write(Model model, Path output) throws IOException {
        progress("Writing " + output);
        PortFiles.write(model, output);
        if (javaClass == null) {
            print("Written: " + output);
        }
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    /** Not on the output, which may be a file. */
    private void progress(String step) {
        spec.commandLine().getErr().println(step);
    }
}
