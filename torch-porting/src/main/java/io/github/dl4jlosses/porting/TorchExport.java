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
 * A trained network as a safetensors file under torch's names, which {@code load_state_dict} in Python takes.
 *
 * <pre>{@code
 * TorchPairing names = TorchWeights.load(file).copyInto(network);
 * // .. training ..
 * TorchExport.of(network, names).write(Path.of("trained.safetensors"));
 * }</pre>
 *
 * <p>In Python: {@code model.load_state_dict(safetensors.torch.load_file("trained.safetensors"))}.
 *
 * <p>The layers are those of {@link TorchWeights}, and so are the layouts, the other way round. Of an LSTM's two biases
 * {@code bias_ih} becomes the sum, which DL4J has, and {@code bias_hh} zeros: the outputs are the same. The file has the
 * network's dtype. {@link TorchWeights} reads from it what the network has, to the last bit, but for the variance of a
 * {@code BatchNormalization} with {@code useLogStd}, where it comes back through a logarithm. {@code num_batches_tracked} is
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
     * Under the names that the tensors had when they came. Layers that were skipped then are left out.
     *
     * @param net a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param pairing what {@link TorchWeights#copyInto} returned
     * @return a copy of the network's parameters
     * @throws IllegalArgumentException if the pairing is that of another network, or torch does not have a layer
     */
    public static TorchExport of(Model net, TorchPairing pairing) {
        required("pairing", pairing);
        return new TorchExport(NetworkTensors.of(required("net", net), pairing.names(), pairing.skippedLayers()));
    }

    /**
     * Under prefixes.
     *
     * @param net a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param torchPrefixToLayer for the prefix of each layer's tensors the layer: the name of its vertex, or its number in a
     *     MultiLayerNetwork. {@code lstm} and {@code lstm.l0} are the first layer of an {@code nn.LSTM}
     * @return a copy of the network's parameters
     * @throws IllegalArgumentException if a layer has no prefix or a prefix no layer, or torch does not have a layer
     */
    public static TorchExport of(Model net, Map<String, String> torchPrefixToLayer) {
        required("torchPrefixToLayer", torchPrefixToLayer);
        return new TorchExport(NetworkTensors.of(required("net", net), torchPrefixToLayer));
    }

    /**
     * Of a graph whose vertices are named like torch's modules.
     *
     * @param net a graph
     * @return a copy of its parameters
     * @throws IllegalArgumentException if torch does not have a layer
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
     * Writes them as safetensors.
     *
     * @param file the place; a file that is there is replaced
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
     * Names the tensors.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "TorchExport" + tensors.keySet();
    }
}
