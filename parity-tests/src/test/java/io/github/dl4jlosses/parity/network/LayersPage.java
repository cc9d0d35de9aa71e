/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.spec.LossSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page {@code docs/layers.md}, written from runs of every loss under every activation in every output layer.
 *
 * <p>Without all runs each cell has one at least, and every pair of values. The page may then say more in a cell than its
 * runs have found, and must not say anything else.
 */
final class LayersPage {
    private static final String INTRODUCTION = """
            # Losses, activations and output layers

            Does a loss work in a layer of DL4J 1.0.0-M2.1, or in a fused layer of this library? Find the loss and its activation in
            a row, and the layer in a column. Every answer was tried in a network, beside live torch. The fused layers go through
            each batch of four examples in a chunk of three and a chunk of one.

            | cell | meaning |
            | --- | --- |
            | ✓ | it works: every run gave torch's numbers |
            | ✓¹ | it works but for what note 1 describes; ⁺ stands between several notes |
            | ✗¹ | it does not work: note 1 says why, and what to do instead |

            The notes are [what DL4J does](#what-dl4j-does) with any loss. For training, the table of the [step](#step) decides; the
            others are the [score](#score), [masks](#masks), [JSON](#json) and DL4J's own [gradient check](#gradient-check).
            `CTCLoss` has [a layer of its own](losses/ctc.md) and is not listed.

            Of %d cells, %d are ✓ without a note; behind them are %d runs. A note stands where a run has failed in the
            very way that it describes, so a DL4J that has mended it changes this page. What is tried in each cell:
            all options of the loss (%s) and all reductions; float64 and float32; `MultiLayerNetwork` and
            `ComputationGraph`; `miniBatch` on and off, in the network and in the loss (masks: on), with
            `positionsPerExample`. The last activation of each loss is one that it does not see through.

            Other tests compare with torch what has no cell here: sequences of many lengths and truncated
            back-propagation (`RecurrentNetworkTest`, `RecurrentGraphTest`), several outputs of one graph
            (`SeveralOutputsTest`), labels and masks of every dtype (`LabelTypesTest`), batches of one, masks under
            `miniBatch(false)`, batches with nothing left and masked labels of 0 beside centers (`NetworkMaskTest`),
            centers that have moved (`CenterLossTest`), scores of single examples (`NetworkScoreArrayTest`).

            This page is written from all runs. The normal build makes so many of them that each cell has one at least and that every
            pair of layer, loss with options, activation, mask, type, kind of network and `miniBatch` occurs; it fails where the page
            says something else. The three commands run that test alone, make all runs, and write the page anew:

            ```
            mvn test -pl parity-tests -am -Dtest=LayersPageTest -Dsurefire.failIfNoSpecifiedTests=false
            mvn test -pl parity-tests -am -Dtest=LayersPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dparity.full=true
            mvn test -pl parity-tests -am -Dtest=LayersPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dparity.full=true -Dlayers.update=true
            ```
            """;

    private final Map<LayerRow, Map<LayerKind, Map<LayerCheck, Verdict>>> results = new LinkedHashMap<>();
    private final int allRuns;

    private LayersPage(int allRuns) {
        this.allRuns = allRuns;
        for (LayerRow row : LayerRow.all()) {
            Map<LayerKind, Map<LayerCheck, Verdict>> cells = new EnumMap<>(LayerKind.class);
            for (LayerKind layer : LayerKind.values()) {
                Map<LayerCheck, Verdict> verdicts = new EnumMap<>(LayerCheck.class);
                Arrays.stream(LayerCheck.values()).forEach(check -> verdicts.put(check, new Verdict()));
                cells.put(layer, verdicts);
            }
            results.put(row, cells);
        }
    }

    /** Runs every cell. */
    static LayersPage run(long seed) {
        List<LayerRun> all = LayerRun.all(seed);
        LayersPage page = new LayersPage(all.size());
        Set<LayerRun> chosen = new HashSet<>();
        for (LayerCheck check : LayerCheck.values()) {
            List<LayerRun> ofCheck =
                    all.stream().filter(run -> run.check() == check).toList();
            chosen.addAll(Product.of(ofCheck, LayerRun::factors));
        }
        // cell by cell, because the runs of a cell share what torch has compiled
        for (LayerRun run : all) {
            if (chosen.contains(run)) {
                run.into(page.results.get(run.row()).get(run.scenario().layer()));
            }
        }
        return page;
    }

