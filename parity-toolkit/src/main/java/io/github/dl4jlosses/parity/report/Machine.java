/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a run takes place.
 *
 * @since 0.1.0
 */
public final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String UNNAMED = "unnamed processor";

    private Machine() {}

    /**
     * The processor's name, where the system tells it.
     *
     * @return its name, or that it has none
     */
    public static String processor() {
        if (!Files.isReadable(PROCESSORS)) {
            return UNNAMED;
        }
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNNAMED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The operating system.
     *
     * @return its name and the architecture
     */
    public static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    /**
     * The virtual machine.
     *
     * @return its name, version and vendor
     */
    public static String jdk() {
        return System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + System.getProperty("java.vendor");
    }
}
