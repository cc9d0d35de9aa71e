/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartSheet;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.Panel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Draws each loss and its gradient, by this library, by torch and by DL4J's built-in. */
public final class LossCurves {
    private static final String LINE = "%-16s %-48s %-8s %-10s %-33s %s";

    private static final ChartSheet SHEET = new ChartSheet(2, 420, 320);

    private LossCurves() {}

    /**
     * Writes a picture for each loss. For each curve, prints how many points are torch's, and where the built-in is off.
     */
    public static void main(String[] args) {
        // decimal points, wherever it runs
        Locale.setDefault(Locale.ROOT);
        Map<String, List<LossPanel>> pictures = pictures();
        lines(pictures).forEach(System.out::println);
        pictures.forEach(LossCurves::draw);
    }

    /** What is printed, as it stands on the page: a block of Markdown. */
    public static List<String> block() {
        return Stream.of(List.of("```"), lines(pictures()), List.of("```"))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> lines(Map<String, List<LossPanel>> pictures) {
        List<String> lines = new ArrayList<>();
        lines.add(LINE.formatted("", "", "", "as torch's", "built-in's loss off by 1 %", "its gradient off by 1 %"));
        pictures.forEach((name, panels) -> panels.forEach(panel -> {
            for (LossCurve curve : panel.curves()) {
                List<String> line = curve.line();
                String title = panel.title() + (panel.curves().size() > 1 ? ": " + curve.name() : "");
                lines.add(LINE.formatted(name, title, line.get(0), line.get(1), line.get(2), line.get(3))
                        .stripTrailing());
            }
        }));
        return lines;
    }

    /** What is drawn of each loss, as its description says: the panels of each picture, by its name. */
    static Map<String, List<LossPanel>> pictures() {
        Map<String, List<LossPanel>> pictures = new LinkedHashMap<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            pictures.put(
                    spec.pageName(),
                    spec.page().panels().stream().map(LossCurves::panel).toList());
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

    private static void draw(String name, List<LossPanel> panels) {
        Chart[] charts = panels.stream()
                .flatMap(panel -> Stream.of(panel.losses(), panel.gradients()))
                .toArray(Chart[]::new);
        Pictures.write(name, SHEET, charts);
    }
}
