/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.ArrayList;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies configurations and networks, including what DL4J's own {@code clone} forgets or shares. */
final class NetworkCopy {
    private NetworkCopy() {}

    static MultiLayerConfiguration of(MultiLayerConfiguration conf) {
        MultiLayerConfiguration copy = conf.clone();
        copy.getConfs().forEach(layer -> separate(layer.getLayer()));
        return copy;
    }

    static ComputationGraphConfiguration of(ComputationGraphConfiguration conf) {
        ComputationGraphConfiguration copy = conf.clone();
        // clone forgets these four
        copy.setIterationCount(conf.getIterationCount());
        copy.setEpochCount(conf.getEpochCount());
        if (conf.getTopologicalOrder() != null) {
            copy.setTopologicalOrder(conf.getTopologicalOrder().clone());
            copy.setTopologicalOrderStr(new ArrayList<>(conf.getTopologicalOrderStr()));
        }
        for (GraphVertex vertex : copy.getVertices().values()) {
            if (vertex instanceof LayerVertex) {
                separate(((LayerVertex) vertex).getLayerConf().getLayer());
            }
        }
        return copy;
    }

    private static void separate(Layer layer) {
        if (layer instanceof FrozenLayer) {
            separate(((FrozenLayer) layer).getLayer());
        } else if (layer instanceof BaseWrapperLayer) {
            // clone shares the layer inside
            BaseWrapperLayer wrapper = (BaseWrapperLayer) layer;
            wrapper.setUnderlying(wrapper.getUnderlying().clone());
            separate(wrapper.getUnderlying());
        } else if (layer instanceof BaseLayer) {
            separateUpdaters((BaseLayer) layer);
        }
    }

    /** A network's setLearningRate changes the updater in place, and clone shares it between networks. */
    private static void separateUpdaters(BaseLayer layer) {
        layer.setIUpdater(
                layer.getIUpdater() == null ? null : layer.getIUpdater().clone());
        layer.setBiasUpdater(
                layer.getBiasUpdater() == null ? null : layer.getBiasUpdater().clone());
    }

    /**
     * A network of this configuration with the parameters and the state of another; initialized only if that one is.
     */
    static MultiLayerNetwork with(MultiLayerConfiguration conf, MultiLayerNetwork net) {
        MultiLayerNetwork copy = new MultiLayerNetwork(conf);
        if (net.isInitCalled()) {
            copy.init(copyOf(net.params()), false);
            RuntimeFreezing.copy(net, copy);
            if (net.getUpdater(false) instanceof BaseMultiLayerUpdater) {
                StateCopy.copy(
                        (BaseMultiLayerUpdater<?>) net.getUpdater(false), (BaseMultiLayerUpdater<?>) copy.getUpdater());
            }
        }
        return copy;
    }

    /** The same as {@link #with(MultiLayerConfiguration, MultiLayerNetwork)}, for a graph. */
    static ComputationGraph with(ComputationGraphConfiguration conf, ComputationGraph net) {
        ComputationGraph copy = new ComputationGraph(conf);
        if (net.getVertices() != null) {
            copy.init(copyOf(net.params()), false);
            RuntimeFreezing.copy(net, copy);
            if (net.getUpdater(false) != null) {
                StateCopy.copy(net.getUpdater(false), copy.getUpdater());
            }
        }
        return copy;
    }

    /** A copy of parameters; null for a network without any. */
    private static INDArray copyOf(INDArray params) {
        return params == null ? null : params.dup();
    }
}
