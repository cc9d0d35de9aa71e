/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keeps one row of an embedding untrained, as torch's {@code padding_idx} does, by setting its gradient to 0 before the
 * updater sees it. Weight decay still shrinks the row, as in torch.
 *
 * <pre>{@code
 * graph.addListeners(new TorchPaddingListener(Map.of("embedding", 0L)));
 * }</pre>
 *
 * <p>Reference: torch.nn.Embedding, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchPaddingListener extends BaseTrainingListener {

    private final Map<String, Long> rows;

    /**
     * A listener for one network.
     *
     * @param rows the padding row of each embedding, by the name of its vertex in a graph or the number of its layer
     * @throws IllegalArgumentException if {@code rows} is null, or a row is negative
     */
    public TorchPaddingListener(Map<String, Long> rows) {
        if (rows == null) {
            throw new IllegalArgumentException("rows must not be null");
        }
        rows.forEach((layer, row) -> {
            if (row < 0) {
                throw new IllegalArgumentException(
                        "The row of layer '" + layer + "' is " + row + "; rows begin with 0");
            }
        });
        this.rows = new LinkedHashMap<>(rows);
    }

    @Override
    public void onGradientCalculation(Model model) {
        rows.forEach((layer, row) -> {
            INDArray gradient = model.gradient().getGradientFor(layer + "_" + DefaultParamInitializer.WEIGHT_KEY);
            if (gradient == null) {
                throw new IllegalStateException("The network has no embedding '" + layer + "'; it has the parameters "
                        + model.gradient().gradientForVariable().keySet());
            }
            gradient.getRow(row).assign(0);
        });
    }
}
