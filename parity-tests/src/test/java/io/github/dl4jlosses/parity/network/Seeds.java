/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.Random;

/** The seeds of a suite, printed with what repeats them. */
final class Seeds {
    private static final long SEED = Long.getLong("parity.seed", System.nanoTime());

    private Seeds() {}

    static Random of(Class<?> suite) {
        System.out.println("seeds of " + suite.getSimpleName() + ": mvn -pl parity-tests -am verify -Dtest="
                + suite.getSimpleName() + " -Dsurefire.failIfNoSpecifiedTests=false -Dparity.seed=" + SEED);
        return new Random(SEED);
    }
}
