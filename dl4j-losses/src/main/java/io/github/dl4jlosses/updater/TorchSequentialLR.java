/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One schedule after the other, torch's {@code lr_scheduler.SequentialLR}: for instance a warm-up, then the main
 * schedule.
 *
 * <p>At its milestone, counted in steps of the whole sequence, a schedule takes over and starts at its own step 0. In
 * torch all schedulers share the optimizer's learning rate; here each is given it.
 *
 * <pre>{@code
 * TorchSequentialLR.builder()
 *         .first(TorchLinearLR.builder().lr(0.1).startFactor(0.01).totalIters(100).build())
 *         .then(100, TorchCosineAnnealingLR.builder().lr(0.1).tMax(900).build())
 *         .build()
 * }</pre>
 *
 * <p>DL4J's own schedules of {@code ScheduleType.ITERATION} may be part of it; epochs are passed on unchanged.
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException}; a {@link TorchOneCycleLR} is refused, because
 * torch's changes the optimizer's learning rate when it is made, so that a sequence with it depends on the order of
 * construction. It has a warm-up of its own. Reference: torch.optim.lr_scheduler.SequentialLR, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchSequentialLR extends TorchSchedule {
    private static final long serialVersionUID = 1L;

    /** The schedules, in order. */
    @JsonProperty
    private final ISchedule[] schedules;

    /** The step at which each but the first begins. */
    @JsonProperty
    private final int[] milestones;

    @JsonCreator
    private TorchSequentialLR(
            @JsonProperty("schedules") ISchedule[] schedules,
            @JsonProperty("milestones") int[] milestones,
            @JsonProperty("every") int every) {
        super(every);
        this.schedules = schedules;
        this.milestones = milestones;
    }

    /**
     * Starts a builder without a schedule.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    double rate(int step, int epoch) {
        int passed = (int) Arrays.stream(milestones).filter(at -> at <= step).count();
        return schedules[passed].valueAt(step - (passed == 0 ? 0 : milestones[passed - 1]), epoch);
    }

    @Override
    Map<String, Object> options() {
        return new TreeMap<>(Map.of(
                "schedules",
                Arrays.asList(schedules),
                "milestones",
                Arrays.stream(milestones).boxed().collect(Collectors.toList())));
    }

    @Override
    public TorchSequentialLR clone() {
        ISchedule[] copies = Arrays.stream(schedules).map(ISchedule::clone).toArray(ISchedule[]::new);
        return new TorchSequentialLR(copies, milestones, getEvery());
    }

    /**
     * Builds a {@link TorchSequentialLR}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends TorchSchedule.Builder<Builder> {
        private final List<ISchedule> schedules = new ArrayList<>();
        private final List<Integer> milestones = new ArrayList<>();
        private ISchedule first;

        private Builder() {}

        /**
         * The schedule that begins.
         *
         * @param schedule must be set
         * @return this builder
         */
        public Builder first(ISchedule schedule) {
            this.first = schedule;
            return this;
        }

        /**
         * A schedule that takes over.
         *
         * @param milestone the step of the sequence that is its own step 0
         * @param schedule the schedule
         * @return this builder
         */
        public Builder then(int milestone, ISchedule schedule) {
            milestones.add(milestone);
            schedules.add(schedule);
            return this;
        }

        /**
         * Checks the options.
         *
         * @return a schedule
         * @throws IllegalArgumentException if there is no first schedule, a schedule is null, is a TorchOneCycleLR or
         *     has {@code every} set, or milestones do not increase
         */
        public TorchSequentialLR build() {
            validateCommon();
            List<ISchedule> all = new ArrayList<>(schedules);
            all.add(0, first);
            for (ISchedule schedule : all) {
                UpdaterBuilder.require(schedule != null, "first and each schedule of then must be set");
                UpdaterBuilder.require(
                        !(schedule instanceof MomentumCycle),
                        "TorchOneCycleLR cannot be part of a sequence: torch's rewrites the optimizer's learning rate when"
                                + " it is made; it has a warm-up of its own, pctStart");
                UpdaterBuilder.require(
                        !(schedule instanceof TorchSchedule) || ((TorchSchedule) schedule).getEvery() == 1,
                        "every belongs to the sequence, not to " + schedule + " in it");
            }
            int before = 0;
            for (int milestone : milestones) {
                UpdaterBuilder.require(
                        milestone > before, "Milestones must be above 0 and rise, but are " + milestones);
                before = milestone;
            }
            return new TorchSequentialLR(
                    all.toArray(new ISchedule[0]),
                    milestones.stream().mapToInt(Integer::intValue).toArray(),
                    every);
        }
    }
}
