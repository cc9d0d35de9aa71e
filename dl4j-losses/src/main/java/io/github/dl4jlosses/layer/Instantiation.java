/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Collection;
import java.util.LinkedHashMap;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Creates the layers of this package in a network. The steps are the same for all; DL4J's own layers repeat them in
 * each configuration.
 */
final class Instantiation {
    private Instantiation() {}

    /**
     * Gives a layer its place and its parameters.
     *
     * @param parameters null for a layer that has none
     * @throws org.deeplearning4j.exception.DL4JInvalidConfigException if nIn or nOut is not set
     */
    static <L extends BaseLayer<? extends FeedForwardLayer>> L of(
            L layer,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initializeParameters) {
        FeedForwardLayer conf = layer.layerConf();
        LayerValidation.assertNInNOutSet(
                conf.getClass().getSimpleName(), conf.getLayerName(), index, conf.getNIn(), conf.getNOut());
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(
                parameters == null
                        ? new LinkedHashMap<>()
                        : conf.initializer().init(layer.conf(), parameters, initializeParameters));
        layer.setConf(layer.conf());
        return layer;
    }
}
