/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * The options that every updater has: learning rate, schedule and weight decay.
 *
 * @param <B> the builder itself, so that calls chain
 * @since 0.1.0
 */
public abstract class UpdaterBuilder<B extends UpdaterBuilder<B>> {
    double lr;
    ISchedule lrSchedule;
    double weightDecay;

    UpdaterBuilder(double lr, double weightDecay) {
        this.lr = lr;
        this.weightDecay = weightDecay;
    }

    /** Each builder names itself as its own type. */
    @SuppressWarnings("unchecked")
    final B self() {
        return (B) this;
    }

    /**
     * The learning rate.
     *
     * @param lr by default torch's for this optimizer: 0.001 for SGD and Adam
     * @return this builder
     */
    public B lr(double lr) {
        this.lr = lr;
        return self();
    }

    /**
     * A schedule instead of a learning rate.
     *
     * @param lrSchedule null, the default, for none
     * @return this builder
     */
    public B lrSchedule(ISchedule lrSchedule) {
        this.lrSchedule = lrSchedule;
        return self();
    }

    /**
     * The weight decay. If it is not 0, put the updater in with {@link TorchUpdater#configure}.
     *
     * @param weightDecay 0 by default, 0.01 for {@link TorchAdamW}, as in torch
     * @return this builder
     */
    public B weightDecay(double weightDecay) {
        this.weightDecay = weightDecay;
        return self();
    }

    final void validateCommon() {
        require(lr >= 0, "Invalid learning rate: " + lr + ". (lr must be 0 or more)");
        require(weightDecay >= 0, "Invalid weight_decay value: " + weightDecay + ". (weightDecay must be 0 or more)");
    }

    static void requireBeta(int index, double beta) {
        require(
                beta >= 0 && beta < 1,
                "Invalid beta parameter at index " + index + ": " + beta + ". (beta" + (index + 1)
                        + " must be from 0 to less than 1)");
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
