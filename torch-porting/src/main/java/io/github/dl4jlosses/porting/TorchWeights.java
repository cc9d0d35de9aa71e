/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.StoredTensors;
import io.github.dl4jlosses.porting.internal.WeightCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of a PyTorch model, read from its file and copied into a DL4J network with the same layers.
 *
 * <pre>{@code
 * TorchWeights.load(Path.of("model_state.pt")).copyInto(network);
 * }</pre>
 *
 * <p><b>Files.</b> Three kinds are recognised by their content: {@code torch.jit.script(model).save(file)}, {@code
 * torch.save(model.state_dict(), file)} of torch 1.6 or newer, and safetensors. All dtypes that ND4J has are read:
 * float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8 and bool. In a scripted module every attribute
 * that is a tensor is read, parameter or not; frozen modules have none.
 *
 * <p><b>Safety.</b> Nothing in a file is executed. The pickle in it may use only the instructions and classes that
 * tensors need; any other is refused by name, as are compressed entries, entries whose checksum differs, views that
 * reach beyond their storage, names with control characters, and everything else that torch would not write. A refused
 * file always throws {@link RefusedFileException}. No file is written, and this one is closed when {@code load}
 * returns.
 *
 * <p>The limits of a file: 2 GiB less 17 bytes, 100,000 entries and 32 MiB for the directory of an archive, 4 MiB for its
 * pickle, 16 MiB for a safetensors header, 100,000 tensors, 32 dimensions and 1000 characters for the name of one.
 *
 * <p>The limits of memory: memory for a stated size is only taken once that many bytes have been read. All tensors and
 * names together, with 2500 bytes more for each tensor, may take four times the file's size, or 64 MiB for files below
 * 16 MiB, and never more than 2 GiB. Reading needs in addition the size of the numbers in the file, 100 bytes for each
 * byte of directory, pickle or header, and 32 MiB. The time grows with the file and its tensors: it is below ten
 * seconds for files below 16 MiB.
 *
 * <p><b>Layers.</b> PyTorch and DL4J store parameters differently. These layers are translated:
 *
 * <table>
 * <caption>Layers with parameters</caption>
 * <tr><th>torch</th><th>DL4J</th><th>what changes</th></tr>
 * <tr><td>Linear</td><td>DenseLayer, OutputLayer, RnnOutputLayer</td><td>transposed</td></tr>
 * <tr><td>Conv2d, Conv3d</td><td>ConvolutionLayer, Convolution3D</td><td>nothing</td></tr>
 * <tr><td>ConvTranspose2d</td><td>Deconvolution2D</td><td>nothing</td></tr>
 * <tr><td>Conv2d with a group for each channel</td><td>DepthwiseConvolution2D</td><td>[out, 1, h, w] becomes [h, w, in, multiplier]</td></tr>
 * <tr><td>Conv1d</td><td>Convolution1DLayer</td><td>DL4J declares [out, in, k, 1] and reads [k, in, out]</td></tr>
 * <tr><td>BatchNorm1d, 2d</td><td>BatchNormalization</td><td>the running variance as logarithm of the standard deviation
 * where the layer has {@code useLogStd}, which is the builder's default</td></tr>
 * <tr><td>LSTM, LSTMCell</td><td>LSTM, Bidirectional of LSTM (torch concatenates, as the mode CONCAT)</td><td>the order of the gates; the two biases are added; a
 * stack becomes a layer for each</td></tr>
 * <tr><td>RNN, RNNCell</td><td>SimpleRnn, Bidirectional of SimpleRnn</td><td>transposed; the two biases are added</td></tr>
 * <tr><td>Embedding</td><td>EmbeddingLayer, EmbeddingSequenceLayer</td><td>nothing</td></tr>
 * <tr><td>PReLU</td><td>TorchPReLU; PReLULayer that shares all dimensions, or all but the channels</td><td>nothing;
 * PReLULayer trains only while its input has at most 64 times as many elements as there are slopes</td></tr>
 * </table>
 *
 * <p>Any other layer with parameters is refused, also {@code GravesLSTM}, whose peepholes torch lacks. Wrappers
 * ({@code LastTimeStep}, {@code FrozenLayer} and the like) count as the layer they wrap. {@code num_batches_tracked} is
 * ignored. Flattening before a Linear is the same as in torch only in DL4J's default formats (NCHW, NCDHW).
 *
 * <p>A tensor or a layer that has no match or does not fit is an error that names tensor, layer and both shapes; so is
 * a tensor of integers. Everything is checked before anything is written, and the network keeps its dtype. Updater
 * state and counters stay unchanged.
 *
 * <p>Not safe for use by several threads while one of them copies into a network.
 *
 * @since 0.1.0
 */
public final class TorchWeights {

    private final StoredTensors stored;
    /** The tensors of the file, in its order. */
    private final StoredTensors all;

    private final Set<String> skippedLayers;

    private TorchWeights(StoredTensors stored, StoredTensors all, Set<String> skippedLayers) {
        this.stored = stored;
        this.all = all;
        this.skippedLayers = skippedLayers;
    }

    /**
     * Reads the tensors of a file.
     *
     * @param file a TorchScript archive, a state_dict saved by torch.save, or a safetensors file
     * @return its tensors
     * @throws RefusedFileException if the file is refused; the message says why and what to do
     * @throws UncheckedIOException if the file cannot be read
     */
    public static TorchWeights load(Path file) {
        return read(file, null);
    }

