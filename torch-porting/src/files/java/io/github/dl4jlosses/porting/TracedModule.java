/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.updater.TorchSGD;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A building block of models that PyTorch has traced, or one that must be refused: a line of cases.csv or of refused.csv, whose
 * words {@code resources/modules/generate.py} says.
 *
 * @param name of the archive
 * @param inputs what each input is
 * @param outputs what each output is; of one that is refused, what the refusal names
 * @param decay PyTorch's weight decay, the fourth field of a line; 0 where there is none
 */
public record TracedModule(String name, List<String> inputs, List<String> outputs, double decay) {

    /** How far DL4J is from what PyTorch has written down. */
    public record Differences(double before, int steps, double ofLosses, double after) {}

    /** Those that have a counterpart. */
    public static Stream<TracedModule> all() {
        return lines("cases.csv");
    }

    /** Those that have none. */
    public static Stream<TracedModule> refused() {
        return lines("refused.csv");
    }

    private static Stream<TracedModule> lines(String file) {
        try {
            return Files.readAllLines(path(file)).stream()
                    .map(line -> line.split(",", -1))
                    .map(fields -> new TracedModule(
                            fields[0],
                            List.of(fields[1].split(";", -1)),
                            List.of(fields[2].split(";", -1)),
                            fields.length > 3 ? Double.parseDouble(fields[3]) : 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the folder. */
    static Path path(String file) {
        try {
            return Path.of(TracedModule.class.getResource("/modules/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** What torch.jit.trace wrote. */
    public Path archive() {
        return path(name + ".pt");
    }

    /** The archive of one that is refused. */
    public Path refusedArchive() {
        return path("refused_" + name + ".pt");
    }

    /** The batches, and what PyTorch made of them. */
    private Map<String, INDArray> check() {
        return TorchWeights.load(path(name + ".check.pt")).tensors();
    }

    /** The input types in DL4J's words. */
    public InputType[] types() {
        return inputs.stream().map(TracedModule::type).toArray(InputType[]::new);
    }

    private static InputType type(String text) {
        String[] words = text.split(" ", -1);
        long[] n = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return switch (words[0]) {
            case "image" -> InputType.convolutional(n[0], n[1], n[2]);
            case "volume" -> InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, n[0], n[1], n[2], n[3]);
            case "ff" -> InputType.feedForward(n[0]);
            case "token" -> InputType.feedForward(1);
            default -> InputType.recurrent(n[0], n[1]);
        };
    }

    /** The losses that PyTorch trained with. */
    public List<MSELoss> losses() {
        return outputs.stream()
                .map(output -> MSELoss.builder()
                        .positionsPerExample(Long.parseLong(output.split(" ", -1)[0]))
                        .build())
                .toList();
    }

    /** The optimizer that PyTorch trained with, without its weight decay. */
    public static NeuralNetConfiguration.Builder settings() {
        return settings(0);
    }

    private static NeuralNetConfiguration.Builder settings(double weightDecay) {
        return TorchSGD.builder()
                .lr(.05)
                .momentum(.9)
                .weightDecay(weightDecay)
                .build()
                .configure(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE));
    }

    /** The model of one that has a counterpart. */
    public TorchModel load() {
        return TorchModel.load(archive());
    }

    /** The configuration with PyTorch's optimizer. */
    public ComputationGraphConfiguration configuration() {
        return load().configuration(settings(decay), losses(), types());
    }

    /** The graph with the weights that PyTorch began with. */
    public ComputationGraph graph() {
        return load().toComputationGraph(settings(decay), losses(), types());
    }

    /** Trains the graph along PyTorch's trace, and compares outputs before and after, and the loss of each step. */
    public Differences train(ComputationGraph graph) {
        Map<String, INDArray> check = check();
        double[] losses = check.get("losses").toDoubleVector();
        double before = distance(graph, check, "before");
        double ofLosses = 0;
        for (int step = 0; step < losses.length; step++) {
            graph.fit(inputs(check, step), labels(check, step));
            ofLosses = Math.max(ofLosses, Math.abs(graph.score() - losses[step]));
        }
        return new Differences(before, losses.length, ofLosses, distance(graph, check, "after"));
    }

    private INDArray[] inputs(Map<String, INDArray> check, int step) {
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> input(i, at(check.get("x" + i), step)))
                .toArray(INDArray[]::new);
    }

    private INDArray[] labels(Map<String, INDArray> check, int step) {
        return IntStream.range(0, outputs.size())
                .mapToObj(i -> output(i, at(check.get("y" + i), step)))
                .toArray(INDArray[]::new);
    }

    private static INDArray at(INDArray batches, int step) {
        return batches.get(NDArrayIndex.point(step % batches.size(0))).dup('c');
    }

    private double distance(ComputationGraph graph, Map<String, INDArray> check, String key) {
        INDArray[] ours = graph.output(inputs(check, 0));
        double distance = 0;
        for (int i = 0; i < ours.length; i++) {
            INDArray torchs = output(i, check.get(key + i));
            if (!Arrays.equals(ours[i].shape(), torchs.shape())) {
                throw new AssertionError("output " + i + " of " + name + " is " + ours[i].shapeInfoToString() + ", not "
                        + torchs.shapeInfoToString());
            }
            // ND4J's own maximum leaves out NaN
            double[] differences = ours[i].sub(torchs).dup('c').data().asDouble();
            distance = Math.max(
                    distance, Arrays.stream(differences).map(Math::abs).max().orElseThrow());
        }
        return distance;
    }

    // ---- torch's arrays in DL4J's orders ----

    private INDArray input(int number, INDArray batch) {
        return switch (inputs.get(number).split(" ", -1)[0]) {
            case "ntc" -> batch.permute(0, 2, 1).dup('c');
            case "tnc" -> batch.permute(1, 2, 0).dup('c');
            case "token" -> batch.reshape('c', batch.length(), 1);
            default -> batch;
        };
    }

    private INDArray output(int number, INDArray torchs) {
        int[] axes =
                outputs.get(number).split(" ", -1)[1].chars().map(c -> c - '0').toArray();
        return axes.length == torchs.rank() ? torchs.permute(axes).dup('c') : torchs;
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return name;
    }
}
