/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;

/** The allocator of the system, of which memory outside of Java's heap comes. */
public final class Allocator {
    private static final Function MALLOC_TRIM = mallocTrim();

    private Allocator() {}

    /** Null where the system's allocator has no such thing. */
    private static Function mallocTrim() {
        try {
            return Platform.isLinux() ? Function.getFunction("c", "malloc_trim") : null;
        } catch (UnsatisfiedLinkError e) {
            return null;
        }
    }

    /**
     * Gives memory that was freed back to the system, where it can: glibc keeps as much as was once in use at the same time, and
     * what lies between small things that stay, so that a process seems to grow.
     */
    public static void giveFreeMemoryBack() {
        if (MALLOC_TRIM != null) {
            MALLOC_TRIM.invokeInt(new Object[] {new NativeLong(0)});
        }
    }
}
