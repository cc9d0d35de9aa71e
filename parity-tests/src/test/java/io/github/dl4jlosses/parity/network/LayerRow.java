/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A row of the page: a loss with one kind of labels under one activation, with all options that are tried there. */
record LayerRow(LossSpec<?, ?> spec, TargetForm form, SpecHead head) {

    static List<LayerRow> all() {
        List<LayerRow> rows = new ArrayList<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            for (TargetForm form : spec.forms()) {
                spec.heads().forEach(head -> rows.add(new LayerRow(spec, form, head)));
            }
        }
        return rows;
    }

    List<LossOptions> options() {
        return LossOptions.all().stream()
                .filter(options -> options.spec() == spec && options.form() == form)
                .toList();
    }

    String title() {
        return "`" + spec.lossName() + "`" + (spec.forms().size() > 1 ? ", " + formInWords() : "");
    }

    private String formInWords() {
        return switch (form) {
            case INDEX -> "class indices";
            case ONE_HOT -> "one-hot";
            case DENSE -> "probabilities";
            case LIST -> "lists";
        };
    }

    String activation() {
        return head == SpecHead.LOG_SOFTMAX
                ? "`ActivationLogSoftmax`"
                : head.name().toLowerCase(Locale.ROOT);
    }
}
