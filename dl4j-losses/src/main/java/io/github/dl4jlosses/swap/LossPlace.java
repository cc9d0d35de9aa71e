/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/** An output of a network: its layer and the layers and preprocessors around it. */
abstract class LossPlace {
    /** Null for an output that is no layer. */
    private final NeuralNetConfiguration conf;

    private final long segment;

    private LossPlace(NeuralNetConfiguration conf, BackpropType type, int segment) {
        this.conf = conf;
        this.segment = type == BackpropType.TruncatedBPTT ? segment : 0;
    }

    /** The output of a network of layers. */
    static LossPlace last(MultiLayerConfiguration conf) {
        return new LastLayer(conf);
    }

    /** One of a graph's outputs. */
    static LossPlace of(ComputationGraphConfiguration conf, String output) {
        return new GraphOutput(conf, output);
    }

    static List<LossPlace> all(ComputationGraphConfiguration conf) {
        return conf.getNetworkOutputs().stream().map(output -> of(conf, output)).collect(Collectors.toList());
    }

    /** The name of this output among several. */
    abstract String name();

    /** The name of this output in messages. */
    abstract String description();

    /** The layers below in a chain, from the nearest on, as far as the chain goes. */
    abstract List<Layer> below();

    /** Whether the output of {@code below().get(distance)}, or of a layer between, also feeds other layers. */
    abstract boolean feedsOthers(int distance);

    /** The preprocessors between {@code below().get(distance)} and this layer. */
    abstract List<InputPreProcessor> preProcessorsAbove(int distance);

    /** May be null. */
    abstract InputPreProcessor preProcessor();

    /** Whether the network divides its gradient by the examples. */
    abstract boolean networkMiniBatch();

    /** The length of a segment of truncated back-propagation, or 0 for none. */
    final long segment() {
        return segment;
    }

    /** Height times width of the images that arrive here, or 0 if that is not known. */
    long pixels() {
        return 0;
    }

    /**
     * The preprocessors that see a batch size of 1 if the network does not divide by the examples; a graph counts them
     * rightly.
     */
    List<InputPreProcessor> toldOneExample() {
        return List.of();
    }

    /** Whether the layer divides its score by the examples. */
    final boolean layerMiniBatch() {
        return conf.isMiniBatch();
    }

    /** The layer itself, frozen or not; null for an output that is no layer. */
    final Layer layer() {
        return conf == null ? null : Layers.unwrapped(conf.getLayer());
    }

    /** Whether it has no gradient. */
    final boolean isFrozen() {
        return conf != null && conf.getLayer() instanceof FrozenLayer;
    }

    /** Puts another layer here, inside the layers that wrap the old one. */
    final void put(Layer other) {
        if (conf.getLayer() instanceof BaseWrapperLayer) {
            BaseWrapperLayer wrapper = (BaseWrapperLayer) conf.getLayer();
            while (wrapper.getUnderlying() instanceof BaseWrapperLayer) {
                wrapper = (BaseWrapperLayer) wrapper.getUnderlying();
            }
            wrapper.setUnderlying(other);
        } else {
            conf.setLayer(other);
        }
    }

    /** The class of the layer here. */
    abstract String kind();

    /** Empty where the layer has no loss to swap. */
    final Optional<LossHolder> holder() {
        return LossHolder.of(layer());
    }

    /** The last layer of a MultiLayerNetwork. */
    private static final class LastLayer extends LossPlace {
        private final MultiLayerConfiguration network;
        private final int index;

        LastLayer(MultiLayerConfiguration network) {
            super(
                    network.getConf(network.getConfs().size() - 1),
                    network.getBackpropType(),
                    network.getTbpttFwdLength());
            this.network = network;
            this.index = network.getConfs().size() - 1;
        }

        @Override
        String name() {
            return layer().getLayerName() == null ? "layer " + index : layer().getLayerName();
        }

        @Override
        boolean feedsOthers(int distance) {
            return false;
        }

        @Override
        List<InputPreProcessor> preProcessorsAbove(int distance) {
            return IntStream.range(index - distance, index + 1)
                    .mapToObj(network::getInputPreProcess)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toList());
        }

