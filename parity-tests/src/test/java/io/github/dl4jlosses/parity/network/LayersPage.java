/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page {@code docs/layers.md}, written from runs of every loss under every activation in every output layer. */
final class LayersPage {
    private final Map<LayerRow, Map<LayerKind, Map<LayerCheck, Verdict>>> results = new LinkedHashMap<>();

    private LayersPage() {}

    /** Runs every cell. */
    static LayersPage run(long seed) {
        LayersPage page = new LayersPage();
        for (LayerRow row : LayerRow.all()) {
            Map<LayerKind, Map<LayerCheck, Verdict>> cells = new EnumMap<>(LayerKind.class);
            for (LayerKind layer : LayerKind.values()) {
                cells.put(layer, LayerCell.run(row, layer, seed));
            }
            page.results.put(row, cells);
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

    String text() {
        List<String> lines = new ArrayList<>(introduction());
        lines.addAll(List.of("", "## What DL4J does", ""));
        for (FrameworkBug bug : FrameworkBug.values()) {
            lines.add(bug.number() + ". " + bug.text() + " (" + bug.place() + ")");
        }
        for (LayerCheck check : LayerCheck.values()) {
            lines.addAll(List.of("", "## " + check.title(), "", check.meaning(), ""));
            lines.addAll(table(check));
        }
        return String.join("\n", lines) + "\n";
    }

    private List<String> introduction() {
        long cells = verdicts().count();
        long clean = verdicts().filter(verdict -> verdict.cell().equals("✓")).count();
        // score and step are those of the same runs
        int runs = results.values().stream()
                .flatMap(layers -> layers.values().stream())
                .flatMap(checks -> checks.entrySet().stream())
                .filter(entry -> entry.getKey() != LayerCheck.STEP)
                .mapToInt(entry -> entry.getValue().runs())
                .sum();
        return """
                # Losses, activations and output layers

                Every loss of this library under each activation that goes with it, in every output layer of DL4J
                1.0.0-M2.1, against live torch. This page is generated: a test of the normal build runs every cell and
                fails where the page says something else. To run it alone, and to write the page anew after a change:

                ```
                mvn test -pl parity-tests -am -Dtest=LayersPageTest -Dsurefire.failIfNoSpecifiedTests=false
                mvn test -pl parity-tests -am -Dtest=LayersPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dlayers.update=true
                ```

                | cell | meaning |
                | --- | --- |
                | ✓ | every run is torch's |
                | ✓¹ | runs are torch's, but for those that meet note 1; ⁺ stands between several notes |
                | ✗¹ | every run meets it |

                Of %d cells, %d are ✓ without a note; behind them are %d runs. A note stands where a run has failed in the
                very way that it describes, so a DL4J that has mended it changes this page. What is tried in each cell: class
                weights, pos_weight, smoothing, ignore_index, delta, all reductions; float64 and float32; `MultiLayerNetwork` and
                `ComputationGraph`; `miniBatch` on and off, in the network and in the loss (masks: on), with
                `positionsPerExample`. The last activation of each loss is one that it does not see through.

                Other tests hold against torch what is no cell of a table: sequences of many lengths and truncated
                back-propagation (`RecurrentNetworkTest`, `RecurrentGraphTest`), several outputs of one graph
                (`SeveralOutputsTest`), labels and masks of every dtype (`LabelTypesTest`), batches of one, masks under
                `miniBatch(false)`, batches with nothing left and masked labels of 0 beside centers (`NetworkMaskTest`),
                centers that have moved (`CenterLossTest`), scores of single examples (`NetworkScoreArrayTest`).
                """.formatted(cells, clean, runs).lines().toList();
    }

    private List<String> table(LayerCheck check) {
        List<String> lines = new ArrayList<>();
        String layers = Arrays.stream(LayerKind.values()).map(LayerKind::title).collect(Collectors.joining(" | "));
        lines.add("| loss and labels | activation | " + layers + " |");
        lines.add("| --- | --- |" + " :-: |".repeat(LayerKind.values().length));
        results.forEach((row, cells) -> lines.add("| " + row.title() + " | " + row.activation() + " | "
                + cells.values().stream()
                        .map(checks -> checks.get(check).cell())
                        .collect(Collectors.joining(" | "))
                + " |"));
        return lines;
    }
}
