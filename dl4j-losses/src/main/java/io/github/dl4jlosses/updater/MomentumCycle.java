/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

/** A schedule that sets the momentum beside the learning rate: SGD's {@code momentum}, Adam's {@code beta1}. */
interface MomentumCycle {
    /** Whether it does; if not, the updater's own momentum stays. */
    boolean cyclesMomentum();

    /** The momentum of a step. */
    double momentumAt(int iteration, int epoch);
}
