/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.Torch;
import io.github.dl4jlosses.parity.report.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What a certificate was made of and with: versions, sources, machine; nothing that changes from run to run. */
final class Provenance {
    /** What the numbers depend on; .ci/release-version looks at the same. */
    static final List<String> SOURCES = List.of(
            "pom.xml",
            "dl4j-losses/src/main",
            "dl4j-losses/src/spec",
            "parity-toolkit/src/main",
            "parity-tests/src/main");

    private static final String UNKNOWN = "unknown";
    private static final int SHOWN = 12;

    private Provenance() {}

    /** Names and values, in the order of the page. */
    static Map<String, String> of(CertificateOptions options) {
        Properties versions = versions();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("dl4j-losses", versions.getProperty("dl4j-losses"));
        all.put("commit", commit());
        all.put("torch", Torch.version());
        all.put("DJL", versions.getProperty("DJL"));
        all.put("ND4J", versions.getProperty("ND4J"));
        all.put("JDK", Machine.jdk());
        all.put("processor", Machine.processor() + ", " + Machine.system());
        all.put("seed", Long.toString(options.seed()));
        all.put("command", "`" + options.command() + "`");
        return all;
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream in = Provenance.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }

    /**
     * The last commit that changed what the numbers depend on. The commit that holds the page itself cannot stand in it, and
     * changes nothing of that.
     */
    private static String commit() {
        String commit = git("log", "-1", "--format=%H");
        if (commit.isEmpty()) {
            return UNKNOWN;
        }
        return commit.substring(0, SHOWN)
                + (git("status", "--porcelain").isEmpty() ? "" : " and changes that are not committed");
    }

    private static String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        command.add("--");
        command.addAll(SOURCES);
        Path root = CertificateOptions.root().toAbsolutePath().normalize();
        try {
            Process process = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? text : "";
        } catch (IOException e) {
            return ""; // no git here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
