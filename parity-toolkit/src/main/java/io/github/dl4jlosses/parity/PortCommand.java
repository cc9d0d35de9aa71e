/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parity port}: {@link TorchWeights} as a command. */
@Command(
        name = "port",
        mixinStandardHelpOptions = true,
        versionProvider = ParityCommand.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ParityCommand.REFUSED,
        description = {
            "Copies the weights of a PyTorch model into a DL4J network with the same layers.",
            "With FILE alone it lists the tensors in it."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {" 0:written, or listed", " 2:a file is refused, or the network does not fit; nothing is written"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  port model_state.pt",
            "  port model_state.pt network.json model.zip",
            "  port checkpoint.pt trained.zip model.zip --key model --map lstm.l0=lstm --map fc=out"
        })
final class PortCommand implements Callable<Integer> {
    private static final String ZIP = "PK";
    private static final String CONFIGURATION = "configuration.json";

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "A TorchScript archive, a state_dict saved by torch.save, or a safetensors file.")
    private Path file;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NETWORK",
            description = "A model saved by DL4J's ModelSerializer, or the JSON of a configuration. It is not changed.")
    private Path network;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "OUTPUT",
            description = "Where the network with the weights goes, as ModelSerializer saves it; must not exist.")
    private Path output;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key of the state_dict, in a checkpoint that has more than one.")
    private String key;

    @Option(
            names = "--map",
            paramLabel = "PREFIX=LAYER",
            description = "For a ComputationGraph: the layer of a prefix of torch's names; repeatable.")
    private Map<String, String> layers = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        requireFiles();
        TorchWeights weights = key == null ? TorchWeights.load(file) : TorchWeights.load(file, key);
        PrintWriter out = spec.commandLine().getOut();
        weights.tensors()
                .forEach((name, tensor) ->
                        out.printf("%s %s %s%n", name, tensor.dataType(), Arrays.toString(tensor.shape())));
        if (network == null) {
            return ParityCommand.EQUAL;
        }
        Model model = restore();
        if (model instanceof ComputationGraph graph && layers.isEmpty()) {
            weights.copyInto(graph);
        } else if (model instanceof ComputationGraph graph) {
            weights.copyInto(graph, layers);
        } else {
            weights.copyInto((MultiLayerNetwork) model);
        }
        write(model);
        out.println("Written: " + output);
        return ParityCommand.EQUAL;
    }

    /** Beside the place it belongs to, so that what is there is whole. */
    private void write(Model model) throws IOException {
        Path part = Files.createTempFile(output.toAbsolutePath().getParent(), "port", ".zip");
        try {
            ModelSerializer.writeModel(model, part.toFile(), true);
            Files.move(part, output);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void requireFiles() {
        if ((network == null) != (output == null)) {
            throw new IllegalArgumentException("OUTPUT is missing: port FILE NETWORK OUTPUT, or port FILE");
        }
        for (Path input : new Path[] {file, network}) {
            if (input != null && !Files.isReadable(input)) {
                throw new IllegalArgumentException("There is no file " + input);
            }
        }
        if (output != null && Files.exists(output)) {
            throw new IllegalArgumentException(output + " exists already; nothing was written");
        }
    }

    private Model restore() throws IOException {
        boolean isModel = isZip();
        String json = isModel ? configuration() : Files.readString(network);
        boolean isGraph = json.contains("\"vertices\"");
        if (!isGraph && !layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "--map is for a ComputationGraph; " + network + " is a MultiLayerNetwork");
        }
        try {
            if (isModel) {
                return isGraph
                        ? ModelSerializer.restoreComputationGraph(network.toFile(), true)
                        : ModelSerializer.restoreMultiLayerNetwork(network.toFile(), true);
            }
            return isGraph ? graph(json) : layers(json);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(network + " is no network of DL4J: " + e.getMessage(), e);
        }
    }

    private static Model graph(String json) {
        ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
        graph.init();
        return graph;
    }

    private static Model layers(String json) {
        MultiLayerNetwork net = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
        net.init();
        return net;
    }

    private boolean isZip() throws IOException {
        try (InputStream start = Files.newInputStream(network)) {
            return new String(start.readNBytes(ZIP.length()), UTF_8).equals(ZIP);
        }
    }

    private String configuration() throws IOException {
        try (ZipFile zip = new ZipFile(network.toFile())) {
            ZipEntry entry = zip.getEntry(CONFIGURATION);
            if (entry == null) {
                throw new IllegalArgumentException(
                        network + " has no " + CONFIGURATION + ": it was not saved by ModelSerializer");
            }
            return new String(zip.getInputStream(entry).readAllBytes(), UTF_8);
        }
    }
}
