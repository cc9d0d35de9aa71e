/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Whether {@link Math#fma} is an instruction here; without one it is exact arithmetic on big numbers, thousands of times
 * slower. The virtual machine is asked, not the clock, so that the same machine gives the same bits.
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
