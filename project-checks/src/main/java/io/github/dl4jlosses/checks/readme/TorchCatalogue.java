/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.LossInput;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossPage;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every loss of torch.nn, and where it is: a loss of this library, vertices of a graph, or nowhere and why. */
final class TorchCatalogue {
    private static final String NOTHING = "-";
    private static final String BY_VERTICES = "[vertices of a graph](../use-cases/siamese.md) in front of ";
    private static final String ONE_INPUT = "none: DL4J's losses take one input";

    /** In the order of the page of torch.nn; {@code TorchCatalogueTest} compares it with those that libtorch has. */
    static final List<String> NAMES = List.of(
            "L1Loss",
            "MSELoss",
            "CrossEntropyLoss",
            "CTCLoss",
            "NLLLoss",
            "NLLLoss2d",
            "PoissonNLLLoss",
            "GaussianNLLLoss",
            "KLDivLoss",
            "BCELoss",
            "BCEWithLogitsLoss",
            "MarginRankingLoss",
            "HingeEmbeddingLoss",
            "MultiLabelMarginLoss",
            "HuberLoss",
            "SmoothL1Loss",
            "SoftMarginLoss",
            "MultiLabelSoftMarginLoss",
            "CosineEmbeddingLoss",
            "MultiMarginLoss",
            "TripletMarginLoss",
            "TripletMarginWithDistanceLoss",
            "AdaptiveLogSoftmaxWithLoss");

    /** What has no description: where it is, what its mean divides by, labels, head, DL4J's nearest. */
    private static final Map<String, List<String>> WITHOUT_DESCRIPTION = Map.of(
            "NLLLoss2d",
            List.of("[NLLLoss](nll.md): an old name of it", NOTHING, NOTHING, NOTHING, NOTHING),
            "CTCLoss",
            List.of(
                    page("CTCLoss", "ctc"),
                    "the sequences, each loss by the length of its label first",
                    "indices `[N, 1, S]` of a length of their own",
                    "softmax of a `CTCOutputLayer`",
                    "none"),
            "CosineEmbeddingLoss",
            List.of(
                    BY_VERTICES + "`HingeEmbeddingLoss`",
                    "the pairs",
                    "1 or -1, `[N, 1]`",
                    "identity",
                    "`LossCosineProximity`, of the output and its label"),
            "MarginRankingLoss",
            byMargin("the pairs"),
            "TripletMarginLoss",
            byMargin("the triplets"),
            "TripletMarginWithDistanceLoss",
            byMargin("the triplets"),
            "AdaptiveLogSoftmaxWithLoss",
            List.of(
                    "not here: a module with parameters of its own, which returns its output beside the loss",
                    "the rows",
                    NOTHING,
                    NOTHING,
                    "none"));

    private TorchCatalogue() {}

    private static List<String> byMargin(String divisor) {
        return List.of(
                BY_VERTICES + "one `MultiMarginLoss` with `factor(2)`",
                divisor,
                "a class, `[N, 1]`",
                "identity",
                ONE_INPUT);
    }

    private static String page(String name, String page) {
        return "[" + name + "](" + page + ".md)";
    }

    static List<String> table() {
        List<List<String>> rows = new ArrayList<>();
        NAMES.forEach(
                name -> rows.add(description(name).map(TorchCatalogue::row).orElseGet(() -> withoutDescription(name))));
        LossSpecs.all().stream()
                .filter(spec -> !NAMES.contains(spec.lossName()))
                .forEach(spec -> rows.add(row(spec)));
        return LossTables.table(
                List.of("torch", "here", "its mean divides by", "labels", "activation", "nearest in DL4J"), rows);
    }

    private static Optional<LossSpec<?, ?>> description(String name) {
        return LossSpecs.all().stream()
                .filter(spec -> spec.lossName().equals(name))
                .findFirst();
    }

    private static List<String> withoutDescription(String name) {
        List<String> row = new ArrayList<>(List.of(LossTables.code("nn." + name)));
        row.addAll(WITHOUT_DESCRIPTION.getOrDefault(name, List.of("not here", NOTHING, NOTHING, NOTHING, NOTHING)));
        return row;
    }

    private static List<String> row(LossSpec<?, ?> spec) {
        String labels = spec.page().tasks().stream()
                .map((LossPage.Task task) -> task.labels)
                .findFirst()
                .orElse(NOTHING);
        return List.of(
                LossTables.torch(spec),
                page(spec.lossName(), spec.pageName()),
                new MeanDivisor(spec).words(),
                labels,
                activation(spec),
                spec.page().nearest());
    }

    /** What the check of a configuration advises; an option may change it. */
    private static String activation(LossSpec<?, ?> spec) {
        LossInput usual = spec.defaults().takes();
        Set<String> all = new LinkedHashSet<>(List.of(usual.advised()));
        spec.atExtremes().stream()
                .map(TorchCatalogue::built)
                .filter(loss -> loss.takes() != usual)
                .forEach(loss -> all.add(loss.takes().advised() + " with " + changed(spec, loss)));
        return String.join("; ", all);
    }

    private static TorchLoss built(LossBuilder<?> builder) {
        return builder.build();
    }

    private static String changed(LossSpec<?, ?> spec, TorchLoss loss) {
        return spec.options().stream()
                .filter(option -> !spec.valueOf(loss, option).equals(spec.valueOf(spec.defaults(), option)))
                .map((OptionSpec<?, ?, ?> option) ->
                        LossTables.code(option.name() + "(" + spec.valueOf(loss, option) + ")"))
                .findFirst()
                .orElseThrow();
    }

    /** Those that torch.nn has and this library neither has nor explains. */
    static List<String> missing() {
        return NAMES.stream()
                .filter(name -> description(name).isEmpty() && !WITHOUT_DESCRIPTION.containsKey(name))
                .toList();
    }
}
