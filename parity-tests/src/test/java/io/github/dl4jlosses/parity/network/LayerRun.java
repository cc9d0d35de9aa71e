/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One run behind a cell of the page.
 *
 * @param check what is asked; {@code SCORE} is the run of score and step together
 */
record LayerRun(LayerCheck check, LayerRow row, Scenario scenario) {
    private static final List<TorchType> TYPES = List.of(TorchType.FLOAT64, TorchType.FLOAT32);
    private static final List<NetworkKind> NETWORKS = List.of(NetworkKind.values());
    private static final boolean[] MINI_BATCH = {true, false};
    /** Moved by a rule of the layer's own, which is no gradient unless it is told so. */
    private static final Set<String> CENTERS = Set.of("0_cL");
    /** How far the differences of the gradient check reach, and some more. */
    private static final double CHECKED_WITHIN = 1e-4;

    /** Every run of every cell. */
    static List<LayerRun> all(long seed) {
        List<LayerRun> all = new ArrayList<>();
        for (LayerRow row : LayerRow.all()) {
            for (LayerKind layer : LayerKind.values()) {
                all.addAll(new Cell(row, layer, seed).runs());
            }
        }
        return all;
    }

    /** What pairs of values are made of; the row is a pair itself, so that each cell of the page has a run. */
    List<?> factors() {
        List<Object> factors = new ArrayList<>(scenario.factors());
        factors.add(row);
        return factors;
    }

    /** The runs of a row of the page in one layer. */
    private static final class Cell {
        private final LayerRow row;
        private final LayerKind layer;
        private final long seed;
        private final List<LayerRun> runs = new ArrayList<>();
        /** Takes the variants in turn where not all of them are run. */
        private int turn;

        Cell(LayerRow row, LayerKind layer, long seed) {
            this.row = row;
            this.layer = layer;
            this.seed = seed;
        }

        List<LayerRun> runs() {
            for (LossOptions options : row.options()) {
                steps(options);
                masks(options);
                Scenario drawn = scenario(options, nextType(), nextNetwork(), true);
                for (boolean miniBatch : MINI_BATCH) {
                    add(LayerCheck.JSON, drawn.withMiniBatch(miniBatch));
                }
                for (boolean miniBatch : MINI_BATCH) {
                    add(LayerCheck.GRADIENTS, scenario(options, TorchType.FLOAT64, nextNetwork(), miniBatch));
                }
            }
            return runs;
        }

        private void steps(LossOptions options) {
            for (TorchType type : TYPES) {
                for (NetworkKind network : NETWORKS) {
                    for (boolean miniBatch : MINI_BATCH) {
                        add(LayerCheck.SCORE, scenario(options, type, network, miniBatch));
                    }
                }
            }
        }

        private void masks(LossOptions options) {
            for (Masking masking : Masking.values()) {
                if (masking != Masking.NONE && masking.isMeaningful(layer, options, row.head())) {
                    add(
                            LayerCheck.MASK,
                            scenario(options, nextType(), nextNetwork(), true).with(masking));
                }
            }
        }

        private void add(LayerCheck check, Scenario scenario) {
            runs.add(new LayerRun(check, row, scenario));
        }

        private Scenario scenario(LossOptions options, TorchType type, NetworkKind network, boolean miniBatch) {
            return Scenario.of(layer, row.head(), options, type, seed + turn++)
                    .in(network)
                    .withMiniBatch(miniBatch);
        }

        private NetworkKind nextNetwork() {
            return NETWORKS.get(turn % NETWORKS.size());
        }

        private TorchType nextType() {
            return TYPES.get(turn / NETWORKS.size() % TYPES.size());
        }
    }

    /** Adds what it finds to the verdicts of its cell. */
    void into(Map<LayerCheck, Verdict> verdicts) {
        switch (check) {
            case SCORE, STEP -> step(verdicts);
            case MASK -> {
                Finding finding = Finding.of(scenario);
                verdicts.get(check).add(scenario, finding.bugs(), finding.differences());
            }
            case JSON -> json(verdicts.get(check));
            case GRADIENTS -> gradients(verdicts.get(check));
        }
    }

    private void step(Map<LayerCheck, Verdict> verdicts) {
        Finding finding = Finding.of(scenario);
        Predicate<String> ofScore = line -> line.startsWith(StepComparison.SCORE);
        verdicts.get(LayerCheck.SCORE).add(scenario, finding.scoreBugs(), lines(finding, ofScore));
        verdicts.get(LayerCheck.STEP).add(scenario, finding.stepBugs(), lines(finding, ofScore.negate()));
    }

    private static List<String> lines(Finding finding, Predicate<String> which) {
        return finding.differences().stream().filter(which).toList();
    }

    /** A network made from JSON does what the first one does, be it a step or an exception. */
    private void json(Verdict verdict) {
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
        verdict.add(scenario, finding.bugs(), differences);
    }

    private boolean isAtKink(Numbers numbers) {
        TorchTensor input = new TorchStep(scenario, numbers).input();
        return Arrays.stream(new PlainRows(input.shape()).of(input.toArray()))
                .anyMatch(row -> scenario.options().spec().hasKinkNear(scenario.loss(), row, CHECKED_WITHIN));
    }

    private void gradients(Verdict verdict) {
        Numbers numbers = new Numbers(scenario);
        NetworkStep ours = new NetworkStep(scenario, numbers);
        try {
            if (NetworkKind.checkGradients(ours.network(), ours.dataSet(), CENTERS)) {
                verdict.add(scenario, Set.of(), List.of());
                return;
            }
        } catch (RuntimeException failure) {
            Finding thrown = Finding.thrown(scenario, failure);
            verdict.add(scenario, thrown.bugs(), thrown.differences());
            return;
        }
        // a score that is wrong just as its bug says, beside a step that is torch's, is what the check stumbles over
        Finding finding = Finding.of(scenario);
        boolean explained = !finding.scoreBugs().isEmpty()
                && finding.stepBugs().isEmpty()
                && finding.differences().isEmpty();
        // so does it over a kink of the loss, where the step is torch's all the same
        explained |= isAtKink(numbers)
                && finding.bugs().isEmpty()
                && finding.differences().isEmpty();
        verdict.add(scenario, finding.scoreBugs(), explained ? List.of() : List.of("the gradient check fails"));
    }
}
