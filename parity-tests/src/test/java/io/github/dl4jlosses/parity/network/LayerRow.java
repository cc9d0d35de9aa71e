/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A row of the page: a loss with one kind of labels under one activation, with all options that are tried there. */
record LayerRow(String title, HeadKind head, List<LossOptions> options) {

    static List<LayerRow> all() {
        Map<String, List<LossOptions>> byTitle = new LinkedHashMap<>();
        Arrays.stream(LossOptions.values())
                .forEach(options -> byTitle.computeIfAbsent(title(options), title -> new ArrayList<>())
                        .add(options));
        List<LayerRow> rows = new ArrayList<>();
        byTitle.forEach((title, options) -> HeadKind.of(options.get(0).loss())
                .forEach(head -> rows.add(new LayerRow(title, head, List.copyOf(options)))));
        return rows;
    }

    private static String title(LossOptions options) {
        TorchLoss loss = options.loss();
        boolean hasForms = loss instanceof CrossEntropyLoss || loss instanceof NLLLoss;
        return "`" + loss.name() + "`" + (hasForms ? ", " + form(options.labels()) : "");
    }

    private static String form(LossOptions.Labels labels) {
        return switch (labels) {
            case INDEX -> "class indices";
            case ONE_HOT -> "one-hot";
            default -> "probabilities";
        };
    }

    String activation() {
        return head == HeadKind.LOG_SOFTMAX
                ? "`ActivationLogSoftmax`"
                : head.name().toLowerCase(Locale.ROOT);
    }
}
