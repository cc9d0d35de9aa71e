/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains parameters of several layers as one, as PyTorch does with tied weights and with a module that is used twice.
 * Each gets the sum of all their gradients before the updater sees it, so parameters that are equal and have the same
 * updater stay equal.
 *
 * <pre>{@code
 * graph.addListeners(new TiedWeightsListener()
 *         .tie("left_W", "right_W")
 *         .tieTransposed("embedding_W", "decoder_W"));
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TiedWeightsListener extends BaseTrainingListener {

    /** The first parameter of each group, with the others and whether these are transposed. */
    private final Map<String, Map<String, Boolean>> groups = new LinkedHashMap<>();

    /** A listener without tied parameters yet. */
    public TiedWeightsListener() {}

    /**
     * Ties two parameters of one shape.
     *
     * @param first the name of a parameter, such as {@code left_W}: the layer's name, or its number if it has none, and
     *     the parameter's
     * @param other the name of the parameter that is equal to it
     * @return this listener, so that calls chain
     * @throws IllegalArgumentException if a name is null, or both are the same
     */
    public TiedWeightsListener tie(String first, String other) {
        return add(first, other, false);
    }

    /**
     * Ties two parameters that are each other's transpose, such as the weights of an embedding and of a dense layer.
     *
     * @param first the name of a parameter
     * @param other the name of the parameter that is its transpose
     * @return this listener, so that calls chain
     * @throws IllegalArgumentException if a name is null, or both are the same
     */
    public TiedWeightsListener tieTransposed(String first, String other) {
        return add(first, other, true);
    }

    private TiedWeightsListener add(String first, String other, boolean transposed) {
        if (first == null || other == null || first.equals(other)) {
            throw new IllegalArgumentException("Two parameters are needed, got '" + first + "' and '" + other + "'");
        }
        groups.computeIfAbsent(first, name -> new LinkedHashMap<>()).put(other, transposed);
        return this;
    }

    @Override
    public void onGradientCalculation(Model model) {
        groups.forEach((first, others) -> {
            INDArray sum = gradient(model, first).dup();
            List<INDArray> gradients = new ArrayList<>();
            others.forEach((name, transposed) -> {
                INDArray gradient = gradient(model, name);
                INDArray seen = transposed ? gradient.transpose() : gradient;
                if (!seen.equalShapes(sum)) {
                    throw new IllegalStateException("The parameters '" + first + "' and '" + name
                            + "' have different shapes and cannot be tied");
                }
                sum.addi(seen);
                gradients.add(seen);
            });
            gradient(model, first).assign(sum);
            gradients.forEach(gradient -> gradient.assign(sum));
        });
    }

    private static INDArray gradient(Model model, String name) {
        INDArray gradient = model.gradient().getGradientFor(name);
        if (gradient == null) {
            throw new IllegalStateException("The network has no parameter '" + name + "'; it has "
                    + model.gradient().gradientForVariable().keySet());
        }
        return gradient;
    }
}
