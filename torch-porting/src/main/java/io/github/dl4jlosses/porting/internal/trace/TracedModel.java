/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.TracedArchive;
import io.github.dl4jlosses.porting.internal.WeightCopy;
import io.github.dl4jlosses.updater.TiedWeightsListener;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import io.github.dl4jlosses.updater.TorchPaddingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A traced model read from its archive, which makes graphs, source code and notes.
 *
 * @since 0.1.0
 */
public final class TracedModel {

    private final TracedArchive archive;
    private final TracedProgram program;

    private TracedModel(TracedArchive archive, TracedProgram program) {
        this.archive = archive;
        this.program = program;
    }

    /**
     * Reads an archive and follows its code.
     *
     * @param file the file that torch.jit.trace saved
     * @return the model
     * @throws Refused if the file is refused
     * @throws IOException if it cannot be read
     */
    public static TracedModel read(Path file) throws IOException {
        TracedArchive archive = TracedArchive.read(file);
        try {
            return new TracedModel(archive, ForwardPass.of(archive));
        } catch (Refused e) {
            throw new Refused(file + ": " + e.getMessage());
        }
    }

    private GraphPlan plan(
            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses, InputType... inputs) {
        return Translation.of(archive, program, settings, losses, InputForms.of(program.inputs(), inputs));
    }

    /**
     * The configuration.
     *
     * @param settings the user's
     * @param losses one for each output
     * @param inputs one for each input
     * @return a new one
     */
    public ComputationGraphConfiguration configuration(
            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses, InputType... inputs) {
        return configuration(settings, plan(settings, losses, inputs));
    }

    private static ComputationGraph initialised(ComputationGraphConfiguration configuration) {
        ComputationGraph graph = new ComputationGraph(configuration);
        try {
            graph.init();
        } catch (IllegalArgumentException | IllegalStateException | DL4JException e) {
            throw refusedByDl4j(e);
        }
        return graph;
    }

    private static Refused refusedByDl4j(RuntimeException e) {
        return new Refused("DL4J does not take the graph: " + Refused.shown(String.valueOf(e.getMessage())), e);
    }

    private static ComputationGraphConfiguration configuration(
            NeuralNetConfiguration.Builder settings, GraphPlan plan) {
        try {
            return built(settings, plan);
        } catch (IllegalArgumentException | IllegalStateException | DL4JException e) {
            throw refusedByDl4j(e);
        }
    }

    private static ComputationGraphConfiguration built(NeuralNetConfiguration.Builder settings, GraphPlan plan) {
        ComputationGraphConfiguration.GraphBuilder graph = settings.graphBuilder();
        graph.addInputs(plan.inputs());
        for (PlannedVertex vertex : plan.vertices()) {
            String[] inputs = vertex.inputs().toArray(new String[0]);
            if (vertex.layer() == null) {
                graph.addVertex(vertex.name(), vertex.vertex().value(), inputs);
            } else {
                graph.addLayer(
                        vertex.name(),
                        vertex.layer().value(),
                        vertex.preProcessor() == null
                                ? null
                                : vertex.preProcessor().value(),
                        inputs);
            }
        }
        graph.setOutputs(plan.outputs().toArray(new String[0]));
        return graph.build();
    }

    /**
     * The graph with the file's weights.
     *
     * @param settings the user's
     * @param losses one for each output
     * @param inputs one for each input
     * @return an initialised graph, with the listeners that it needs
     */
    public ComputationGraph graph(
            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses, InputType... inputs) {
        GraphPlan plan = plan(settings, losses, inputs);
        ComputationGraph graph = initialised(configuration(settings, plan));
        Map<String, Map<String, String>> taken = new LinkedHashMap<>();
        boolean normalises = false;
        for (PlannedVertex vertex : plan.vertices()) {
            if (!vertex.tensors().isEmpty()) {
                taken.put(vertex.name(), vertex.tensors());
            }
            normalises |= vertex.layer() != null && vertex.layer().value() instanceof BatchNormalization;
        }
        try {
            WeightCopy.of(archive.tensors(), graph, taken).write();
        } catch (IllegalArgumentException e) {
            throw new Refused(Refused.shown(String.valueOf(e.getMessage())), e);
        }
        if (normalises) {
            graph.addListeners(new TorchBatchNormListener());
        }
        if (!plan.paddingIndices().isEmpty()) {
            graph.addListeners(new TorchPaddingListener(plan.paddingIndices()));
        }
        TiedWeightsListener tied = plan.ties().listener();
        if (tied != null) {
            graph.addListeners(tied);
        }
        return graph;
    }

    /**
     * The configuration as a Java class.
     *
     * @param className its name, with its package
     * @param losses one for each output
     * @param inputs one for each input
     * @return the text of a file
     */
    public String java(String className, List<? extends ILossFunction> losses, InputType... inputs) {
        return JavaClass.of(className, plan(new NeuralNetConfiguration.Builder(), losses, inputs));
    }

    /**
     * The calls by which torch computes the values of the graph's vertices.
     *
     * @param losses one for each output
     * @param inputs one for each input
     * @return the calls of the model, one after the other
     */
    public Steps steps(List<? extends ILossFunction> losses, InputType... inputs) {
        return Steps.of(program, plan(new NeuralNetConfiguration.Builder(), losses, inputs));
    }

    /**
     * The calls by which torch computes the values of the layers that have these tensors.
     *
     * @param tensorsByLayer the names of the tensors of each
     * @return the calls of the model, one after the other
     */
    public Steps steps(Map<String, ? extends Collection<String>> tensorsByLayer) {
        return Steps.of(program, tensorsByLayer);
    }

    /**
     * The tensors of the file.
     *
     * @return by torch's names
     */
    public Map<String, INDArray> tensors() {
        return archive.tensors();
    }

    /**
     * Notes for users.
     *
     * @return sentences
     */
    public List<String> notes() {
        return Notes.of(archive, program);
    }

    /**
     * The names of the model's inputs.
     *
     * @return in their order
     */
    public List<String> inputs() {
        return program.inputs();
    }
}
