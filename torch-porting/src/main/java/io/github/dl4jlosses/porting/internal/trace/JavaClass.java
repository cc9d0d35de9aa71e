/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Writes a plan as the text of a Java class that makes its configuration. */
final class JavaClass {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
    private static final String INDENT = "                ";

    private final GraphPlan plan;
    private final Set<String> imports = new TreeSet<>();

    private JavaClass(GraphPlan plan) {
        this.plan = plan;
    }

    static String of(String className, GraphPlan plan) {
        if (!NAME.matcher(className).matches() || !SourceVersion.isName(className)) {
            throw new IllegalArgumentException("className must be the name of a Java class, got " + className);
        }
        return new JavaClass(plan).text(className);
    }

    private String text(String className) {
        for (Class<?> type : List.of(
                ComputationGraphConfiguration.class, NeuralNetConfiguration.class, ILossFunction.class, List.class)) {
            imports.add(type.getCanonicalName());
        }
        StringBuilder body = new StringBuilder();
        plan.vertices().forEach(vertex -> body.append(statement(vertex)));
        int dot = className.lastIndexOf('.');
        String simple = className.substring(dot + 1);
        String packageLine = dot < 0 ? "" : "package " + className.substring(0, dot) + ";\n\n";
        String importLines =
                imports.stream().map(name -> "import " + name + ";\n").collect(Collectors.joining());
        return packageLine
                + importLines
                + """

                /** A model that torch.jit.trace wrote. */
                public final class %s {

                    private %s() {}

                    /**
                     * The configuration.
                     *
                     * @param settings updater, data type and the like
                     * @param losses one for each output
                     */
                    public static ComputationGraphConfiguration configuration(
                            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses) {
                        ComputationGraphConfiguration.GraphBuilder graph = settings.graphBuilder();
                        graph.addInputs(%s);
                %s        graph.setOutputs(%s);
                        return graph.build();
                    }
                }
                """.formatted(simple, simple, names(plan.inputs()), body, names(plan.outputs()));
    }

    private String statement(PlannedVertex vertex) {
        Source<?> made = vertex.layer() == null ? vertex.vertex() : vertex.layer();
        imports.addAll(made.imports());
        String processor = "";
        if (vertex.preProcessor() != null) {
            imports.addAll(vertex.preProcessor().imports());
            processor = ",\n" + INDENT + vertex.preProcessor().text().replace("\n", "");
        }
        return "        graph." + (vertex.layer() == null ? "addVertex(" : "addLayer(") + "\n" + INDENT
                + JavaLiteral.quoted(vertex.name()) + ",\n" + INDENT
                + made.text().replace("\n", "\n" + INDENT + "        ") + processor + ",\n" + INDENT
                + names(vertex.inputs()) + ");\n";
    }

    private static String names(List<String> names) {
        return names.stream().map(JavaLiteral::quoted).collect(Collectors.joining(", "));
    }
}
