/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Which part of torch's optimizer becomes the state of which updater. All of it is checked before anything is written.
 *
 * @since 0.1.0
 */
public final class OptimizerCopy {

    /** Counts in torch's optimizers that need no count here. */
    private static final String STEP = "step";

    /** Whether {@code TorchSGD} with dampening has made its first step, which torch sees from the buffer. */
    private static final String STARTED = "started";

    private final Model network;
    private final NetworkTargets targets;
    private final Map<String, Map<String, String>> names;
    private final StoredOptimizer optimizer;
    private final List<String> order;
    private final List<Runnable> writes = new ArrayList<>();

    private OptimizerCopy(
            Model network,
            NetworkTargets targets,
            Map<String, Map<String, String>> names,
            StoredOptimizer optimizer,
            List<String> order) {
        this.network = network;
        this.targets = targets;
        this.names = names;
        this.optimizer = optimizer;
        this.order = order;
    }

    /**
     * Pairs the parts.
     *
     * @param network an initialised network
     * @param names for each layer torch's names by the names within the torch module
     * @param skipped layers that keep the state that they have
     * @param optimizer what torch kept
     * @param parameters the names of the model's parameters in the order of {@code model.parameters()}; empty if unknown
     * @return what is to be written
     * @throws IllegalArgumentException if the optimizer is one of other parameters, or of another kind
     */
    public static OptimizerCopy of(
            Model network,
            Map<String, Map<String, String>> names,
            Set<String> skipped,
            StoredOptimizer optimizer,
            List<String> parameters) {
        List<String> order = optimizer.names().isEmpty() ? parameters : optimizer.names();
        if (optimizer.names().isEmpty() && optimizer.groups() > 1) {
            throw new IllegalArgumentException(
                    "The optimizer has " + optimizer.groups()
                            + " groups of parameters and no names, so their order is unknown; make it of model.named_parameters()");
        }
        if (order.size() != optimizer.parameters().size()) {
            throw new IllegalArgumentException(
                    "The optimizer has " + optimizer.parameters().size()
                            + " parameters, but the names of " + order.size() + " are known: " + Refused.shown(order)
                            + "; safetensors do not keep the order of the model");
        }
        NetworkTargets targets = NetworkTargets.of(network, skipped);
        OptimizerCopy copy = new OptimizerCopy(network, targets, names, optimizer, order);
        copy.blocks().forEach(copy::add);
        return copy;
    }

    private List<UpdaterBlock> blocks() {
        return network instanceof ComputationGraph graph
                ? graph.getUpdater().getUpdaterBlocks()
                : ((MultiLayerUpdater) ((MultiLayerNetwork) network).getUpdater()).getUpdaterBlocks();
    }

    private void add(UpdaterBlock block) {
        GradientUpdater<?> updater = block.getGradientUpdater();
        Map<String, INDArray> state = updater.getState();
        for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
            LayerTarget target = targets.get(nameOf(parameter.getLayer()));
            LayerTarget.Slot slot = target == null ? null : target.slot(parameter.getParamName());
            Map<String, String> fullNames = target == null ? null : names.get(target.name());
            if (slot != null && fullNames != null && isTrained(slot)) {
                List<Map<String, Object>> torchs = slot.tensors().stream()
                        .map(local -> ofParameter(fullNames.get(local)))
                        .toList();
                int begin = parameter.getParamOffsetStart() - block.getParamOffsetStart();
                int end = parameter.getParamOffsetEnd() - block.getParamOffsetStart();
                add(slot, fullNames.get(slot.tensors().get(0)), torchs, state, begin, end);
                refuseOthers(torchs, state, fullNames.get(slot.tensors().get(0)), updater);
            }
        }
    }

    private static boolean isTrained(LayerTarget.Slot slot) {
        return !StoredTensors.BUFFERS.contains(slot.tensors().get(0));
    }

    private Map<String, Object> ofParameter(String name) {
        int number = order.indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException("The optimizer has no parameter '" + Refused.shown(name) + "'");
        }
        return optimizer.parameters().get(number);
    }

    private void add(
            LayerTarget.Slot slot,
            String tensor,
            List<Map<String, Object>> torchs,
            Map<String, INDArray> state,
            int begin,
            int end) {
        state.forEach((name, all) -> {
            INDArray part = all.reshape(all.length()).get(NDArrayIndex.interval(begin, end));
            List<Object> values = torchs.stream().map(torch -> torch.get(name)).toList();
            boolean hasMadeNoStep = torchs.stream().allMatch(Map::isEmpty);
            if (hasMadeNoStep) {
                writes.add(() -> part.assign(0));
            } else if (name.equals(STARTED)) {
                writes.add(() -> part.assign(1));
            } else if (values.stream().allMatch(value -> value instanceof INDArray array && slot.fits(array))) {
                INDArray value =
                        slot.besides(values.stream().map(INDArray.class::cast).toList());
                writes.add(() -> part.assign(value));
            } else if (values.get(0) instanceof Double number) {
                writes.add(() -> part.assign(number));
            } else if (values.get(0) instanceof INDArray scalar && scalar.length() == 1) {
                writes.add(() -> part.assign(scalar.getDouble(0)));
            } else {
                throw new IllegalArgumentException("For " + Refused.shown(tensor) + " the optimizer keeps "
                        + Refused.shown(torchs.get(0).keySet()) + ", but there is no '" + name + "' of the shape "
                        + slot.shape() + ", which the updater needs: it is another optimizer");
            }
        });
    }

    private static void refuseOthers(
            List<Map<String, Object>> torchs, Map<String, INDArray> state, String tensor, GradientUpdater<?> updater) {
        Set<String> others = new LinkedHashSet<>(torchs.get(0).keySet());
        others.removeAll(state.keySet());
        others.remove(STEP);
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("For " + Refused.shown(tensor) + " the optimizer keeps "
                    + Refused.shown(others) + ", which " + updater.getConfig() + " does not have");
        }
    }

    private String nameOf(Trainable trained) {
        if (trained instanceof GraphVertex vertex) {
            return vertex.getVertexName();
        }
        Layer layer = (Layer) trained;
        return network instanceof MultiLayerNetwork
                ? String.valueOf(layer.getIndex())
                : layer.conf().getLayer().getLayerName();
    }

    /** Writes all into the network's updater, and the count of steps, where it is known, into the network. */
    public void write() {
        writes.forEach(Runnable::run);
        int steps = optimizer.steps();
        if (steps > 0 && network instanceof MultiLayerNetwork layers) {
            layers.setIterationCount(steps);
        } else if (steps > 0) {
            ((ComputationGraph) network).getConfiguration().setIterationCount(steps);
        }
    }
}
