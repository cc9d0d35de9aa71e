/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * The state of the parameters that share an updater: consecutive arrays, each as long as the parameters, named as in
 * torch.
 *
 * <p>DL4J splits and joins the state when learning rates change or layers are frozen, and expects a whole number of
 * values for each parameter. So even a count of steps is kept for each of them.
 *
 * @param <T> the updater
 */
abstract class UpdaterState<T extends TorchUpdater> implements GradientUpdater<T> {
    private final T config;
    private final Map<String, INDArray> arrays = new LinkedHashMap<>();

    UpdaterState(T config, String... names) {
        this.config = config;
        for (String name : names) {
            arrays.put(name, null);
        }
    }

    @Override
    public final T getConfig() {
        return config;
    }

    @Override
    public final Map<String, INDArray> getState() {
        return new LinkedHashMap<>(arrays);
    }

    @Override
    public final void setState(Map<String, INDArray> stateMap, boolean initialize) {
        if (!stateMap.keySet().equals(arrays.keySet())) {
            throw new IllegalStateException(
                    "The state of " + config + " is " + arrays.keySet() + ", but got " + stateMap.keySet());
        }
        arrays.replaceAll((name, array) -> stateMap.get(name));
        if (initialize) {
            arrays.values().forEach(array -> array.assign(0));
        }
    }

    @Override
    public final void setStateViewArray(
            INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (initialize) {
            viewArray.assign(0);
        }
        INDArray flat = viewArray.reshape(viewArray.length());
        long length = flat.length() / Math.max(1, arrays.size());
        long at = 0;
        for (Map.Entry<String, INDArray> array : arrays.entrySet()) {
            array.setValue(flat.get(NDArrayIndex.interval(at, at + length)));
            at += length;
        }
    }

    /** One array of the state, in the shape of the gradient. */
    final INDArray array(String name, INDArray gradient) {
        return arrays.get(name).reshape(gradient.shape());
    }
}
