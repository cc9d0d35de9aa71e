/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.ActivationLogSoftmax;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;

/** The activation of an output layer and the same function in torch, over the pre-output {@code z}. */
record TorchActivation(IActivation activation, String expression) {

    /** Activations that are the same in DL4J and torch. DL4J's hard sigmoid and GELU differ from torch's. */
    private static final Map<Activation, String> EXPRESSIONS = new EnumMap<>(Map.ofEntries(
            Map.entry(Activation.IDENTITY, "z"),
            Map.entry(Activation.SIGMOID, "torch.sigmoid(z)"),
            Map.entry(Activation.SOFTMAX, "torch.softmax(z, 1)"),
            Map.entry(Activation.TANH, "torch.tanh(z)"),
            Map.entry(Activation.RELU, "torch.relu(z)"),
            Map.entry(Activation.LEAKYRELU, "torch.leaky_relu(z, 0.01)"),
            Map.entry(Activation.HARDTANH, "torch.hardtanh(z)"),
            Map.entry(Activation.SOFTPLUS, "torch.softplus(z)"),
            Map.entry(Activation.SOFTSIGN, "torch.div(z, torch.add(torch.abs(z), 1))"),
            Map.entry(Activation.ELU, "torch.elu(z)"),
            Map.entry(Activation.SELU, "torch.selu(z)"),
            Map.entry(Activation.SWISH, "torch.silu(z)"),
            Map.entry(Activation.MISH, "torch.mish(z)"),
            Map.entry(Activation.CUBE, "torch.pow(z, 3)")));

    static final TorchActivation IDENTITY = of(Activation.IDENTITY);
    static final TorchActivation LOG_SOFTMAX =
            new TorchActivation(new ActivationLogSoftmax(), "torch.log_softmax(z, 1)");

    static TorchActivation of(Activation activation) {
        String expression = EXPRESSIONS.get(activation);
        if (expression == null) {
            throw new IllegalArgumentException("No torch expression is known for " + activation
                    + "; give it with activation(IActivation, String). Known are " + EXPRESSIONS.keySet());
        }
        return new TorchActivation(activation.getActivationFunction(), expression);
    }

    /** The activation named on a command line. */
    static TorchActivation named(String name) {
        String plain = name.replaceAll("[_-]", "").toUpperCase(Locale.ROOT);
        if (plain.equals("LOGSOFTMAX")) {
            return LOG_SOFTMAX;
        }
        return EXPRESSIONS.keySet().stream()
                .filter(activation -> activation.name().equals(plain))
                .findFirst()
                .map(TorchActivation::of)
                .orElseThrow(() -> new IllegalArgumentException("There is no activation named " + name
                        + " that torch has too, but LOGSOFTMAX and " + EXPRESSIONS.keySet()));
    }
}
