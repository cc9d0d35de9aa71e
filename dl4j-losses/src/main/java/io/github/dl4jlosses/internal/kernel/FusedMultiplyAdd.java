/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * Whether {@link Math#fma} is an instruction here; without one it is exact arithmetic on big numbers, thousands of times
 * slower. The virtual machine is asked, not the clock, so that the same machine gives the same bits.
 */
final class FusedMultiplyAdd {
    /** True on a HotSpot machine whose processor has the instruction: x86 since 2013, every 64-bit ARM. */
    static final boolean IS_FAST = isFast();

    private FusedMultiplyAdd() {}

    private static boolean isFast() {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            Object option = beans.invoke(
                    new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                    "getVMOption",
                    new Object[] {"UseFMA"},
                    new String[] {String.class.getName()});
            return Boolean.parseBoolean(String.valueOf(((CompositeData) option).get("value")));
        } catch (JMException | RuntimeException | LinkageError e) {
            // another virtual machine, or one without its management module: the loops do without
            return false;
        }
    }
}
