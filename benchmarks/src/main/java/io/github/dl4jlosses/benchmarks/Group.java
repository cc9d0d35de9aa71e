/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What one JVM measures, one contender after the other: a loss, or null for the networks. */
record Group(LossKind loss, Dtype dtype, int threads) {

    /** All of a run, those of one dtype and number of threads together. */
    static List<Group> of(BenchmarkOptions options) {
        List<Group> groups = new ArrayList<>();
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                options.losses().forEach(loss -> groups.add(new Group(loss, dtype, threads)));
                if (!options.networks().isEmpty()) {
                    groups.add(new Group(null, dtype, threads));
                }
            }
        }
        return groups;
    }

    boolean isNetworks() {
        return loss == null;
    }

    /** How many measurements the group makes. */
    int measurements(BenchmarkOptions options) {
        return isNetworks()
                ? options.networks().size() * Contender.OF_NETWORKS.size()
                : options.shapes().size() * (Contender.OF_LOSSES.size() - 1) + 1; // the result's memory only once
    }

    String title() {
        return name() + ", " + dtype.option() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    /** The name of its files. */
    String fileName() {
        return name() + "-" + dtype.option() + "-" + threads;
    }

    String name() {
        return isNetworks() ? "networks" : loss.option();
    }
}
