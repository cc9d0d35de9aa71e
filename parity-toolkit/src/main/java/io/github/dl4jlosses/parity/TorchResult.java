/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a call of a {@link TorchFunction}: its value and the requested gradients.
 *
 * @since 0.1.0
 */
public final class TorchResult {

    private final TorchTensor value;
    private final Map<String, TorchTensor> gradients;

    TorchResult(TorchTensor value, Map<String, TorchTensor> gradients) {
        this.value = value;
        this.gradients = new LinkedHashMap<>(gradients);
    }

    /**
     * Returns the value of the expression.
     *
     * @return a tensor of torch's result type and shape
     */
    public TorchTensor value() {
        return value;
    }

    /**
     * Returns the gradient of the sum of the value with respect to an argument.
     *
     * @param argument the name of an argument given to {@link TorchFunction#withRespectTo}
     * @return a tensor of the argument's type and shape; zeros if the value does not depend on the argument, where
     *     torch itself gives {@code None}
     * @throws IllegalArgumentException if this gradient was not requested
     */
    public TorchTensor gradient(String argument) {
        TorchTensor gradient = gradients.get(argument);
        if (gradient == null) {
            throw new IllegalArgumentException("No gradient with respect to '" + argument
                    + "' was asked for; withRespectTo named " + gradients.keySet());
        }
        return gradient;
    }

    /**
     * Describes the value and the gradients.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "value " + value + ", gradients " + gradients;
    }
}
