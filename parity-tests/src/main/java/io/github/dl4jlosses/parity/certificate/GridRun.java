/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.Fault;
import io.github.dl4jlosses.parity.grid.FaultTrial;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.LossCheck;
import io.github.dl4jlosses.parity.grid.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Every combination of options in every type against torch, and the faults that the comparison must notice. */
final class GridRun {
    /** No divisor of the 20 ranks and magnitudes of a combination, so that a seventh of the grid has all of them. */
    private static final int SHORT_STEP = 7;
    /** In how many cases the short form tries a fault. */
    private static final int SHORT_TRIALS = 30;

    private static final int SHOWN = 5;
    private static final int KEPT = 3;

    private final CertificateOptions options;
    private final Function<GridCase, Subject> subject;
    private final List<Configuration> grid;
    private final Map<String, GridRow> rows = new LinkedHashMap<>();
    private final Map<String, List<WorstCase>> worst = new LinkedHashMap<>();

    private final List<FaultTrial> faults =
            Fault.all().stream().map(FaultTrial::new).toList();
    private final List<String> failures = new ArrayList<>();

    /** The subject is what is held against torch. */
    GridRun(CertificateOptions options, Function<GridCase, Subject> subject) {
        this(options, subject, grid(options.isShort()));
    }

    GridRun(CertificateOptions options, Function<GridCase, Subject> subject, List<Configuration> grid) {
        this.options = options;
        this.subject = subject;
        this.grid = grid;
    }

    private static List<Configuration> grid(boolean isShort) {
        List<Configuration> all =
                Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16);
        return isShort
                ? IntStream.range(0, all.size())
                        .filter(i -> i % SHORT_STEP == 0)
                        .mapToObj(all::get)
                        .toList()
                : all;
    }

    int cases() {
        return options.rounds() * grid.size();
    }

    void run(Progress progress) {
        Random seeds = new Random(options.seed());
        for (int round = 0; round < options.rounds(); round++) {
            for (Configuration configuration : grid) {
                GridCase example = GridCase.random(configuration, seeds.nextLong());
                compare(configuration, example);
                if (round == 0 && !isHalf(configuration.type())) {
                    faults.stream()
                            .filter(fault -> !options.isShort() || fault.shown < SHORT_TRIALS)
                            .forEach(fault -> fault.add(example));
                }
                progress.step(1, configuration.lossName());
            }
        }
    }

    private static boolean isHalf(TorchType type) {
        return type != TorchType.FLOAT32 && type != TorchType.FLOAT64;
    }

    private void compare(Configuration configuration, GridCase example) {
        String loss = configuration.lossName();
        String words = configuration.options();
        GridRow row =
                rows.computeIfAbsent(loss + words + configuration.type(), key -> new GridRow(configuration, words));
        WorstCase candidate = new WorstCase(example, configuration.type());
        LossCheck.Observer both = (result, index, ours, torch, largestTerm, verdict) -> {
            row.compared(result, index, ours, torch, largestTerm, verdict);
            candidate.compared(result, index, ours, torch, largestTerm, verdict);
        };
        List<String> differences = LossCheck.differences(example, subject.apply(example), both);
        row.count(differences.isEmpty());
        candidate.joinTo(worst, options.isShort() ? 1 : KEPT);
        if (!differences.isEmpty()) {
            failures.add(example + ": "
                    + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size()))));
        }
    }

    /** One for each combination of options and type. */
    List<GridRow> rows() {
        return List.copyOf(rows.values());
    }

    /** The results that are farthest from torch's, a few for each loss and type, from different cases. */
    List<WorstCase> worst() {
        return worst.values().stream().flatMap(List::stream).toList();
    }

    List<FaultTrial> faults() {
        return faults;
    }

    /** What differs from torch, and the faults that nobody noticed. */
    List<String> failures() {
        List<String> all = new ArrayList<>(failures);
        faults.stream()
                .filter(fault -> fault.caught == 0)
                .forEach(fault -> all.add("the comparison with torch does not notice the deliberate " + fault));
        return all;
    }
}
