/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Lists the weights of a file, or copies them into a hand-written network.
 *
 * @param key null if the file has a single state_dict
 * @param layers layers by the prefixes of torch's names; may be empty
 */
record PortWeights(Path file, String key, Map<String, String> layers, PortConsole console) {

    void list() {
        load().tensors()
                .forEach((name, tensor) ->
                        console.print(name + " " + tensor.dataType() + " " + Arrays.toString(tensor.shape())));
    }

    /** Copies the weights and writes the network, unless an input is given and the network differs from torch. */
    int into(Path network, Path output, String input) throws IOException {
        TorchWeights weights = load();
        Model model = SavedNetwork.read(network);
        TorchPairing pairing = copied(weights, model);
        console.print(pairing.toString());
        if (input != null && !console.isEqual(comparison(model, pairing, PortInput.parse(input)))) {
            return ParityCommand.DIFFERENT;
        }
        console.write(model, output);
        console.print("Written: " + output);
        return ParityCommand.EQUAL;
    }

    private TorchWeights load() {
        console.progress("Reading " + file);
        return key == null ? TorchWeights.load(file) : TorchWeights.load(file, key);
    }

    private TorchPairing copied(TorchWeights weights, Model model) {
        if (model instanceof ComputationGraph graph) {
            return layers.isEmpty() ? weights.copyInto(graph) : weights.copyInto(graph, layers);
        }
        MultiLayerNetwork stack = (MultiLayerNetwork) model;
        return layers.isEmpty() ? weights.copyInto(stack) : weights.copyInto(stack, layers);
    }

    /**
     * Compares with torch. A model does not say whether it reads sequences with features or time last; torch refuses
     * the wrong order.
     */
    private ModelComparison comparison(Model model, TorchPairing pairing, PortInput input) {
        console.progress("Running " + file + " in torch " + Torch.version());
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
}
