/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records which tensors of a PyTorch model belong to which layer: the result of {@link TorchWeights#copyInto}, and the
 * names under which {@link TorchExport} writes a network.
 *
 * <pre>{@code
 * TorchPairing pairing = TorchWeights.load(file).copyInto(network);
 * System.out.println(pairing);
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TorchPairing {

    /** For each layer, torch's full names by the names within the module. */
    private final Map<String, Map<String, String>> names;

    private final Set<String> skippedLayers;
    /** The parameters in the order of model.parameters(); empty if the file does not tell. */
    private final List<String> parametersInOrder;

    private final List<String> notes;

    TorchPairing(
            Map<String, Map<String, String>> names,
            Set<String> skippedLayers,
            List<String> parametersInOrder,
            List<String> notes) {
        this.names = names;
        this.parametersInOrder = parametersInOrder;
        this.notes = List.copyOf(notes);
        this.skippedLayers = new LinkedHashSet<>(skippedLayers);
    }

    Map<String, Map<String, String>> names() {
        return names;
    }

    List<String> parametersInOrder() {
        return parametersInOrder;
    }

    /**
     * The tensors of each layer.
     *
     * @return torch's names by the name of the layer: of its vertex, or its number in a {@code MultiLayerNetwork}
     */
    public Map<String, List<String>> tensorsByLayer() {
        Map<String, List<String>> tensors = new LinkedHashMap<>();
        names.forEach((layer, ofLayer) -> tensors.put(layer, List.copyOf(ofLayer.values())));
        return tensors;
    }

    /**
     * The layers that were left as they are.
     *
     * @return their names
     */
    public Set<String> skippedLayers() {
        return Collections.unmodifiableSet(skippedLayers);
    }

    /**
     * Notes on what else training needs to be as in torch, as far as weights and network tell: padding rows of
     * embeddings, tied weights, batch normalisation with weight decay, the last step of both directions, schedules by
     * epochs.
     *
     * @return sentences that name the layers
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * The pairs and the notes in readable form.
     *
     * @return a line for each layer and each note
     */
    @Override
    public String toString() {
        String pairs = tensorsByLayer().entrySet().stream()
                .map(pair -> pair.getKey() + ": " + String.join(", ", pair.getValue()))
                .collect(Collectors.joining("\n"));
        String skipped = skippedLayers.isEmpty() ? "" : "\nskipped: " + String.join(", ", skippedLayers);
        return pairs + skipped + notes.stream().map(note -> "\nnote: " + note).collect(Collectors.joining());
    }
}
