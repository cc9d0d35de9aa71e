/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One training step of one network: everything that decides its numbers.
 *
 * @param networkMiniBatch the network's own {@code miniBatch}, which a loss should be told
 */
record Scenario(
        NetworkKind network,
        LayerKind layer,
        SpecHead head,
        LossOptions options,
        TorchType type,
        boolean networkMiniBatch,
        Convention convention,
        Masking masking,
        long examples,
        double magnitude,
        long seed) {
    private static final int EXAMPLES = 4;

    static Scenario of(LayerKind layer, SpecHead head, LossOptions options, TorchType type, long seed) {
        NetworkKind network = NetworkKind.MULTI_LAYER_NETWORK;
        return new Scenario(
                        network, layer, head, options, type, true, Convention.DEFAULT, Masking.NONE, EXAMPLES, 1, seed)
                .withMiniBatch(true);
    }

    /** Every loss under each of its heads in these layers; types and numbers are drawn. */
    static Stream<Scenario> all(Random seeds, LayerKind... layers) {
        return Stream.of(layers)
                .flatMap(layer -> LossOptions.all().stream()
                        .flatMap(options -> options.spec().heads().stream()
                                .map(head -> of(layer, head, options, TorchType.FLOAT64, 0)
                                        .drawn(seeds))));
    }

    /** In float64 or float32, with numbers of its own. */
    Scenario drawn(Random seeds) {
        return drawn(seeds.nextBoolean() ? TorchType.FLOAT64 : TorchType.FLOAT32, seeds);
    }

    Scenario drawn(TorchType other, Random seeds) {
        long next = seeds.nextInt(Integer.MAX_VALUE);
        return new Scenario(
                network, layer, head, options, other, networkMiniBatch, convention, masking, examples, magnitude, next);
    }

    /** Whether there is such a mask here, and the loss may have it. */
    boolean canHave(Masking mask) {
        return mask.isMeaningful(layer, options, head);
    }

    /** Loss and network agree on {@code miniBatch}, and on S. */
    Scenario withMiniBatch(boolean miniBatch) {
        return withMiniBatch(miniBatch, layer.positionsPerExample());
    }

    /** Loss and network agree on {@code miniBatch}. */
    Scenario withMiniBatch(boolean miniBatch, long positionsPerExample) {
        return with(miniBatch, new Convention(miniBatch, positionsPerExample, convention.emptyMean()), masking);
    }

    Scenario with(EmptyMean emptyMean) {
        Convention same = convention;
        return with(networkMiniBatch, new Convention(same.miniBatch(), same.positionsPerExample(), emptyMean), masking);
    }

    Scenario with(Masking other) {
        return with(networkMiniBatch, convention, other);
    }

    /** What the loss is told, right or wrong. */
    Scenario with(Convention other) {
        return with(networkMiniBatch, other, masking);
    }

    private Scenario with(boolean miniBatch, Convention other, Masking mask) {
        return new Scenario(network, layer, head, options, type, miniBatch, other, mask, examples, magnitude, seed);
    }

    Scenario in(NetworkKind other) {
        return new Scenario(
                other, layer, head, options, type, networkMiniBatch, convention, masking, examples, magnitude, seed);
    }

    Scenario withExamples(long other) {
        return new Scenario(
                network, layer, head, options, type, networkMiniBatch, convention, masking, other, magnitude, seed);
    }

    Scenario withMagnitude(double other) {
        return new Scenario(
                network, layer, head, options, type, networkMiniBatch, convention, masking, examples, other, seed);
    }

    TorchLoss loss() {
        return options.loss(convention);
    }

    /** The outputs of a row. */
    int outputs() {
        return LayerKind.CLASSES * options.spec().outputsPerLabel();
    }

    /** Whether the loss takes numbers from 0 to 1, whose logarithm or whose distance from 1 loses digits near the ends. */
    boolean takesProbabilities() {
        return options.spec().input() == InputRange.PROBABILITIES;
    }

    /** Whether the loss refuses some numbers, but none from 0 to 1. */
    boolean takesSmallNumbers() {
        return !options.spec().takesAnything(loss());
    }

    /** Whether such a loss gets DL4J's own softmax, rounded to the network's dtype. */
    boolean takesRoundedSoftmax() {
        return takesProbabilities() && head == SpecHead.SOFTMAX;
    }

    /** What pairs of values are made of. */
    List<?> factors() {
        return List.of(network, layer, head, options, type, networkMiniBatch, convention, masking);
    }

    /** DESIGN's table of scales: score and step in units of what torch computes for (N, C, ..) tensors. */
    double scale() {
        return scale(layer.positionsPerExample());
    }

    /** With as many rows for an example as the loss was handed. */
    double scale(long positions) {
        long given = convention.positionsPerExample();
        boolean batchMean = loss().getReduction() == Reduction.BATCHMEAN;
        if (networkMiniBatch) {
            return batchMean ? 1 : (double) positions / given;
        }
        return batchMean ? (double) given / positions : 1;
    }

    @Override
    public String toString() {
        String name = String.join(
                " ",
                network.toString(),
                "of",
                layer.toString(),
                "with",
                head.toString(),
                "under",
                options.toString(),
                "in",
                type.toString(),
                networkMiniBatch ? "with miniBatch" : "without miniBatch",
                "told",
                "S=" + convention.positionsPerExample());
        return (name + (masking == Masking.NONE ? "" : " masking " + masking)
                        + (magnitude == 1 ? "" : " at magnitude " + magnitude)
                        + (examples == EXAMPLES ? "" : " of " + examples + " examples")
                        + ", seed " + seed)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
