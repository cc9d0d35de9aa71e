/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.IActivation;

/**
 * A vertex of the graph to be.
 *
 * @param name its name
 * @param operation what it stands for; null for the loss
 * @param layer its layer; null if it is a vertex of another kind
 * @param vertex that vertex; null if it is a layer
 * @param preProcessor what is done with the layer's input first; may be null
 * @param inputs the names of what it reads
 * @param tensors the file's tensors that become its parameters, by their names in a torch module
 * @param role what the loss behind it can be put together with
 */
record PlannedVertex(
        String name,
        Operation operation,
        Source<? extends Layer> layer,
        Source<? extends GraphVertex> vertex,
        Source<? extends InputPreProcessor> preProcessor,
        List<String> inputs,
        Map<String, String> tensors,
        Role role) {

    /** What an output layer can do itself. */
    sealed interface Role {}

    /** Nothing of it. */
    record Other() implements Role {}

    /**
     * A product with weights.
     *
     * @param input what is multiplied
     * @param product the vertex with the weights
     * @param in the size of its input
     * @param out the size of its output
     * @param hasBias whether a bias is added
     */
    record Linear(String input, String product, long in, long out, boolean hasBias) implements Role {}

    /**
     * An activation.
     *
     * @param function which
     * @param onlyAtOutput whether DL4J applies it in output layers only, as it does a softmax of more than two dimensions
     */
    record Activating(Source<? extends IActivation> function, boolean onlyAtOutput) implements Role {}

    PlannedVertex withOperation(Operation other) {
        return new PlannedVertex(name, other, layer, vertex, preProcessor, inputs, tensors, role);
    }

    PlannedVertex withRole(Role other) {
        return new PlannedVertex(name, operation, layer, vertex, preProcessor, inputs, tensors, other);
    }
}
