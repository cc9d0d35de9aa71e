/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of one layer as consecutive views of the network's memory. */
final class ParameterViews implements ParamInitializer {
    private final List<LayerParameter> parameters;

    ParameterViews(List<LayerParameter> parameters) {
        this.parameters = parameters;
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return parameters.stream().mapToLong(LayerParameter::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return parameters.stream().map(LayerParameter::name).collect(Collectors.toList());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return names(false);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return names(true);
    }

    private List<String> names(boolean ofBiases) {
        return parameters.stream()
                .filter(parameter -> parameter.isBias() == ofBiases)
                .map(LayerParameter::name)
                .collect(Collectors.toList());
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return names(false).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return names(true).contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        BaseLayer layer = (BaseLayer) conf.getLayer();
        Map<String, INDArray> views = getGradientsFromFlattened(conf, paramsView);
        for (LayerParameter parameter : parameters) {
            conf.addVariable(parameter.name());
            if (initializeParams) {
                INDArray view = views.get(parameter.name());
                parameter.begin(layer, view.reshape(view.length()));
            }
        }
        return views;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        INDArray flat = gradientView.reshape(gradientView.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long from = 0;
        for (LayerParameter parameter : parameters) {
            long to = from + parameter.length();
            views.put(parameter.name(), parameter.shaped(flat.get(NDArrayIndex.interval(from, to))));
            from = to;
        }
        return views;
    }
}
