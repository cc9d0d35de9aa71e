/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What torch's learning rate schedulers have in common: how they count.
 *
 * <p>A schedule here answers for a training whose loop calls {@code scheduler.step()} after each {@code optimizer.step()}:
 * iteration 0 has the rate that torch's scheduler sets when it is made. A loop that calls it once an epoch has a builder's
 * {@code every(batches of an epoch)}. Epochs of DL4J have no effect, because they do not advance under {@code fit(x, y)}.
 *
 * <p>torch computes most rates from the one before; here is the closed form of the same, so that a training may begin
 * anywhere. Schedules are immutable and survive JSON with every option.
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

    /** How often torch's loop has called {@code scheduler.step()} before this iteration. */
    final int step(int iteration) {
        return iteration / every;
    }

    /**
     * How many iterations pass between two calls of {@code scheduler.step()}.
     *
     * @return 1: it follows every step of the optimizer
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
     * The option that every schedule has.
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
         * How many iterations pass between two calls of {@code scheduler.step()}: the batches of an epoch, where torch's
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
