/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Finds out whether {@link Math#fma} is a processor instruction here; otherwise it is done in big decimals, thousands
 * of times slower. The virtual machine tells it, not a measurement, so that the same machine always gives the same
 * bits.
 */
final class FusedMultiplyAdd {
    /** True on a HotSpot machine whose processor has the instruction: x86 since 2013, every 64-bit ARM. */
    static final boolean IS_FAST = isFast();

    private FusedMultiplyAdd() {}

    /** a b + c, rounded once where that is fast; in loops too, for the constant leaves the JIT compiler one of the two. */
    static double of(double a, double b, double c) {
        return IS_FAST ? Math.fma(a, b, c) : a * b + c;
    }

    private static boolean isFast() {
        return Boolean.parseBoolean(VirtualMachine.option("UseFMA"));
    }
}
