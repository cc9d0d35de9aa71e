/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

/** Checks of what a caller hands over, before anything is computed. */
public final class Arguments {
    private Arguments() {}

    /** Refuses null, by the argument's name. */
    public static void requireNonNull(Object argument, String name) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " must not be null");
        }
    }

    /** A copy of an option's numbers. */
    public static double[] requireNumbers(double[] numbers, String name) {
        requireNonNull(numbers, name);
        if (numbers.length == 0) {
            throw new IllegalArgumentException(name + " must not be empty; leave it unset for none");
        }
        return numbers.clone();
    }
}
