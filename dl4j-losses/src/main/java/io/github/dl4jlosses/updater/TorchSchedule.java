/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The common part of torch's learning rate schedulers: how they count steps.
 *
 * <p>A schedule corresponds to a training loop that calls {@code scheduler.step()} after each {@code optimizer.step()};
 * iteration 0 has the rate that torch's scheduler sets when it is made. For a loop that calls it once an epoch, set
 * {@code every(batches of an epoch)}. DL4J's epochs have no effect, because they do not advance under {@code fit(x,
 * y)}.
 *
 * <p>Torch computes most rates from the one before; schedules here use the closed form, so that training may begin at
 * any step. Schedules are immutable and survive JSON with every option.
 *
 * @since 0.1.0
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public abstract class TorchSchedule implements ISchedule {
    private static final long serialVersionUID = 1L;

    /** Iterations that count as one step. */
    @JsonProperty
    private final int every;

    TorchSchedule(int every) {
        this.every = every;
    }

    /** The rate after so many calls of {@code scheduler.step()}. */
    abstract double rate(int step, int epoch);

    /** The options by name, without {@code every}. */
    abstract Map<String, Object> options();

    @Override
    public final double valueAt(int iteration, int epoch) {
        return rate(step(iteration), epoch);
    }

    /** The number of calls of {@code scheduler.step()} in torch's loop before this iteration. */
    final int step(int iteration) {
        return iteration / every;
    }

    /**
     * The number of iterations between two calls of {@code scheduler.step()}.
     *
     * @return 1 if it follows every step of the optimizer
     */
    public final int getEvery() {
        return every;
    }

    @Override
    public TorchSchedule clone() {
        return this;
    }

    @Override
    public final boolean equals(Object other) {
        return hasOptionsOf(other);
    }

    private boolean hasOptionsOf(Object other) {
        return other != null
                && other.getClass() == getClass()
                && every == ((TorchSchedule) other).every
                && options().equals(((TorchSchedule) other).options());
    }

    @Override
    public final int hashCode() {
        return 31 * options().hashCode() + every;
    }

    @Override
    public final String toString() {
        String text = options().entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(", "));
        return getClass().getSimpleName() + "(" + text + (every == 1 ? "" : ", every=" + every) + ")";
    }

    /**
     * The option that every schedule has: how many iterations make a step.
     *
     * @param <B> the builder itself, so that calls chain
     * @since 0.1.0
     */
    public abstract static class Builder<B extends Builder<B>> {
        int every = 1;

        Builder() {}

        /** Each builder names itself as its own type. */
        @SuppressWarnings("unchecked")
        final B self() {
            return (B) this;
        }

        /**
         * The number of iterations between two calls of {@code scheduler.step()}: the batches of an epoch, if torch's
         * loop calls it once an epoch.
         *
         * @param every 1 by default
         * @return this builder
         */
        public B every(int every) {
            this.every = every;
            return self();
        }

        final void validateCommon() {
            UpdaterBuilder.require(every >= 1, "every must be 1 or more, but is " + every);
        }

        static void requireRate(String name, double lr) {
            UpdaterBuilder.require(
                    lr >= 0, "Invalid learning rate: " + lr + ". (" + name + " must be set, to 0 or more)");
        }
    }
}
