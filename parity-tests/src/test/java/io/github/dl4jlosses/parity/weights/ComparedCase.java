/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.parity.ModelComparison;
import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TracedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An archive of torch.jit.trace with the inputs that its model takes.
 *
 * @param name of the archive
 * @param archive the file
 * @param inputs in the words of torch-porting's cases.csv, such as {@code image 5 6 2}
 * @param outputs how many the model has
 */
record ComparedCase(String name, Path archive, List<String> inputs, int outputs) {

    private static final long BATCH = 3;

    /** All models, and all modules that have a counterpart. */
    static Stream<ComparedCase> all() {
        return Stream.concat(Stream.of(TracedFile.values()).map(ComparedCase::of), modules());
    }

    static ComparedCase of(TracedFile file) {
        String input = switch (file) {
            case MLP_REGRESSION -> "ff 7";
            case AUTOENCODER -> "ff 36";
            case LENET -> "image 28 28 1";
            case MULTILABEL_CNN -> "image 16 12 3";
            case RESNET_SMALL, RESNET_TORCH2 -> "image 32 32 3";
            case UNET_SMALL -> "image 16 24 3";
            case TEXT_CNN -> "tokens 50 15";
            case BILSTM_TAGGER, BILSTM_TORCH2 -> "tokens 40 9";
        };
        return new ComparedCase(file.name().toLowerCase(Locale.ROOT), file.archive(), List.of(input), 1);
    }

    static Stream<ComparedCase> modules() {
        try {
            return Files.readAllLines(module("cases.csv")).stream().map(line -> {
                String[] fields = line.split(",", -1);
                List<String> inputs = List.of(fields[1].split(";", -1));
                return new ComparedCase(fields[0], module(fields[0] + ".pt"), inputs, fields[2].split(";", -1).length);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ComparedCase module(String name, String... inputs) {
        return new ComparedCase(name, modulePath(name), List.of(inputs), 1);
    }

    static Path modulePath(String name) {
        return module(name + ".pt");
    }

    private static Path module(String file) {
        try {
            return Path.of(ComparedCase.class.getResource("/modules/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    List<InputType> types() {
        return inputs.stream().map(ComparedCase::type).toList();
    }

    private static InputType type(String text) {
        long[] n = numbers(text);
        return switch (text.split(" ", -1)[0]) {
            case "image" -> InputType.convolutional(n[0], n[1], n[2]);
            case "volume" -> InputType.convolutional3D(DataFormat.NCDHW, n[0], n[1], n[2], n[3]);
            case "ff" -> InputType.feedForward(n[0]);
            case "token" -> InputType.feedForward(1);
            default -> InputType.recurrent(n[0], n[1]);
        };
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.split(" ", -1))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    ComputationGraph graph(DataType type) {
        return graph(new NeuralNetConfiguration.Builder().dataType(type));
    }

    ComputationGraph graph(NeuralNetConfiguration.Builder settings) {
        return TorchModel.load(archive)
                .toComputationGraph(
                        settings,
                        Stream.generate(MSELoss::new).limit(outputs).toList(),
                        types().toArray(InputType[]::new));
    }

    /** Random inputs in DL4J's order. */
    INDArray[] examples(DataType type) {
        Random random = new Random(5);
        List<INDArray> examples = new ArrayList<>();
        for (String input : inputs) {
            long[] n = numbers(input);
            examples.add(
                    switch (input.split(" ", -1)[0]) {
                        case "image" -> normal(random, BATCH, n[2], n[0], n[1]);
                        case "volume" -> normal(random, BATCH, n[3], n[0], n[1], n[2]);
                        case "ff" -> normal(random, BATCH, n[0]);
                        case "token" -> indices(random, n[0], BATCH, 1);
                        case "tokens" -> indices(random, n[0], BATCH, n[1]);
                        default -> normal(random, BATCH, n[0], n[1]);
                    });
        }
        return examples.stream().map(example -> example.castTo(type)).toArray(INDArray[]::new);
    }

    private static INDArray normal(Random random, long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Nd4j.createFromArray(random.doubles(length, -2, 2).toArray()).reshape('c', shape);
    }

    private static INDArray indices(Random random, long vocabulary, long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Nd4j.createFromArray(random.ints(length, 0, (int) vocabulary)
                        .asDoubleStream()
                        .toArray())
                .reshape('c', shape);
    }

    ModelComparison compared(ComputationGraph graph) {
        return ModelComparison.of(
                archive, graph, types(), examples(graph.params().dataType()));
    }

    @Override
    public String toString() {
        return name;
    }
}
