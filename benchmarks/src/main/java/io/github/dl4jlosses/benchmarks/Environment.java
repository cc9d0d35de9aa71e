/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.report.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** Where a run takes place. */
final class Environment {
    private Environment() {}

    static String machine() {
        return Machine.processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + Machine.system();
    }

    /** How busy the system is; with other work beside it, waiting threads of OpenMP make times of several threads useless. */
    static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : MarkdownTable.digits(load);
    }

    static String versions() {
        Properties versions = new Properties();
        try (InputStream in = Environment.class.getResourceAsStream("/versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("dl4j-losses", "DL4J", "torch", "DJL", "JMH").stream()
                .map(name -> name + " " + versions.getProperty(name))
                .collect(Collectors.joining(", "));
    }
}
