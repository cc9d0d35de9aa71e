/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How a training step of DL4J compares with torch's.
 *
 * @param scoreBugs bugs of DL4J that the score shows, each proven by a score that is wrong as the bug says
 * @param stepBugs bugs that make the step impossible
 * @param differences what no bug explains; empty: everything else is torch's
 */
record Finding(Set<FrameworkBug> scoreBugs, Set<FrameworkBug> stepBugs, List<String> differences) {

    static Finding of(Scenario scenario) {
        Numbers numbers = new Numbers(scenario);
        NetworkStep ours = new NetworkStep(scenario, numbers);
        return of(scenario, numbers, ours::fit);
    }

    /** What a network gives that may be another than the scenario's own. */
    static Finding of(Scenario scenario, Numbers numbers, Supplier<Step> ours) {
        Step step;
        try {
            step = ours.get();
        } catch (RuntimeException failure) {
            return thrown(scenario, failure);
        }
        return StepComparison.finding(scenario, numbers, step);
    }

    /** What an exception in place of a step says. */
    static Finding thrown(Scenario scenario, RuntimeException failure) {
        Set<FrameworkBug> bugs = FrameworkBug.thatThrow(scenario, failure);
        return new Finding(bugs, bugs, bugs.isEmpty() ? List.of("no step: " + failure) : List.of());
    }

    Set<FrameworkBug> bugs() {
        Set<FrameworkBug> bugs = EnumSet.noneOf(FrameworkBug.class);
        bugs.addAll(scoreBugs);
        bugs.addAll(stepBugs);
        return bugs;
    }
}
