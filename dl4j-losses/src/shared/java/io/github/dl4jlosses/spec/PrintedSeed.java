/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The seed of a run, printed once for each test class with the command that repeats it. */
public final class PrintedSeed {
    /** One option for all modules; with one seed a build that was green stays green until the code changes. */
    private static final long SEED =
            "random".equals(System.getProperty("parity.seed")) ? System.nanoTime() : Long.getLong("parity.seed", 1);

    private static final Set<Class<?>> PRINTED = ConcurrentHashMap.newKeySet();

    private PrintedSeed() {}

    public static long of(Class<?> test) {
        return of(test, "");
    }

    /** Likewise of a test that has options of its own. */
    public static long of(Class<?> test, String options) {
        if (PRINTED.add(test)) {
            System.out.println(test.getSimpleName() + " has seed " + SEED + "; to repeat: mvn -pl " + module()
                    + " -am verify -Dtest=" + test.getSimpleName()
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dparity.seed=" + SEED
                    + (options.isEmpty() ? "" : " " + options));
        }
        return SEED;
    }

    public static Random randomFor(Class<?> test) {
        return randomFor(test, "");
    }

    /** Likewise of a test that has options of its own. */
    public static Random randomFor(Class<?> test, String options) {
        return new Random(of(test, options));
    }

    /** Maven runs the tests of a module in its folder. */
    private static Path module() {
        return Path.of("").toAbsolutePath().getFileName();
    }
}
