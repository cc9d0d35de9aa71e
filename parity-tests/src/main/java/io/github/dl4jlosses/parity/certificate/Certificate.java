/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs everything that is claimed of the losses against live torch and exact results, and writes down what came out: a
 * page in Markdown to keep, all details as HTML and JSON.
 *
 * <pre>{@code
 * mvn -Pcertificate -pl parity-tests -am process-classes -Dcertificate.args="--short"
 * }</pre>
 */
public final class Certificate {
    private static final int DIFFERENT = 1;
    private static final int MISUSED = 2;
    private static final int SHOWN = 20;

    private Certificate() {}

    /** Makes the certificate. The exit status is 0 if it holds, 1 if anything differs, 2 for wrong options. */
    public static void main(String[] args) throws IOException {
        int status = run(System.out, args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /**
     * Makes the certificate, telling {@code out} of the progress and the result; gives the status that the program
     * ends with.
     */
    public static int run(PrintStream out, String... args) throws IOException {
        CertificateOptions options;
        try {
            options = CertificateOptions.parse(args);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.print(CertificateOptions.USAGE);
            return MISUSED;
        }
        Instant start = Instant.now();
        Map<String, String> provenance = Provenance.of(options); // before anybody changes the sources
        return conclude(Findings.measure(options, out), provenance, start, out);
    }

    /** Writes down what was found, and says whether that is a certificate. */
    static int conclude(Findings findings, Map<String, String> provenance, Instant start, PrintStream out)
            throws IOException {
        CertificateOptions options = findings.options();
        write(findings, provenance, start);
        out.println("Written: " + options.page() + ", " + options.folder().resolve("index.html") + ", "
                + options.folder().resolve("parity.json"));
        findings.failures().stream().limit(SHOWN).forEach(failure -> out.println("DIFFERENT: " + failure));
        out.println((findings.holds() ? "CERTIFICATE: " : "NO CERTIFICATE: ") + findings.verdict());
        return findings.holds() ? 0 : DIFFERENT;
    }

    private static void write(Findings findings, Map<String, String> provenance, Instant start) throws IOException {
        CertificateOptions options = findings.options();
        Path picture = picture(findings, options.page());
        Files.writeString(
                options.page(), new CertificatePage(findings, provenance).text("images/" + picture.getFileName()));
        Files.createDirectories(options.folder());
        Files.writeString(options.folder().resolve("summary.md"), new CertificatePage(findings, provenance).summary());
        Files.writeString(options.folder().resolve("parity.json"), Json.text(findings, provenance));
        Files.writeString(options.folder().resolve("index.html"), new Html(findings, provenance, run(start)).text());
    }

    /** A picture with the page's name, in a folder beside it. */
    private static Path picture(Findings findings, Path page) throws IOException {
        String name =
                page.getFileName().toString().replaceFirst("\\.[^.]*$", "").toLowerCase(Locale.ROOT);
        Path folder = page.toAbsolutePath().resolveSibling("images");
        Files.createDirectories(folder);
        List<AccuracyGroup> losses = AccuracyGroup.of(findings.accuracies(), AccuracySeries::lossName);
        return Files.writeString(folder.resolve(name + ".svg"), ErrorPicture.svg(CertificatePage.PICTURE, losses));
    }

    /** What is of this run alone. */
    private static Map<String, String> run(Instant start) {
        Map<String, String> run = new LinkedHashMap<>();
        run.put("date", start.truncatedTo(ChronoUnit.SECONDS).toString());
        run.put("duration", Duration.between(start, Instant.now()).toSeconds() + " s");
        run.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        run.put("load at the end", load < 0 ? "unknown" : CellText.of(load));
        return run;
    }
}
