/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.report.Machine;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A JDK whose JVMs are measured, by its folder, its version such as 17, and its whole name. */
record Jdk(Path home, int version, String name) {
    private static final int OLDEST = 17;

    /** The one of this program. */
    static Jdk running() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature(), Machine.jdk());
    }

    /** Reads what a JDK says of itself in its folder. */
    static Jdk in(String folder) {
        Path home = Path.of(folder);
        Path file = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(file)) {
            throw new IllegalArgumentException("There is no JDK in " + folder);
        }
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            release.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int version = Runtime.Version.parse(value(release, "JAVA_VERSION")).feature();
        if (version < OLDEST) {
            throw new IllegalArgumentException(
                    "The benchmarks run on Java " + OLDEST + " or newer; in " + folder + " is " + version);
        }
        return new Jdk(
                home, version, "JDK " + value(release, "JAVA_RUNTIME_VERSION") + ", " + value(release, "IMPLEMENTOR"));
    }

    private static String value(Properties release, String key) {
        return release.getProperty(key, "unknown").replace("\"", "");
    }

    String title() {
        return "JDK " + version;
    }
}
