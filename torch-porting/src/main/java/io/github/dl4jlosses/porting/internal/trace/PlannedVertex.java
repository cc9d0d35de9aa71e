/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.IActivation;

/**
 * A vertex of the planned graph.
 *
 * @param name its name
 * @param operation the operation that it replaces; null for the loss
 * @param layer its layer; null if it is a vertex of another kind
 * @param vertex a vertex of another kind; null if it is a layer
 * @param preProcessor the preprocessor of the layer's input; may be null
 * @param inputs the names of the vertices that it reads
 * @param tensors the file's tensors that become its parameters, by their names in a torch module
 * @param role the part of it that an output layer with the loss can take over
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

    /** The part of a vertex that an output layer can take over. */
    sealed interface Role {}

    /** Nothing. */
    record Other() implements Role {}

    /**
     * A product with weights.
     *
     * @param input the vertex that is multiplied
     * @param product the vertex with the weights
     * @param in the size of its input
     * @param out the size of its output
     * @param hasBias whether a bias is added
     */
    record Linear(String input, String product, long in, long out, boolean hasBias) implements Role {}

    /**
     * An activation.
     *
     * @param function the activation
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