        @Override
        String description() {
            String name = layer().getLayerName() == null ? "" : " '" + layer().getLayerName() + "'";
            return "layer " + index + name + " (" + kind() + ")";
        }

        @Override
        String kind() {
            return Layers.name(layer());
        }

        @Override
        List<Layer> below() {
            List<Layer> below = new ArrayList<>();
            for (int i = index - 1; i >= 0; i--) {
                below.add(network.getConf(i).getLayer());
            }
            return below;
        }

        @Override
        InputPreProcessor preProcessor() {
            return network.getInputPreProcess(index);
        }

        @Override
        List<InputPreProcessor> toldOneExample() {
            return networkMiniBatch()
                    ? List.of()
                    : List.copyOf(network.getInputPreProcessors().values());
        }

        /** As the first layer says, which DL4J's updater goes by. */
        @Override
        boolean networkMiniBatch() {
            return network.getConf(0).isMiniBatch();
        }

        /** Known if images come as rows; DL4J keeps no other input type. */
        @Override
        long pixels() {
            if (!(network.getInputPreProcess(0) instanceof FeedForwardToCnnPreProcessor)) {
                return 0;
            }
            FeedForwardToCnnPreProcessor image = (FeedForwardToCnnPreProcessor) network.getInputPreProcess(0);
            InputType rows =
                    InputType.convolutionalFlat(image.getInputHeight(), image.getInputWidth(), image.getNumChannels());
            InputType here = network.getLayerActivationTypes(rows).get(index);
            return here instanceof InputTypeConvolutional
                    ? ((InputTypeConvolutional) here).getHeight() * ((InputTypeConvolutional) here).getWidth()
                    : 0;
        }
    }

    /** A layer whose output is an output of a graph. */
    private static final class GraphOutput extends LossPlace {
        private final ComputationGraphConfiguration graph;
        private final String output;

        GraphOutput(ComputationGraphConfiguration graph, String output) {
            super(layerConf(graph.getVertices().get(output)), graph.getBackpropType(), graph.getTbpttFwdLength());
            this.graph = graph;
            this.output = output;
        }

        private static NeuralNetConfiguration layerConf(GraphVertex vertex) {
            return vertex instanceof LayerVertex ? ((LayerVertex) vertex).getLayerConf() : null;
        }

        @Override
        String description() {
            return "output '" + output + "' (" + kind() + ")";
        }

        @Override
        String kind() {
            Object what = layer() == null ? graph.getVertices().get(output) : layer();
            return what.getClass().getSimpleName();
        }

        @Override
        String name() {
            return output;
        }

        @Override
        List<Layer> below() {
            return verticesBelow().stream()
                    .map(vertex -> layerConf(graph.getVertices().get(vertex)).getLayer())
                    .collect(Collectors.toList());
        }

        private List<String> verticesBelow() {
            List<String> below = new ArrayList<>();
            String at = inputOf(output);
            while (layerConf(graph.getVertices().get(at)) != null) {
                below.add(at);
                at = inputOf(at);
            }
            return below;
        }

        @Override
        boolean feedsOthers(int distance) {
            return verticesBelow().subList(0, distance + 1).stream()
                    .anyMatch(vertex -> graph.getNetworkOutputs().contains(vertex) || uses(vertex) > 1);
        }

        private long uses(String vertex) {
            return graph.getVertexInputs().values().stream()
                    .flatMap(List::stream)
                    .filter(vertex::equals)
                    .count();
        }

        @Override
        List<InputPreProcessor> preProcessorsAbove(int distance) {
            return Stream.concat(Stream.of(output), verticesBelow().subList(0, distance).stream())
                    .map(vertex -> ((LayerVertex) graph.getVertices().get(vertex)).getPreProcessor())
                    .filter(Objects::nonNull)
                    .collect(Collectors.toList());
        }

        /** A layer has one input. */
        private String inputOf(String vertex) {
            return graph.getVertexInputs().get(vertex).get(0);
        }

        @Override
        InputPreProcessor preProcessor() {
            return ((LayerVertex) graph.getVertices().get(output)).getPreProcessor();
        }

        /** As the configuration of the whole graph says, which DL4J's updater goes by. */
        @Override
        boolean networkMiniBatch() {
            return graph.getDefaultConfiguration().isMiniBatch();
        }
    }
}
