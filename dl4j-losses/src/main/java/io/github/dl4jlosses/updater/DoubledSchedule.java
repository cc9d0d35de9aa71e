/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A schedule with twice the learning rate of another, for a bias that is the sum of two. */
final class DoubledSchedule implements ISchedule, MomentumCycle {
    private static final long serialVersionUID = 1L;

    /** The schedule of each of the two. */
    @JsonProperty
    private final ISchedule schedule;

    @JsonCreator
    DoubledSchedule(@JsonProperty("schedule") ISchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return 2 * schedule.valueAt(iteration, epoch);
    }

    @Override
    public boolean cyclesMomentum() {
        return schedule instanceof MomentumCycle && ((MomentumCycle) schedule).cyclesMomentum();
    }

    @Override
    public double momentumAt(int iteration, int epoch) {
        return ((MomentumCycle) schedule).momentumAt(iteration, epoch);
    }

    @Override
    public ISchedule clone() {
        return new DoubledSchedule(schedule.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DoubledSchedule && schedule.equals(((DoubledSchedule) other).schedule);
    }

    @Override
    public int hashCode() {
        return 31 * schedule.hashCode();
    }

    @Override
    public String toString() {
        return "2 * " + schedule;
    }
}
