/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The seed of a run, printed once for each suite with the command that repeats it. */
public final class PrintedSeed {
    /** One option for all modules; with one seed a build that was green stays green until the code changes. */
    private static final long SEED =
            "random".equals(System.getProperty("parity.seed")) ? System.nanoTime() : Long.getLong("parity.seed", 1);

    private static final Set<Class<?>> PRINTED = ConcurrentHashMap.newKeySet();

    private PrintedSeed() {}

    public static long of(Class<?> suite) {
        if (PRINTED.add(suite)) {
            System.out.println(suite.getSimpleName() + " has seed " + SEED
                    + "; to repeat: mvn -pl parity-tests -am verify -Dtest=" + suite.getSimpleName()
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dparity.seed=" + SEED);
        }
        return SEED;
    }

    public static Random randomFor(Class<?> suite) {
        return new Random(of(suite));
    }
}