    private Stream<Verdict> verdicts() {
        return results.values().stream()
                .flatMap(cells -> cells.values().stream())
                .flatMap(checks -> checks.values().stream());
    }

    /** What no bug of DL4J explains, by scenarios. */
    List<String> differences() {
        return verdicts().flatMap(verdict -> verdict.differences().stream()).toList();
    }

    /** The bugs that some run has met. */
    Set<FrameworkBug> bugs() {
        return verdicts()
                .flatMap(verdict -> verdict.bugs().stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FrameworkBug.class)));
    }

    /** The fewest runs that a cell has had. */
    int fewestRuns() {
        return verdicts().mapToInt(Verdict::runs).min().orElseThrow();
    }

    /** The page that all runs make. */
    String text() {
        return text((place, verdict) -> verdict.cell());
    }

    /** The page as it is shown, but for the cells that a run contradicts. */
    String text(String shown) {
        Map<String, String> cells = cells(shown);
        return text((place, verdict) -> {
            String cell = cells.get(place);
            return cell != null && verdict.agreesWith(cell) ? cell : verdict.cell();
        });
    }

    private String text(BiFunction<String, Verdict, String> cell) {
        List<String> tables = new ArrayList<>();
        for (LayerCheck check : LayerCheck.values()) {
            tables.addAll(List.of("", "## " + check.title, "", check.meaning, ""));
            tables.addAll(table(check, cell));
        }
        List<String> lines = new ArrayList<>(introduction(String.join("\n", tables)));
        lines.addAll(List.of("", "## What DL4J does", ""));
        for (FrameworkBug bug : FrameworkBug.values()) {
            lines.add(bug.number() + ". " + bug.text + " (" + bug.place + ")");
        }
        lines.addAll(tables);
        return String.join("\n", lines) + "\n";
    }

    private List<String> introduction(String tables) {
        long clean = cells(tables).values().stream().filter("✓"::equals).count();
        String options = LossSpecs.all().stream()
                .flatMap(spec -> spec.options().stream())
                .map(option -> "`" + Objects.requireNonNullElse(option.torchName(), option.name()) + "`")
                .distinct()
                .collect(Collectors.joining(", "));
        return INTRODUCTION
                .formatted(verdicts().count(), clean, allRuns, options)
                .lines()
                .toList();
    }

    private List<String> table(LayerCheck check, BiFunction<String, Verdict, String> cell) {
        List<String> lines = new ArrayList<>();
        String layers =
                Arrays.stream(LayerKind.values()).map(layer -> layer.title).collect(Collectors.joining(" | "));
        lines.add("| loss and labels | activation | " + layers + " |");
        lines.add("| --- | --- |" + " :-: |".repeat(LayerKind.values().length));
        results.forEach((row, cells) -> {
            List<String> line = new ArrayList<>(List.of(row.title(), row.activation()));
            cells.forEach((layer, checks) ->
                    line.add(cell.apply(place(check.title, row.title(), row.activation(), layer), checks.get(check))));
            lines.add("| " + String.join(" | ", line) + " |");
        });
        return lines;
    }

    private static String place(String check, String title, String activation, LayerKind layer) {
        return String.join(" | ", check, title, activation, layer.title);
    }

    /** The cells of a page by their places. */
    private static Map<String, String> cells(String page) {
        Map<String, String> cells = new LinkedHashMap<>();
        String check = "";
        for (String line : page.split("\n", -1)) {
            if (line.startsWith("## ")) {
                check = line.substring(3);
            }
            LayerKind[] layers = LayerKind.values();
            String[] parts = line.split(" *\\| *", -1);
            // an empty part before the first bar and behind the last
            if (parts.length == layers.length + 4) {
                for (int i = 0; i < layers.length; i++) {
                    cells.put(place(check, parts[1], parts[2], layers[i]), parts[i + 3]);
                }
            }
        }
        return cells;
    }
}
