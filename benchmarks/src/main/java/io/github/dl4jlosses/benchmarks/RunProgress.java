/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.io.PrintStream;
import java.util.List;

/** Says what is being measured, and how long the rest may take. */
final class RunProgress {
    /** In seconds: before, the plan's estimate is better than what was seen. */
    private static final double ENOUGH = 60;

    private final Plan plan;
    private final PrintStream out;
    private final long start = System.nanoTime();
    private final int all;
    private final double allSeconds;
    private int done;
    private double doneSeconds;
    private Contender contender;

    RunProgress(Plan plan, List<Group> groups, PrintStream out) {
        this.plan = plan;
        this.out = out;
        this.all = groups.stream().mapToInt(plan::measurements).sum();
        this.allSeconds = groups.stream().mapToDouble(plan::seconds).sum();
    }

    /** Before the first group. */
    void begin(int groups, int takenOver) {
        out.println(String.format(
                "%d measurements in %d JVMs, about %s on two quiet processors%s",
                all, groups, minutes(allSeconds), takenOver == 0 ? "" : "; taken over: " + takenOver + " JVMs"));
    }

    /** What the JVM of a group prints. */
    void follow(Group group, String line) {
        if (line.startsWith("# Benchmark: ")) {
            contender = Contender.of(line.strip());
        } else if (line.startsWith("# Parameters: ")) {
            String subject = line.replaceAll(".*(network|sequences|shape) = ([a-z0-9]+).*", "$2");
            done++;
            out.println(String.format(
                    "%4d of %d, about %s left: %s, %s, %s",
                    done, all, minutes(left()), group.title(), subject, contender.title()));
            doneSeconds += plan.seconds(group) / plan.measurements(group);
        }
    }

    private double left() {
        double rest = allSeconds - doneSeconds;
        return doneSeconds < ENOUGH ? rest : rest * (System.nanoTime() - start) / 1e9 / doneSeconds;
    }

    private static String minutes(double seconds) {
        return String.format("%d:%02d", (long) seconds / 60, (long) seconds % 60);
    }
}