    /**
     * Reads the tensors of a state_dict within a checkpoint, such as {@code torch.save({"model": model.state_dict(),
     * "optimizer": optimizer.state_dict()}, file)}.
     *
     * @param file a dictionary saved by torch.save
     * @param key the key of the state_dict, such as {@code model}
     * @return its tensors
     * @throws RefusedFileException if the file is refused or has no such key; the message says why and what to do
     * @throws UncheckedIOException if the file cannot be read
     */
    public static TorchWeights load(Path file, String key) {
        return read(file, required("key", key));
    }

    private static <T> T required(String name, T argument) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return argument;
    }

    private static TorchWeights read(Path file, String key) {
        try {
            StoredTensors stored = StoredTensors.read(required("file", file), key);
            return new TorchWeights(stored, stored, Set.of());
        } catch (Refused e) {
            throw new RefusedFileException(e.getMessage(), e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the tensors by torch's names, in the order of the file.
     *
     * @return an unmodifiable map of arrays in torch's shapes and the corresponding dtypes; {@code copyInto} reads
     *     these arrays, so changes to them take effect
     */
    public Map<String, INDArray> tensors() {
        return Collections.unmodifiableMap(stored.tensors());
    }

    /**
     * Leaves out tensors, so that {@code copyInto} needs no layer for them.
     *
     * @param torchPrefixes modules of the torch model; {@code head} leaves out {@code head.weight} and {@code head.0.bias}
     * @return these weights without them
     * @throws IllegalArgumentException if a prefix has no tensors
     */
    public TorchWeights skip(String... torchPrefixes) {
        Map<String, INDArray> kept = new LinkedHashMap<>(stored.tensors());
        for (String prefix : required("torchPrefixes", torchPrefixes)) {
            if (!kept.keySet().removeIf(name -> name.equals(prefix) || name.startsWith(prefix + "."))) {
                throw new IllegalArgumentException("No tensors have the prefix '" + prefix + "'");
            }
        }
        return new TorchWeights(new StoredTensors(kept, stored.inOrderOfModel()), all, skippedLayers);
    }

    /**
     * Leaves out layers: {@code copyInto} ignores them, and they keep their parameters.
     *
     * @param layers names of vertices; in a {@code MultiLayerNetwork} numbers or names of layers
     * @return these weights, for the other layers
     */
    public TorchWeights skipLayers(String... layers) {
        Set<String> skipped = new LinkedHashSet<>(skippedLayers);
        skipped.addAll(Arrays.asList(required("layers", layers)));
        return new TorchWeights(stored, all, skipped);
    }

    /**
     * Copies the tensors into a network. If all layers are named like torch's modules, they are matched by name.
     * Otherwise they are matched by kind and shape, and layers of the same shape by the numbers in torch's names
     * ({@code 0}, {@code 2}, {@code 10} or {@code fc1}, {@code fc2}).
     *
     * <p>The order of a file is that of the model's {@code __init__}, which may differ from that of {@code forward}. If
     * neither shapes nor numbers decide, or numbers and file disagree, this is an error; then give names to {@link
     * #copyInto(MultiLayerNetwork, Map)}.
     *
     * @param net an initialised network
     * @return which tensor went to which layer
     * @throws IllegalArgumentException if a tensor or a layer has no match, does not fit, or has more than one match;
     *     the network is then unchanged
     */
    public TorchPairing copyInto(MultiLayerNetwork net) {
        return written(WeightCopy.of(stored, required("net", net), skippedLayers), net);
    }

    /**
     * Copies the tensors into a network by name.
     *
     * @param net an initialised network
     * @param torchPrefixToLayer the prefixes of torch's names, each with its layer: a name or a number in the network
     * @return which tensor went to which layer
     * @throws IllegalArgumentException if a prefix or a layer of the map does not exist, if a tensor or a layer with
     *     parameters is not in the map, or does not fit; the network is then unchanged
     */
    public TorchPairing copyInto(MultiLayerNetwork net, Map<String, String> torchPrefixToLayer) {
        required("torchPrefixToLayer", torchPrefixToLayer);
        return written(WeightCopy.of(stored, required("net", net), skippedLayers, torchPrefixToLayer), net);
    }

    /**
     * Copies the tensors into a graph whose vertices are named like torch's modules; a vertex {@code lstm} is the only
     * layer of an LSTM {@code lstm}. With other names the shapes must decide.
     *
     * @param net an initialised network
     * @return which tensor went to which layer
     * @throws IllegalArgumentException if a tensor or a layer has no match, does not fit, or has more than one match;
     *     the network is then unchanged
     */
    public TorchPairing copyInto(ComputationGraph net) {
        return written(WeightCopy.of(stored, required("net", net), skippedLayers), net);
    }

    /**
     * Copies the tensors into a network by name.
     *
     * @param net an initialised network
     * @param torchPrefixToLayer the prefixes of torch's names, each with the name of its layer in the network:
     *     {@code fc1} for {@code fc1.weight} and {@code fc1.bias}; {@code lstm.l0}, {@code lstm.l1} for the layers of a
     *     torch LSTM
     * @return which tensor went to which layer
     * @throws IllegalArgumentException if a prefix or a layer of the map does not exist, if a tensor or a layer with
     *     parameters is not in the map, or does not fit; the network is then unchanged
     */
    public TorchPairing copyInto(ComputationGraph net, Map<String, String> torchPrefixToLayer) {
        required("torchPrefixToLayer", torchPrefixToLayer);
        return written(WeightCopy.of(stored, required("net", net), skippedLayers, torchPrefixToLayer), net);
    }

    private TorchPairing written(WeightCopy copy, Model network) {
        copy.write();
        return new TorchPairing(copy.names(), skippedLayers, all.parametersInOrder(), copy.notes(network));
    }

    /**
     * A summary with the names of the tensors.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "TorchWeights" + stored.tensors().keySet();
    }
}
