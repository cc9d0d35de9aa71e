/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.Panel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is drawn of each loss, as its description says. */
final class LossPictures {
    private LossPictures() {}

    /** The panels of each picture, by its name. */
    static Map<String, List<LossPanel>> all() {
        Map<String, List<LossPanel>> pictures = new LinkedHashMap<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            pictures.put(
                    spec.pageName(),
                    spec.page().panels().stream().map(LossPictures::panel).toList());
        }
        return pictures;
    }

    private static LossPanel panel(Panel<?> panel) {
        List<LossCurve> curves = panel.losses().entrySet().stream()
                .map(loss -> LossCurve.of(
                        loss.getKey(),
                        panel.type(),
                        panel.places(),
                        place -> new Contrast(
                                panel.axis() + " " + place,
                                panel.head(),
                                panel.builtIn(),
                                loss.getValue(),
                                panel.preOutput(place),
                                panel.target()),
                        panel.column()))
                .toList();
        return new LossPanel(panel.title(), panel.axis(), panel.variable(), panel.clips(), curves);
    }
}
