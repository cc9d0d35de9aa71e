/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.Configuration.Family;
import io.github.dl4jlosses.parity.grid.Configuration.Ignoring;
import io.github.dl4jlosses.parity.grid.Configuration.TargetForm;
import io.github.dl4jlosses.parity.grid.Configuration.Weighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How losses, options and types are called on the page. */
final class Names {
    private Names() {}

    /** The loss of a family of cases whose accuracy is measured. */
    static String loss(String shortName) {
        return Arrays.stream(Family.values())
                .filter(family -> family.shortName().equals(shortName))
                .map(Family::lossName)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no loss is called " + shortName));
    }

    static String type(TorchType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** All options. */
    static String options(Configuration configuration) {
        List<String> words = new ArrayList<>();
        words.add(
                switch (configuration.form()) {
                    case INDEX -> "indices";
                    case ONE_HOT -> "one-hot";
                    case DENSE -> dense(configuration);
                });
        addArithmetic(words, configuration);
        if (configuration.ignoring() != Ignoring.NOTHING) {
            words.add(configuration.ignoring() == Ignoring.A_CLASS ? "ignoring a class" : "ignored rows");
        }
        words.add(configuration.reduction().name().toLowerCase(Locale.ROOT));
        return String.join(", ", words);
    }

    /** The options that change the arithmetic: what is alike in the others can share a row. */
    static String group(Configuration configuration) {
        List<String> words = new ArrayList<>();
        words.add(configuration.form() == TargetForm.DENSE ? dense(configuration) : "classes");
        addArithmetic(words, configuration);
        return String.join(", ", words);
    }

    private static String dense(Configuration configuration) {
        return switch (configuration.family()) {
            case CROSS_ENTROPY -> "probabilities";
            case KL_DIV -> configuration.logTarget() ? "log target" : "target";
            default -> "targets";
        };
    }

    private static void addArithmetic(List<String> words, Configuration configuration) {
        if (configuration.weight() != Weighting.NONE) {
            words.add("weight" + each(configuration.weight()));
        }
        if (configuration.posWeight() != Weighting.NONE) {
            words.add("pos_weight" + each(configuration.posWeight()));
        }
        if (configuration.delta() != 1) {
            words.add("delta " + configuration.delta());
        }
        if (configuration.smoothing() > 0) {
            words.add("smoothing " + configuration.smoothing());
        }
    }

    private static String each(Weighting weighting) {
        return weighting == Weighting.SINGLE ? " (one number)" : "";
    }
}
