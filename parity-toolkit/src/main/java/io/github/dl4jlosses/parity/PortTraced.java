/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Ports a traced model to a graph with its weights, or prints it as source. */
record PortTraced(Path file, List<PortInput> inputs, List<ILossFunction> losses, PortConsole console) {

    /**
     * Writes the graph or prints the source.
     *
     * @param output null if no graph is written
     * @param javaClass null if no source is printed; otherwise only the source is printed
     */
    int run(Path output, String javaClass, boolean verifies) throws IOException {
        console.progress("Reading " + file);
        TorchModel model = TorchModel.load(file);
        if (javaClass != null) {
            console.print(model.toJava(javaClass, losses, types()).stripTrailing());
        }
        if (output == null && !verifies) {
            return ParityCommand.EQUAL;
        }
        ComputationGraph graph =
                model.toComputationGraph(new NeuralNetConfiguration.Builder().dataType(typeOfFile()), losses, types());
        if (javaClass == null) {
            console.print(graph.getVertices().length + " vertices, " + graph.numParams() + " parameters");
            model.notes().forEach(note -> console.print("note: " + note));
        }
        if (verifies && !console.isEqual(comparison(graph))) {
            return ParityCommand.DIFFERENT;
        }
        if (output != null) {
            console.write(graph, output);
        }
        if (output != null && javaClass == null) {
            console.print("Written: " + output);
        }
        return ParityCommand.EQUAL;
    }

    private InputType[] types() {
        return inputs.stream().map(PortInput::type).toArray(InputType[]::new);
    }

    private ModelComparison comparison(ComputationGraph graph) {
        console.progress("Running " + file + " in torch " + Torch.version());
        INDArray[] examples =
                inputs.stream().map(input -> input.examples(typeOfFile())).toArray(INDArray[]::new);
        return ModelComparison.of(file, graph, List.of(types()), examples);
    }

    /** The dtype of the file: DOUBLE if torch computes in float64. */
    private DataType typeOfFile() {
        boolean isDouble = TorchWeights.load(file).tensors().values().stream()
                .anyMatch(tensor -> tensor.dataType() == DataType.DOUBLE);
        return isDouble ? DataType.DOUBLE : DataType.FLOAT;
    }
}
