/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchSteps;
import io.github.dl4jlosses.porting.TorchWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compares a DL4J network with the PyTorch model that its weights come from: torch runs the model's archive in this
 * JVM, on the same input.
 *
 * <pre>{@code
 * var graph = TorchModel.load(archive).toComputationGraph(settings, List.of(loss), type);
 * var comparison = ModelComparison.of(archive, graph, List.of(type), pictures);
 * System.out.println(comparison); // 24 vertices and 1 output agree with torch 2.7.1; the largest difference is 3.6e-15
 * }</pre>
 *
 * <p><b>Outputs</b> are compared with those of the archive itself, which torch loads and runs. Only here is code from a
 * file executed, by torch's interpreter.
 *
 * <p><b>Vertices</b> are compared with what torch computes from the calls read from the archive, one after the other.
 * The outputs of these calls are checked against those of the archive, too. So the first vertex that differs is the one
 * to look at.
 *
 * <p><b>Tolerance.</b> In float64 a number may differ from torch's by 1e-10 times the largest number of its value, or
 * times 1 if that is larger. If network or archive is float32, it may differ by what {@link Tolerance#of} allows for
 * the largest number.
 *
 * @since 0.1.0
 */
public final class ModelComparison {

    private final List<Difference> vertices;
    private final List<Difference> outputs;
    /** The reason why vertices could not be compared; empty if they were. */
    private final String withoutVertices;

    ModelComparison(List<Difference> vertices, List<Difference> outputs, String withoutVertices) {
        this.vertices = List.copyOf(vertices);
        this.outputs = List.copyOf(outputs);
        this.withoutVertices = withoutVertices;
    }

    /**
     * The distance of a value from torch's.
     *
     * @param vertex the name of the vertex or layer
     * @param module the path of torch's module; empty for the model itself
     * @param operator the operator of torch; empty if it is not known
     * @param largest the largest difference; infinite if the shapes differ
     * @param allowed the largest allowed difference
     * @since 0.1.0
     */
    public record Difference(String vertex, String module, String operator, double largest, double allowed) {

        /**
         * Whether the difference is within what is allowed.
         *
         * @return true if the values agree
         */
        public boolean isAllowed() {
            return largest <= allowed;
        }
    }

    /**
     * Compares a graph that {@link TorchModel} has made.
     *
     * @param archive the file that it was made from
     * @param graph the graph, with the file's weights
     * @param types the input types that it was made with
     * @param examples its inputs, in DL4J's order
     * @return the result
     * @throws IllegalArgumentException if the graph was made from another file, the archive was traced in training, or the inputs do
     *     not fit
     * @throws RefusedFileException if the archive is refused
     * @throws TorchException if torch refuses the archive or the inputs
     */
    public static ModelComparison of(
            Path archive, ComputationGraph graph, List<InputType> types, INDArray... examples) {
        TorchSteps steps = TorchModel.load(archive).steps(LossesOf.graph(graph), types.toArray(InputType[]::new));
        return new ComparedModel(archive, graph, examples).byVertices(steps, steps.inTorchsOrder(examples));
    }

    /**
     * Compares a network that was written by hand, into which {@link TorchWeights#copyInto} has copied the archive's
     * weights. Layers are compared if the archive is a trace and a single call of torch uses just the layer's tensors,
     * with or without the layer's activation.
     *
     * @param archive the file with the weights: what torch.jit.trace or torch.jit.script saved
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph} with one input
     * @param pairing which tensors are in which layer
     * @param example an input in DL4J's order
     * @param torchs the same input in the order and type of torch's model
     * @return the result
     * @throws IllegalArgumentException if the network is of another kind, or the archive was traced in training
     * @throws RefusedFileException if the archive is refused
     * @throws TorchException if torch refuses the archive or the input
     */
    public static ModelComparison of(
            Path archive, Model network, TorchPairing pairing, INDArray example, INDArray torchs) {
        ComparedModel compared = new ComparedModel(archive, network, example);
        TorchSteps steps = compared.followed(pairing);
        return steps != null ? compared.byVertices(steps, List.of(torchs)) : compared.byOutputs(List.of(torchs));
    }

    /**
     * Whether all vertices and outputs agree with torch.
     *
     * @return true if they do
     */
    public boolean isEqual() {
        return firstDifferent().isEmpty();
    }

    /**
     * The first vertex, in the order in which torch computes, that differs from torch; an output if all vertices agree.
     *
     * @return the difference; empty if all agree
     */
    public Optional<Difference> firstDifferent() {
        return Stream.concat(vertices.stream(), outputs.stream())
                .filter(difference -> !difference.isAllowed())
                .findFirst();
    }

    /**
     * The vertices that were compared.
     *
     * @return in the order in which torch computes
     */
    public List<Difference> vertices() {
        return vertices;
    }

    /**
     * The outputs.
     *
     * @return in the model's order
     */
    public List<Difference> outputs() {
        return outputs;
    }

    /**
     * The result in readable form.
     *
     * @return a line if all agree, or one for the first vertex and one for each output that differs
     */
    @Override
    public String toString() {
        return ModelComparisonText.of(this, withoutVertices);
    }
}
