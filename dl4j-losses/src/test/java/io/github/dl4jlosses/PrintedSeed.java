/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.util.Random;

/** Random numbers of a seed that is printed with the command that repeats it. */
public final class PrintedSeed {
    private PrintedSeed() {}

    public static Random randomFor(Class<?> test) {
        long seed = Long.getLong("dl4jlosses.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + " has seed " + seed + "; to repeat: mvn -pl dl4j-losses test -Dtest="
                + test.getSimpleName() + " -Ddl4jlosses.seed=" + seed);
        return new Random(seed);
    }
}
