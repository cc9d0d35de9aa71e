/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Torch's side of a scenario: the layer, its activation and the loss in one TorchScript text, gradients by autograd.
 * What a mask leaves out is dropped before the loss sees it.
 */
final class TorchStep {
    private static final String DROP_ROWS = """
            rows = torch.flatten(torch.nonzero(keep))
            x = torch.index_select(torch.flatten(torch.movedim(x, 1, -1), 0, -2), 0, rows)
            """;
    private static final String DROP_ROWS_OF_TARGET =
            "t = torch.index_select(torch.flatten(torch.movedim(t, 1, -1), 0, -2), 0, rows)\n";
    private static final String DROP_INDICES = "t = torch.index_select(torch.flatten(t), 0, rows)\n";
    /** Rows for a loss that takes no positions. */
    private static final String ROWS = "x = torch.flatten(torch.movedim(x, 1, -1), 0, -2)\n";

    private static final String ROWS_OF_TARGET = "t = torch.flatten(torch.movedim(t, 1, -1), 0, -2)\n";
    private static final String ROWS_OF_INDICES = "t = torch.flatten(t)\n";
    /** Those without a class, for a loss that has no index for them. */
    private static final String DROP_WITHOUT_CLASS = """
            rows = torch.flatten(torch.nonzero(torch.ge(t, 0)))
            x = torch.index_select(x, 0, rows)
            t = torch.index_select(t, 0, rows)
            """;

    private static final String DROP_OUTPUTS = """
            x = torch.masked_select(x, keep)
            t = torch.masked_select(t, keep)
            """;

    /** An (N, H, W, C) array, read as if it were (N, C, H, W). */
    private static final String MISREAD = """
            z = torch.movedim(z, 1, -1).contiguous()
            t = torch.movedim(t, 1, -1)
            """;
    /** The same of one-hot labels: a row without a 1 has no class, which torch is told by the index that it ignores. */
    private static final String MISREAD_ONE_HOT = """
            z = torch.movedim(z, 1, -1).contiguous()
            hot = torch.movedim(torch.eq(torch.unsqueeze(t, 1), torch.reshape(torch.arange(%d), [1, -1, 1, 1])), 1, -1)
            t = torch.masked_fill(torch.argmax(torch.to(hot, 4), 1), torch.logical_not(torch.any(hot, 1)), %d)
            """;

    private static final long NO_CLASS = -100;

    private final Scenario scenario;
    private final Numbers numbers;
    private final TorchReference reference;
    private final String[] names;
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
        this.reference = TorchReference.of(scenario.loss());
        this.names = reference.withOptions("features", "weights", "bias", "t", "keep");
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
        return Step.of(TorchFunction.of(lossInput() + selection() + loss(), names)
                .withRespectTo("weights", "bias")
                .call(arguments(type)));
    }

    /** Torch's {@code reduction='none'} in the shape of its result, masked places included. */
    TorchTensor unreduced() {
        boolean rowsOnly = takesRowsOnly();
        String text = lossInput() + (rowsOnly ? rows() : "") + reference.expression(null);
        return TorchFunction.of(text, names)
                .call(arguments(scenario.type(), rowsOnly ? 2 : unmaskedRank()))
                .value();
    }

    /** The loss's input, of shape (N, C, ..). */
    TorchTensor input() {
        return TorchFunction.of(lossInput() + "x", names)
                .call(arguments(TorchType.FLOAT64))
                .value();
    }

    private String lossInput() {
        return scenario.layer().map.torch + "\n" + (misread ? misreading() : "") + "x = "
                + scenario.options().spec().seen(scenario.head()).inTorch() + "\n";
    }

    private String misreading() {
        LossOptions options = scenario.options();
        return options.areClasses()
                ? MISREAD_ONE_HOT.formatted(
                        LayerKind.CLASSES, options.ignoreIndex().orElse(NO_CLASS))
                : MISREAD;
    }

    /** Whether the loss takes no positions, and there are some. */
    private boolean takesRowsOnly() {
        return scenario.options().spec().mostDimensions() < unmaskedRank();
    }

    private String rows() {
        return ROWS + (scenario.options().areClasses() ? ROWS_OF_INDICES : ROWS_OF_TARGET);
    }

    private String selection() {
        if (scenario.masking() == Masking.NONE) {
            boolean dropsRows = misread
                    && scenario.options().areClasses()
                    && scenario.options().ignoreIndex().isEmpty();
            return (takesRowsOnly() ? rows() : "") + (dropsRows ? DROP_WITHOUT_CLASS : "");
        }
        if (scenario.masking().isPerOutput()) {
            String drop = "%1$s = torch.masked_select(torch.expand_as(%1$s, x), keep)\n";
            return reference.weights().stream().map(drop::formatted).collect(Collectors.joining()) + DROP_OUTPUTS;
        }
        return DROP_ROWS + (scenario.options().areClasses() ? DROP_INDICES : DROP_ROWS_OF_TARGET);
    }

    private String loss() {
        Reduction reduction = scenario.loss().getReduction();
        // batchmean divides by the batch, masked or not, and what is left of x has lost it
        String reduced = reduction == Reduction.BATCHMEAN
                ? "torch.div(" + reference.expression(Reduction.SUM) + ", features.size(0))"
                : reference.expression(reduction);
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
        boolean areRows = takesRowsOnly() || selection().startsWith(DROP_ROWS);
        return arguments(type, areRows ? 2 : unmaskedRank());
    }

    /** The rank of the loss's input decides the shape of its weights. */
    private TorchTensor[] arguments(TorchType type, int rank) {
        TorchTensor target = numbers.target;
        return reference.arguments(
                type,
                rank,
                numbers.features.to(type),
                numbers.weights.to(type),
                numbers.bias.to(type),
                target.type().isFloatingPoint() ? target.to(type) : target,
                numbers.keep());
    }
}
