/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Torch's side of a scenario: the layer, its activation and the loss in one TorchScript text, gradients by autograd.
 * What a mask leaves out is dropped before the loss sees it.
 */
final class TorchStep {
    private static final String[] ARGUMENTS = TorchReference.withOptions("features", "weights", "bias", "t", "keep");

    private static final String DROP_ROWS = """
            rows = torch.flatten(torch.nonzero(keep))
            x = torch.index_select(torch.flatten(torch.movedim(x, 1, -1), 0, -2), 0, rows)
            """;
    private static final String DROP_ROWS_OF_TARGET =
            "t = torch.index_select(torch.flatten(torch.movedim(t, 1, -1), 0, -2), 0, rows)\n";
    private static final String DROP_INDICES = "t = torch.index_select(torch.flatten(t), 0, rows)\n";
    private static final String DROP_OUTPUTS = """
            w = torch.masked_select(torch.expand_as(w, x), keep)
            p = torch.masked_select(torch.expand_as(p, x), keep)
            x = torch.masked_select(x, keep)
            t = torch.masked_select(t, keep)
            """;

    /** An (N, H, W, C) array, read as if it were (N, C, H, W). */
    private static final String MISREAD = """
            z = torch.movedim(z, 1, -1)
            t = torch.movedim(t, 1, -1)
            """;

    private final Scenario scenario;
    private final Numbers numbers;
    private final boolean misread;
    /** Both sides of a comparison, and its tolerance, ask for the same numbers. */
    private final Map<TorchType, Step> computed = new EnumMap<>(TorchType.class);

    TorchStep(Scenario scenario, Numbers numbers) {
        this(scenario, numbers, false);
    }

    private TorchStep(Scenario scenario, Numbers numbers, boolean misread) {
        this.scenario = scenario;
        this.numbers = numbers;
        this.misread = misread;
    }

    /** The same step by a framework that takes images of one format for images of the other. */
    TorchStep misread() {
        return new TorchStep(scenario, numbers, true);
    }

    /** Computed in a type, from the very numbers of the scenario's type. */
    Step in(TorchType type) {
        return computed.computeIfAbsent(type, this::compute);
    }

    private Step compute(TorchType type) {
        TorchResult result = TorchFunction.of(lossInput() + selection() + loss(), ARGUMENTS)
                .withRespectTo("weights", "bias")
                .call(arguments(type));
        return Step.of(
                result.value().item(),
                result.gradient("weights").toDoubles(),
                result.gradient("bias").toDoubles());
    }

    /** Torch's {@code reduction='none'} in the shape of its result, masked places included. */
    TorchTensor unreduced() {
        String text = lossInput() + TorchReference.of(scenario.loss()).expression(null);
        return TorchFunction.of(text, ARGUMENTS)
                .call(arguments(scenario.type(), unmaskedRank()))
                .value();
    }

    /** The loss's input, of shape (N, C, ..). */
    TorchTensor input() {
        return TorchFunction.of(lossInput() + "x", ARGUMENTS)
                .call(arguments(TorchType.FLOAT64))
                .value();
    }

    private String lossInput() {
        return scenario.layer().linearMap() + "\n" + (misread ? MISREAD : "") + "x = "
                + scenario.head().lossInput(scenario.loss()) + "\n";
    }

    private String selection() {
        if (scenario.masking() == Masking.NONE) {
            return "";
        }
        if (scenario.masking().isPerOutput()) {
            return DROP_OUTPUTS;
        }
        return DROP_ROWS + (scenario.options().labels().areClasses() ? DROP_INDICES : DROP_ROWS_OF_TARGET);
    }

    private String loss() {
        TorchLoss loss = scenario.loss();
        TorchReference reference = TorchReference.of(loss);
        // batchmean divides by the batch, masked or not, and what is left of x has lost it
        String reduced = loss.getReduction() == Reduction.BATCHMEAN
                ? "torch.div(" + reference.expression(Reduction.SUM) + ", features.size(0))"
                : reference.expression(loss.getReduction());
        return scenario.layer() == LayerKind.CENTER_LOSS_OUTPUT_LAYER ? withCenters(reduced) : reduced;
    }

    /** DL4J adds the distance of the features from the centers, which are 0 here: over N as all that it adds up. */
    private String withCenters(String reduced) {
        double weight = LayerKind.CENTER_WEIGHT / (scenario.networkMiniBatch() ? scenario.examples() : 1);
        return "distance = torch.sum(torch.mul(features, features))\n" + "torch.add(" + reduced + ", distance, alpha="
                + weight + ")";
    }

    private int unmaskedRank() {
        return scenario.layer().featureShape(1).length;
    }

    private TorchTensor[] arguments(TorchType type) {
        boolean rowsOnly = selection().startsWith(DROP_ROWS);
        return arguments(type, rowsOnly ? 2 : unmaskedRank());
    }

    /** The rank of the loss's input decides the shape of its weights. */
    private TorchTensor[] arguments(TorchType type, int rank) {
        TorchTensor target = numbers.target();
        List<TorchTensor> arguments = new ArrayList<>(List.of(
                numbers.features().to(type),
                numbers.weights().to(type),
                numbers.bias().to(type),
                target.type().isFloatingPoint() ? target.to(type) : target,
                numbers.keep()));
        arguments.addAll(TorchReference.of(scenario.loss()).options(type, rank));
        return arguments.toArray(TorchTensor[]::new);
    }
}
