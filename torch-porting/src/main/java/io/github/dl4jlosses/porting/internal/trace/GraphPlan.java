/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.MultiHeadAttention;
import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.TracedArchive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** Plans a graph: its vertices, each after those that it reads. */
final class GraphPlan {

    private static final int MOST_VERTICES = 50_000;

    private final NeuralNetConfiguration.Builder settings;
    private final Set<String> reserved = new HashSet<>();
    /** The last number appended to each name that several vertices want. */
    private final Map<String, Integer> numbers = new HashMap<>();

    private final List<String> inputs = new ArrayList<>();
    private final Map<String, PlannedVertex> vertices = new LinkedHashMap<>();
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, Long> paddingIndices = new LinkedHashMap<>();
    private final Ties ties;
    private final ModelType precision;
    private List<Activation> givenInputs = List.of();
    private List<Activation> givenOutputs = List.of();
    private IdentityHashMap<Operation, Object> results = new IdentityHashMap<>();

    /**
     * @param settings the user's settings
     * @param program the program, whose torch modules give their paths as names
     * @param archive the file
     */
    GraphPlan(NeuralNetConfiguration.Builder settings, TracedProgram program, TracedArchive archive) {
        this.settings = settings;
        this.ties = new Ties(archive.places());
        this.precision = new ModelType(archive.tensors(), program.weights());
        program.operations().stream()
                .filter(Operation::isInModuleOfTorch)
                .map(Operation::path)
                .forEach(reserved::add);
    }

    Source<NeuralNetConfiguration.Builder> settings() {
        return Source.variable(settings, "settings");
    }

    String addInput(String name) {
        String unique = unique(name);
        inputs.add(unique);
        return unique;
    }

    /** The name of an operation's vertex: the module's if the module is one of torch's own. */
    String nameFor(Operation operation, String suffix) {
        String path = operation.path();
        if (suffix.isEmpty() && operation.isInModuleOfTorch()) {
            return numbered(path);
        }
        String own = suffix;
        if (own.isEmpty()) {
            String operator = operation.operator();
            own = operator.substring(operator.lastIndexOf('.') + 1).replaceAll("^_+|_+$", "");
        }
        return unique(path.isEmpty() ? own : path + "." + own);
    }

    /** A name that no vertex and no module has. */
    String unique(String wanted) {
        return reserved.contains(wanted) ? numbered(wanted + "_2") : numbered(wanted);
    }

    private String numbered(String wanted) {
        String name = wanted;
        while (vertices.containsKey(name) || inputs.contains(name)) {
            name = wanted + "_" + numbers.merge(wanted, 2, (last, first) -> last + 1);
        }
        return name;
    }

    void add(PlannedVertex vertex) {
        if (vertices.size() == MOST_VERTICES) {
            throw vertex.operation().refused("would be one more than " + MOST_VERTICES + " vertices");
        }
        vertices.put(vertex.name(), vertex);
    }

    /** Replaces some vertices by another. */
    void replace(Collection<String> old, PlannedVertex vertex) {
        old.forEach(vertices::remove);
        vertices.put(vertex.name(), vertex);
    }

    /** Records the operation whose result in torch is that of an attention's vertex. */
    void complete(String vertex, Operation operation) {
        PlannedVertex planned = vertices.get(vertex);
        if (planned != null && planned.layer() != null && planned.layer().value() instanceof MultiHeadAttention) {
            vertices.put(vertex, planned.withOperation(operation));
        }
    }

    PlannedVertex vertex(String name) {
        return vertices.get(name);
    }

    /** Whether the vertex's array may be a view of an input. */
    boolean isViewOfInput(String name) {
        String of = name;
        while (!inputs.contains(of)) {
            PlannedVertex vertex = vertices.get(of);
            boolean isView = vertex.layer() == null
                    ? vertex.vertex().value() instanceof PreprocessorVertex
                            || vertex.vertex().value() instanceof ReshapeVertex
                    : vertex.layer().value() instanceof DropoutLayer;
            if (!isView) {
                return false;
            }
            of = vertex.inputs().get(0);
        }
        return true;
    }

    void addOutput(String name) {
        outputs.add(name);
    }

    void pad(String vertex, long index) {
        paddingIndices.put(vertex, index);
    }

    /** Records the operations of vertices, for comparisons with torch. */
    void remember(
            List<Activation> ofInputs, List<Activation> ofOutputs, IdentityHashMap<Operation, Object> ofOperations) {
        givenInputs = ofInputs;
        givenOutputs = ofOutputs;
        results = ofOperations;
    }

    List<Activation> givenInputs() {
        return givenInputs;
    }

    List<Activation> givenOutputs() {
        return givenOutputs;
    }

    /** The result of an operation: an activation, or a list with activations. */
    Object result(Operation operation) {
        return results.get(operation);
    }

    /** The number of vertices that read a vertex. */
    long readers(String name) {
        return vertices.values().stream()
                .filter(vertex -> vertex.inputs().contains(name))
                .count();
    }

    /** Removes vertices that no output needs, such as an unused part of a chunk. */
    void prune(Collection<String> needed) {
        Set<String> kept = new HashSet<>(needed);
        List<String> names = new ArrayList<>(vertices.keySet());
        for (int i = names.size() - 1; i >= 0; i--) {
            PlannedVertex vertex = vertices.get(names.get(i));
            if (kept.contains(vertex.name())) {
                kept.addAll(vertex.inputs());
            } else {
                vertices.remove(vertex.name());
            }
        }
        for (String input : inputs) {
            if (!kept.contains(input)) {
                throw new Refused("The model does not use its input " + Refused.shown(input));
            }
        }
        vertices.values().forEach(ties::add);
    }

    List<String> inputs() {
        return inputs;
    }

    Collection<PlannedVertex> vertices() {
        return vertices.values();
    }

    List<String> outputs() {
        return outputs;
    }

    Ties ties() {
        return ties;
    }

    ModelType precision() {
        return precision;
    }

    /** The untrained padding row of each embedding that has one, by vertex. */
    Map<String, Long> paddingIndices() {
        return paddingIndices;
    }
}
