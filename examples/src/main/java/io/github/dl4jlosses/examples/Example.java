/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

/**
 * A program to run.
 *
 * @param main its class, whose simple name is the name of the example
 * @param purpose what it shows, in a line
 */
public record Example(Class<?> main, String purpose) {

    /** What the command line calls it: the simple name of its class. */
    public String name() {
        return main.getSimpleName();
    }

    /** Runs its main method; throws whatever happens in it. */
    public void run() throws ReflectiveOperationException {
        main.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return name();
    }
}
