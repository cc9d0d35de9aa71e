/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.spec.Allocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The physical memory of this process outside of Java's heap, where the system tells it by mapping, as Linux does. */
final class OutsideOfHeap {

    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-f]{8,16})");
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ .*");
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");

    private OutsideOfHeap() {}

    static boolean isTold() {
        return Files.isReadable(MAPPINGS);
    }

    /** What is in use. */
    static double megabytes() throws IOException {
        Allocator.giveFreeMemoryBack();
        long first = Long.MAX_VALUE;
        long last = 0;
        Matcher address = ADDRESS.matcher(heap());
        while (address.find()) {
            long value = Long.parseLong(address.group(1), 16);
            first = Math.min(first, value);
            last = Math.max(last, value);
        }
        if (last <= first) {
            throw new IllegalStateException("Java does not say where its heap lies: " + heap());
        }
        long kilobytes = 0;
        boolean outside = false;
        for (String line : Files.readAllLines(MAPPINGS)) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher resident = RESIDENT.matcher(line);
            if (mapping.matches()) {
                // as a signed number an address of the system itself would be negative
                long begin = Long.parseUnsignedLong(mapping.group(1), 16);
                outside = begin < first || begin >= last;
            } else if (outside && resident.matches()) {
                kilobytes += Long.parseLong(resident.group(1));
            }
        }
        return kilobytes / 1024.0;
    }

    private static String heap() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcHeapInfo",
                            new Object[0],
                            new String[0]);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
