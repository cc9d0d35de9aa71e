/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.LossInput;
import io.github.dl4jlosses.TorchLoss;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Puts the losses at the end of a graph: into the last layer with weights if that gives the same result, otherwise into
 * a loss layer after it. The network's output is the model's.
 */
final class Heads {

    private final GraphPlan plan;

    private Heads(GraphPlan plan) {
        this.plan = plan;
    }

    static void add(
            GraphPlan plan, TracedProgram program, List<Activation> outputs, List<? extends ILossFunction> losses) {
        if (losses.size() != outputs.size()) {
            throw new IllegalArgumentException("The model has " + outputs.size()
                    + " output(s), so as many losses are needed; got " + losses.size());
        }
        plan.prune(outputs.stream().map(Activation::vertex).toList());
        Heads heads = new Heads(plan);
        for (int i = 0; i < outputs.size(); i++) {
            String vertex = outputs.get(i).vertex();
            boolean alone = plan.readers(vertex) == 0
                    && outputs.stream().filter(o -> o.vertex().equals(vertex)).count() == 1;
            Source<ILossFunction> loss = Source.variable(losses.get(i), "losses.get(" + i + ")");
            plan.addOutput(heads.add(outputs.get(i), alone, loss, outputs.size() == 1 ? "loss" : "loss" + i));
        }
        for (PlannedVertex vertex : plan.vertices()) {
            if (vertex.role() instanceof PlannedVertex.Activating activating && activating.onlyAtOutput()) {
                throw vertex.operation()
                        .refused("has more than two dimensions; DL4J has it at the end of a model only,"
                                + " under a loss that takes its output");
            }
        }
    }

    private String add(Activation output, boolean alone, Source<ILossFunction> loss, String name) {
        PlannedVertex last = plan.vertex(output.vertex());
        if (last == null || !alone) {
            return behind(output, output.vertex(), ProductOperators.identity(), loss, name, List.of());
        }
        if (last.role() instanceof PlannedVertex.Linear linear && isPossible(output, linear)) {
            return within(output, linear, ProductOperators.identity(), loss, List.of(last.name(), linear.product()));
        }
        if (last.role() instanceof PlannedVertex.Activating activating
                && isSame(loss.value(), activating.function().value())) {
            PlannedVertex below = plan.vertex(last.inputs().get(0));
            if (below != null
                    && below.role() instanceof PlannedVertex.Linear linear
                    && isPossible(output, linear)
                    && plan.readers(below.name()) == 1) {
                List<String> replaced = List.of(last.name(), below.name(), linear.product());
                return within(output, linear, activating.function(), loss, replaced);
            }
            if (activating.onlyAtOutput()) {
                String input = last.inputs().get(0);
                return behind(output, input, activating.function(), loss, last.name(), List.of(last.name()));
            }
        }
        return behind(output, last.name(), ProductOperators.identity(), loss, name, List.of());
    }

    /**
     * Whether a layer with this activation and loss computes the loss of the activation's output. Losses with a softmax
     * or sigmoid of their own do not apply the layer's again, where torch would apply both.
     */
    private static boolean isSame(ILossFunction loss, IActivation activation) {
        if (!(loss instanceof TorchLoss torch) || !torch.takes().isReadThrough(activation)) {
            return true;
        }
        // the logarithm of a softmax is its own
        return torch.takes() == LossInput.PROBABILITIES || activation instanceof ActivationLogSoftmax;
    }

    /** Whether an output layer can do it: DL4J's output layer for sequences adds a bias even if it has none. */
    private static boolean isPossible(Activation output, PlannedVertex.Linear linear) {
        return output.form() == Form.FLAT || linear.hasBias();
    }

    private String within(
            Activation output,
            PlannedVertex.Linear linear,
            Source<? extends IActivation> activation,
            Source<ILossFunction> loss,
            List<String> replaced) {
        PlannedVertex product = plan.vertex(linear.product());
        Source<? extends Layer> layer = output.form() == Form.FLAT
                ? Source.around(function -> new OutputLayer.Builder(function), loss)
                        .with("nIn", OutputLayer.Builder::nIn, linear.in())
                        .with("nOut", OutputLayer.Builder::nOut, linear.out())
                        .with("hasBias", OutputLayer.Builder::hasBias, linear.hasBias())
                        .withMade("activation", (builder, a) -> builder.activation(a), activation)
                        .then("build", OutputLayer.Builder::build)
                : Source.around(function -> new RnnOutputLayer.Builder(function), loss)
                        .with("dataFormat", RnnOutputLayer.Builder::dataFormat, RNNFormat.NCW)
                        .with("nIn", RnnOutputLayer.Builder::nIn, linear.in())
                        .with("nOut", RnnOutputLayer.Builder::nOut, linear.out())
                        .with("hasBias", RnnOutputLayer.Builder::hasBias, linear.hasBias())
                        .withMade("activation", (builder, a) -> builder.activation(a), activation)
                        .then("build", RnnOutputLayer.Builder::build);
        PlannedVertex head = new PlannedVertex(
                product.name(),
                product.operation(),
                layer,
                null,
                null,
                List.of(linear.input()),
                product.tensors(),
                new PlannedVertex.Other());
        plan.replace(replaced, head);
        return head.name();
    }

    private String behind(
            Activation output,
            String input,
            Source<? extends IActivation> activation,
            Source<ILossFunction> loss,
            String name,
            List<String> replaced) {
        Source<? extends Layer> layer = switch (output.form()) {
            case FLAT ->
                Source.around(function -> new LossLayer.Builder(function), loss)
                        .withMade("activation", (builder, a) -> builder.activation(a), activation)
                        .then("build", LossLayer.Builder::build);
            case SEQUENCE ->
                Source.around(function -> new RnnLossLayer.Builder(function), loss)
                        .with("dataFormat", RnnLossLayer.Builder::dataFormat, RNNFormat.NCW)
                        .withMade("activation", (builder, a) -> builder.activation(a), activation)
                        .then("build", RnnLossLayer.Builder::build);
            case VOLUME ->
                Source.of(format -> new Cnn3DLossLayer.Builder(format), Convolution3D.DataFormat.NCDHW)
                        .withMade("lossFunction", (builder, function) -> builder.lossFunction(function), loss)
                        .withMade("activation", (builder, a) -> builder.activation(a), activation)
                        .then("build", Cnn3DLossLayer.Builder::build);
            default ->
                Source.around(function -> new CnnLossLayer.Builder(function), loss)
                        .withMade("activation", (builder, a) -> builder.activation(a), activation)
                        .then("build", CnnLossLayer.Builder::build);
        };
        String unique = replaced.contains(name) ? name : plan.unique(name);
        plan.replace(
                replaced,
                new PlannedVertex(
                        unique, null, layer, null, null, List.of(input), Map.of(), new PlannedVertex.Other()));
        return unique;
    }
}
