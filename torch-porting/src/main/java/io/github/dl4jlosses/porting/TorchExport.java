/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.porting.internal.NetworkTensors;
import io.github.dl4jlosses.porting.internal.SafetensorsOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Exports a trained network as a safetensors file with torch's names, for {@code load_state_dict} in Python.
 *
 * <pre>{@code
 * TorchPairing names = TorchWeights.load(file).copyInto(network);
 * // .. training ..
 * TorchExport.of(network, names).write(Path.of("trained.safetensors"));
 * }</pre>
 *
 * <p>In Python: {@code model.load_state_dict(safetensors.torch.load_file("trained.safetensors"))}.
 *
 * <p>Layers and layouts are those of {@link TorchWeights}, in the other direction. DL4J has the sum of an LSTM's two
 * biases; {@code bias_ih} becomes that sum and {@code bias_hh} zero, so the outputs are the same. The file has the
 * network's dtype. {@link TorchWeights} reads the same parameters back from it, to the last bit, except the variance of
 * a {@code BatchNormalization} with {@code useLogStd}, which passes through a logarithm. {@code num_batches_tracked} is
 * left out; torch keeps its own.
 *
 * @since 0.1.0
 */
public final class TorchExport {

    private final Map<String, INDArray> tensors;

    private TorchExport(Map<String, INDArray> tensors) {
        this.tensors = tensors;
    }

    /**
     * Exports under the names that the tensors had in the original file. Layers that were skipped there are left out.
     *
     * @param net a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param pairing what {@link TorchWeights#copyInto} returned
     * @return a copy of the network's parameters
     * @throws IllegalArgumentException if the pairing belongs to another network, or a layer has no counterpart in
     *     torch
     */
    public static TorchExport of(Model net, TorchPairing pairing) {
        required("pairing", pairing);
        return new TorchExport(NetworkTensors.of(required("net", net), pairing.names(), pairing.skippedLayers()));
    }

    /**
     * Exports under the given prefixes of torch's names.
     *
     * @param net a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param torchPrefixToLayer the prefixes of torch's names, each with its layer: the name of a vertex, or a number
     *     in a MultiLayerNetwork. {@code lstm} and {@code lstm.l0} are the first layer of an {@code nn.LSTM}
     * @return a copy of the network's parameters
     * @throws IllegalArgumentException if a layer has no prefix, a prefix no layer, or a layer no counterpart in torch
     */
    public static TorchExport of(Model net, Map<String, String> torchPrefixToLayer) {
        required("torchPrefixToLayer", torchPrefixToLayer);
        return new TorchExport(NetworkTensors.of(required("net", net), torchPrefixToLayer));
    }

    /**
     * Exports a graph whose vertices are named like torch's modules.
     *
     * @param net a graph
     * @return a copy of its parameters
     * @throws IllegalArgumentException if a layer has no counterpart in torch
     */
    public static TorchExport of(ComputationGraph net) {
        return new TorchExport(NetworkTensors.of(required("net", net), (Map<String, String>) null));
    }

    private static <T> T required(String name, T argument) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return argument;
    }

    /**
     * The tensors by torch's names.
     *
     * @return an unmodifiable map in the order of the layers
     */
    public Map<String, INDArray> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * Writes the tensors as a safetensors file.
     *
     * @param file the file to write; an existing one is replaced
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        try {
            SafetensorsOutput.write(tensors, required("file", file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A summary with the names of the tensors.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "TorchExport" + tensors.keySet();
    }
}
