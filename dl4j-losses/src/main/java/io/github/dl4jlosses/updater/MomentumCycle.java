/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

/** A schedule that may also set the momentum: SGD's {@code momentum}, Adam's {@code beta1}. */
interface MomentumCycle {
    /** Whether the schedule sets the momentum; if not, the updater's own is used. */
    boolean cyclesMomentum();

    /** The momentum at a step. */
    double momentumAt(int iteration, int epoch);
}
