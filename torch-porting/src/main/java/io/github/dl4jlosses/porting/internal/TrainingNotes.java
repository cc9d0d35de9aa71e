/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.layer.TorchBatchNormalization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Collects what would silently make training differ from torch's, as far as weights and layers tell. */
final class TrainingNotes {

    /**
     * Part of the text of an updater with a schedule by epochs; DL4J's updaters have no common method for schedules.
     */
    private static final String BY_EPOCH = "scheduleType=EPOCH";

    private final Map<String, Layer> layers;
    private final Map<String, Map<String, INDArray>> tensors;
    private final List<String> notes = new ArrayList<>();

    private TrainingNotes(Map<String, Layer> layers, Map<String, Map<String, INDArray>> tensors) {
        this.layers = layers;
        this.tensors = tensors;
    }

    /**
     * The notes on a network.
     *
     * @param tensors by layer and by the names within the torch module
     */
    static List<String> of(Model network, Map<String, Map<String, INDArray>> tensors) {
        TrainingNotes notes = new TrainingNotes(layers(network), tensors);
        notes.addPadding();
        notes.addTied();
        notes.addLastSteps();
        notes.addNormalisation();
        notes.addSchedules();
        return notes.notes;
    }

    private static Map<String, Layer> layers(Model network) {
        Map<String, Layer> layers = new LinkedHashMap<>();
        if (network instanceof MultiLayerNetwork stack) {
            for (int i = 0; i < stack.getnLayers(); i++) {
                layers.put(
                        String.valueOf(i),
                        stack.getLayerWiseConfigurations().getConf(i).getLayer());
            }
        } else if (network instanceof ComputationGraph graph) {
            graph.getConfiguration().getVertices().forEach((name, vertex) -> {
                if (vertex instanceof LayerVertex layer) {
                    layers.put(name, layer.getLayerConf().getLayer());
                }
            });
        }
        return layers;
    }

    /** torch begins the row of padding with zeros, and never trains it; a file of weights does not hold its number. */
    private void addPadding() {
        tensors.forEach((name, ofLayer) -> {
            Layer layer = layers.get(name);
            if (layer instanceof EmbeddingLayer || layer instanceof EmbeddingSequenceLayer) {
                double[] norms =
                        ofLayer.get("weight").castTo(DataType.DOUBLE).norm1(1).toDoubleVector();
                int[] rows = IntStream.range(0, norms.length)
                        .filter(row -> norms[row] == 0)
                        .toArray();
                if (rows.length == 1) {
                    notes.add("Row " + rows[0] + " of embedding '" + name
                            + "' is all zeros. If it is torch's padding_idx,"
                            + " the network needs new TorchPaddingListener(Map.of(\"" + name + "\", " + rows[0]
                            + "L)); without it the row is trained.");
                }
            }
        });
    }

    private void addTied() {
        List<String> places = new ArrayList<>();
        List<INDArray> arrays = new ArrayList<>();
        tensors.forEach((layer, ofLayer) -> ofLayer.forEach((name, tensor) -> {
            for (int i = 0; i < places.size(); i++) {
                if (isOne(arrays.get(i), tensor)) {
                    notes.add("torch's tensors '" + name + "' of layer '" + layer + "' and " + places.get(i)
                            + " are equal. If they are one, tied in torch's model, the network needs a"
                            + " TiedWeightsListener; without it they drift apart.");
                }
            }
            places.add("'" + name + "' of layer '" + layer + "'");
            arrays.add(tensor);
        }));
    }

    /** Zeros and ones are what many begin with. */
    private static boolean isOne(INDArray a, INDArray b) {
        return a.equalShapes(b) && a.length() > 1 && a.dataType() == b.dataType() && !isConstant(a) && a.equals(b);
    }

    private static boolean isConstant(INDArray array) {
        return array.maxNumber().doubleValue() == array.minNumber().doubleValue();
    }

    private void addLastSteps() {
        layers.forEach((name, layer) -> {
            if (layer instanceof LastTimeStep last && last.getUnderlying() instanceof Bidirectional) {
                notes.add("Layer '" + name
                        + "' gives torch's out[:, -1], in which the reverse direction has seen one step"
                        + " only. torch.cat([h[-2], h[-1]], 1) is something else: TorchModel makes it from a trace.");
            }
        });
    }

    private void addNormalisation() {
        boolean decays = layers.values().stream()
                .anyMatch(layer -> layer instanceof BaseLayer base
                        && base.getRegularization() != null
                        && !base.getRegularization().isEmpty());
        TreeSet<String> normalising = new TreeSet<>();
        layers.forEach((name, layer) -> {
            if (layer instanceof BatchNormalization normalization
                    && !(layer instanceof TorchBatchNormalization)
                    && !normalization.isLockGammaBeta()) {
                normalising.add(name);
            }
        });
        if (decays && !normalising.isEmpty()) {
            notes.add(
                    "DL4J never decays gamma and beta of batch normalisation, torch does: " + normalising
                            + ". TorchBatchNormalization decays them; or give them a parameter group without weight decay in torch.");
        }
    }

    private void addSchedules() {
        boolean byEpoch = layers.values().stream()
                .anyMatch(layer -> layer instanceof BaseLayer base
                        && String.valueOf(base.getIUpdater()).contains(BY_EPOCH));
        if (byEpoch) {
            notes.add(
                    "The learning rate has a schedule of epochs. fit(features, labels) and fit(dataSet) count no epochs, so"
                            + " it never moves there; fit(iterator) does, or use ScheduleType.ITERATION.");
        }
    }
}
