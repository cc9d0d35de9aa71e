/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Runs every check of a row of the page in one layer. */
final class LayerCell {
    private static final List<TorchType> TYPES = List.of(TorchType.FLOAT64, TorchType.FLOAT32);
    private static final List<NetworkKind> NETWORKS = List.of(NetworkKind.values());
    private static final boolean[] MINI_BATCH = {true, false};
    /** Moved by a rule of the layer's own, which is no gradient unless it is told so. */
    private static final Set<String> CENTERS = Set.of("0_cL");

    private final LayerRow row;
    private final LayerKind layer;
    private final long seed;
    private final Map<LayerCheck, Verdict> verdicts = new EnumMap<>(LayerCheck.class);
    /** Takes the variants in turn where not all of them are run. */
    private int turn;

    private LayerCell(LayerRow row, LayerKind layer, long seed) {
        this.row = row;
        this.layer = layer;
        this.seed = seed;
        for (LayerCheck check : LayerCheck.values()) {
            verdicts.put(check, new Verdict());
        }
    }

    static Map<LayerCheck, Verdict> run(LayerRow row, LayerKind layer, long seed) {
        LayerCell cell = new LayerCell(row, layer, seed);
        for (LossOptions options : row.options()) {
            cell.steps(options);
            cell.masks(options);
            cell.json(options);
            cell.gradients(options);
        }
        return cell.verdicts;
    }

    private Scenario scenario(LossOptions options, TorchType type, NetworkKind network, boolean miniBatch) {
        return Scenario.of(layer, row.head(), options, type, seed + turn++)
                .in(network)
                .withMiniBatch(miniBatch, layer.positionsPerExample());
    }

    private NetworkKind nextNetwork() {
        return NETWORKS.get(turn % NETWORKS.size());
    }

    private TorchType nextType() {
        return TYPES.get(turn / NETWORKS.size() % TYPES.size());
    }

    private void steps(LossOptions options) {
        for (TorchType type : TYPES) {
            for (NetworkKind network : NETWORKS) {
                for (boolean miniBatch : MINI_BATCH) {
                    Scenario scenario = scenario(options, type, network, miniBatch);
                    Finding finding = Finding.of(scenario);
                    Predicate<String> ofScore = line -> line.startsWith(StepComparison.SCORE);
                    verdicts.get(LayerCheck.SCORE).add(scenario, finding.scoreBugs(), lines(finding, ofScore));
                    verdicts.get(LayerCheck.STEP).add(scenario, finding.stepBugs(), lines(finding, ofScore.negate()));
                }
            }
        }
    }

    private static List<String> lines(Finding finding, Predicate<String> which) {
        return finding.differences().stream().filter(which).toList();
    }

    private void masks(LossOptions options) {
        for (Masking masking : Masking.values()) {
            if (masking != Masking.NONE && masking.isMeaningful(layer, options, row.head())) {
                Scenario scenario =
                        scenario(options, nextType(), nextNetwork(), true).with(masking);
                Finding finding = Finding.of(scenario);
                verdicts.get(LayerCheck.MASK).add(scenario, finding.bugs(), finding.differences());
            }
        }
    }

    private void json(LossOptions options) {
        Scenario drawn = scenario(options, nextType(), nextNetwork(), true);
        for (boolean miniBatch : MINI_BATCH) {
            json(drawn.withMiniBatch(miniBatch, layer.positionsPerExample()));
        }
    }

    /** A network made from JSON does what the first one does, be it a step or an exception. */
    private void json(Scenario scenario) {
        Numbers numbers = new Numbers(scenario);
        NetworkStep ours = new NetworkStep(scenario, numbers);
        Serializable configuration = scenario.network().configuration(scenario);
        Serializable restored = scenario.network().configuration(NetworkKind.json(configuration));
        List<String> differences = new ArrayList<>();
        // before a network counts its iterations in it
        if (!restored.equals(configuration)) {
            differences.add("another configuration: " + restored);
        }
        Finding original = Finding.of(scenario, numbers, ours::fit);
        Finding finding =
                Finding.of(scenario, numbers, () -> ours.fit(ours.withParameters(NetworkKind.network(restored))));
        differences.addAll(finding.differences());
        if (!finding.equals(original)) {
            differences.add("the restored network shows " + finding + ", the first one " + original);
        }
        verdicts.get(LayerCheck.JSON).add(scenario, finding.bugs(), differences);
    }

    private void gradients(LossOptions options) {
        for (boolean miniBatch : MINI_BATCH) {
            Scenario scenario = scenario(options, TorchType.FLOAT64, nextNetwork(), miniBatch);
            NetworkStep ours = new NetworkStep(scenario, new Numbers(scenario));
            Verdict verdict = verdicts.get(LayerCheck.GRADIENTS);
            try {
                if (NetworkKind.checkGradients(ours.network(), ours.dataSet(), CENTERS)) {
                    verdict.add(scenario, Set.of(), List.of());
                    continue;
                }
            } catch (RuntimeException failure) {
                Finding thrown = Finding.thrown(scenario, failure);
                verdict.add(scenario, thrown.bugs(), thrown.differences());
                continue;
            }
            // a score that is wrong just as its bug says, beside a step that is torch's, is what the check stumbles
            // over
            Finding finding = Finding.of(scenario);
            boolean explained = !finding.scoreBugs().isEmpty()
                    && finding.stepBugs().isEmpty()
                    && finding.differences().isEmpty();
            verdict.add(scenario, finding.scoreBugs(), explained ? List.of() : List.of("the gradient check fails"));
        }
    }
}
