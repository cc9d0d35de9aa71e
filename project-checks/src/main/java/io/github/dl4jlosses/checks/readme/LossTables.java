/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.spec.LossPage;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of losses and their options, as the descriptions have them. */
final class LossTables {
    /** The loss of sequences, which has no description: those are of losses of rows. */
    private static final String CTC = "CTCLoss";

    private static final String CTC_LAYER = code("CTCOutputLayer");

    private LossTables() {}

    /** Each option once, with the losses that have it. */
    static List<String> options() {
        Map<List<String>, List<String>> losses = new LinkedHashMap<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            for (OptionSpec<?, ?, ?> option : spec.options()) {
                List<String> words = List.of(
                        option.torchName() == null ? "-" : code(option.torchName()),
                        code(option.name() + "(" + javaType(option) + ")"),
                        option.domain().nearest());
                losses.computeIfAbsent(words, key -> new ArrayList<>()).add(code(spec.lossName()));
            }
        }
        List<List<String>> rows = new ArrayList<>();
        losses.forEach(
                (words, of) -> rows.add(List.of(words.get(0), words.get(1), String.join(", ", of), words.get(2))));
        rows.add(List.of(code("blank"), code("blank(int)"), code(CTC), "-"));
        rows.add(List.of(code("zero_infinity"), code("zeroInfinity(boolean)"), code(CTC), "-"));
        return table(List.of("torch", "here", "of", "nearest in DL4J"), rows);
    }

    private static String javaType(OptionSpec<?, ?, ?> option) {
        Class<?> type = option.domain().example(1).getClass();
        if (type == double[].class) {
            return "double...";
        }
        boolean isWrapper = type == Double.class || type == Long.class || type == Boolean.class;
        return isWrapper ? type.getSimpleName().toLowerCase(Locale.ROOT) : type.getSimpleName();
    }

    /** What torch's input is under each activation; losses that are alike in that share a row. */
    static List<String> heads() {
        Map<List<String>, List<String>> losses = new LinkedHashMap<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            Map<SpecHead, List<SpecHead>> byInput =
                    seen(spec).collect(Collectors.groupingBy(spec::seen, LinkedHashMap::new, Collectors.toList()));
            byInput.forEach((input, heads) -> {
                String activations = heads.stream().map(LossTables::activation).collect(Collectors.joining(", "));
                losses.computeIfAbsent(List.of(activations, inWords(input, spec)), words -> new ArrayList<>())
                        .add(code(spec.lossName()));
            });
        }
        losses.forEach((words, of) -> {
            if (words.get(1).startsWith("log_softmax")) {
                of.add(code(CTC));
            }
        });
        List<List<String>> rows = new ArrayList<>();
        losses.forEach((words, of) -> rows.add(List.of(String.join(", ", of), words.get(0), words.get(1))));
        rows.add(List.of("any", "any other", "the activation's output; the gradient goes back through it"));
        return table(List.of("loss", "activation", "torch's input"), rows);
    }

    private static String inWords(SpecHead input, LossSpec<?, ?> spec) {
        return switch (input) {
            case IDENTITY -> "the pre-output: " + spec.page().input();
            case LOG_SOFTMAX -> "log_softmax of the pre-output, in one stable computation";
            case SIGMOID -> "sigmoid of the pre-output, formed in the network's dtype, as torch's two modules in a row";
            default -> input.inTorch();
        };
    }

    /** What to train with which loss, classes first. */
    static List<String> tasks() {
        List<List<String>> rows = new ArrayList<>();
        LossSpecs.all().stream()
                .sorted(Comparator.comparing(spec -> !spec.isPerRow()))
                .forEach(spec -> {
                    for (LossPage.Task task : spec.page().tasks()) {
                        rows.add(List.of(task.goal, task.labels, code(spec.lossName()), task.layer));
                    }
                });
        rows.add(List.of(
                "a label of a sequence, which does not say where each class is",
                "indices `[N, S]`, of a length of their own",
                code(CTC),
                CTC_LAYER + ", softmax"));
        return table(List.of("you train", "labels", "loss", "layer and activation"), rows);
    }

    /** Each loss with its page. */
    static List<String> pages() {
        List<List<String>> rows = new ArrayList<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            String link = "[" + spec.lossName() + "](" + spec.pageName() + ".md)";
            String activations = or(seen(spec).map(LossTables::activation).toList());
            rows.add(List.of(
                    link,
                    torch(spec),
                    spec.page().use(),
                    activations,
                    spec.page().nearest()));
        }
        rows.add(List.of(
                "[" + CTC + "](ctc.md)",
                code("nn." + CTC),
                "sequences whose labels do not say where each class is",
                "softmax of a " + CTC_LAYER,
                "none"));
        return table(List.of("loss", "torch", "for", "activation", "nearest in DL4J"), rows);
    }

    /** The head of a loss's own page: what to take it for, with which labels and layer, and what DL4J has. */
    static List<String> glance(LossSpec<?, ?> spec) {
        List<List<String>> rows = spec.page().tasks().stream()
                .map(task -> List.of(task.goal, task.labels, task.layer))
                .toList();
        List<String> lines = new ArrayList<>(table(List.of("take it for", "labels", "layer and activation"), rows));
        lines.addAll(List.of("", "Nearest in DL4J: " + spec.page().nearest() + "."));
        return lines;
    }

    private static Stream<SpecHead> seen(LossSpec<?, ?> spec) {
        return spec.heads().stream().filter(spec::seesThrough);
    }

    private static String activation(SpecHead head) {
        return head == SpecHead.LOG_SOFTMAX
                ? code("ActivationLogSoftmax")
                : head.name().toLowerCase(Locale.ROOT);
    }

    /** Torch's name for it, or torchvision's, which has functions. */
    static String torch(LossSpec<?, ?> spec) {
        String function = spec.pageName().replace('-', '_') + "_loss";
        return code(
                TorchCatalogue.NAMES.contains(spec.lossName())
                        ? "nn." + spec.lossName()
                        : "torchvision.ops." + function);
    }

    static String code(String text) {
        return "`" + text + "`";
    }

    static String or(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    static List<String> table(List<String> header, List<List<String>> rows) {
        return Stream.concat(
                        Stream.of(header, header.stream().map(word -> "---").toList()), rows.stream())
                .map(cells -> "| " + String.join(" | ", cells) + " |")
                .toList();
    }
}
