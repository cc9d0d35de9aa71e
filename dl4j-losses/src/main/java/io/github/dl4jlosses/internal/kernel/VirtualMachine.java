/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** Reads options of a HotSpot virtual machine. */
final class VirtualMachine {
    private VirtualMachine() {}

    /** The value of an option as text; empty for another virtual machine, or one without its management module. */
    static String option(String name) {
        try {
            Object option = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "getVMOption",
                            new Object[] {name},
                            new String[] {String.class.getName()});
            return String.valueOf(((CompositeData) option).get("value"));
        } catch (JMException | RuntimeException | LinkageError e) {
            return "";
        }
    }
}
