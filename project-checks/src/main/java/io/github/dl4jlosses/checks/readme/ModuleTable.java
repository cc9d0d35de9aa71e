/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.porting.TorchSteps;
import io.github.dl4jlosses.porting.TracedModule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;

/** The table of torch's modules and functions: what each becomes, and how far it is from torch, measured along the traces. */
final class ModuleTable {
    /** Modules that only hold others. */
    private static final Set<String> CONTAINERS =
            Set.of("Module", "Sequential", "ModuleList", "ModuleDict", "TransformerEncoder");

    /** Whose tensors another module uses. */
    private static final String IN_ATTENTION = "NonDynamicallyQuantizableLinear";

    /** Bounds of what rounding leaves; the least one that is well above a difference is shown, so that it holds elsewhere, too. */
    private static final double[] BOUNDS = {1e-14, 1e-12, 1e-10, 1e-9};

    private static final double MARGIN = 4;

    private ModuleTable() {}

    /** What one module or function becomes, in all traces that have it. */
    private static final class Row {
        private final Set<String> vertices = new TreeSet<>();
        private final List<TracedModule.Differences> differences = new ArrayList<>();

        private String largest(ToDoubleFunction<TracedModule.Differences> of) {
            double largest = differences.stream().mapToDouble(of).max().orElseThrow();
            for (double bound : BOUNDS) {
                if (MARGIN * largest < bound) {
                    return "%.0e".formatted(bound).replace("e-0", "e-");
                }
            }
            throw new IllegalStateException("A difference of " + largest);
        }

        private int steps() {
            return differences.stream()
                    .mapToInt(TracedModule.Differences::steps)
                    .max()
                    .orElseThrow();
        }

        private List<String> cells(String name) {
            return List.of(
                    LossTables.code(name),
                    vertices.isEmpty() ? "nothing" : String.join(", ", vertices),
                    Integer.toString(differences.size()),
                    largest(of -> Math.max(of.before(), of.after())),
                    steps() == 0 ? "no training" : largest(TracedModule.Differences::ofLosses));
        }
    }

    /** A row for each of torch's. */
    static List<String> modules() {
        Map<String, Row> rows = new TreeMap<>(Comparator.comparing(String::toLowerCase));
        TracedModule.all().forEach(module -> add(module, rows));
        return LossTables.table(
                List.of("in the trace", "in DL4J", "models", "outputs to", "losses to"),
                rows.entrySet().stream()
                        .map(row -> row.getValue().cells(row.getKey()))
                        .toList());
    }

    private static void add(TracedModule module, Map<String, Row> rows) {
        ComputationGraph graph = module.graph();
        Map<String, String> classes = ModuleClasses.of(module.archive());
        Map<String, Set<String>> found = new TreeMap<>();
        classes.values().stream()
                .filter(name -> !CONTAINERS.contains(name) && !name.equals(IN_ATTENTION))
                .forEach(name -> found.put("nn." + name, new TreeSet<>()));
        TorchSteps steps = module.load().steps(module.losses(), module.types());
        for (TorchSteps.Value value : steps.values()) {
            String type = classes.getOrDefault(value.module(), "Module");
            String name = CONTAINERS.contains(type) ? value.operator() : "nn." + type;
            Set<String> vertices = found.computeIfAbsent(name, key -> new TreeSet<>());
            if (!value.vertex().isEmpty()) {
                vertices.add(name(graph.getVertex(value.vertex())));
            }
        }
        TracedModule.Differences differences = module.train(graph);
        found.forEach((name, vertices) -> {
            Row row = rows.computeIfAbsent(name, key -> new Row());
            row.vertices.addAll(vertices);
            row.differences.add(differences);
        });
    }

    /** The class of the vertex or layer; of an activation that is a layer of its own, the class of the activation. */
    private static String name(GraphVertex vertex) {
        if (!vertex.hasLayer()) {
            return LossTables.code(vertex.getClass().getSimpleName());
        }
        Layer layer = vertex.getLayer().conf().getLayer();
        Object shown = layer instanceof ActivationLayer activation ? activation.getActivationFn() : layer;
        return LossTables.code(shown.getClass().getSimpleName());
    }
}
