/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The command line of {@link Certificate}.
 *
 * @param isShort whether a grid of fewer ranks and magnitudes is enough
 * @param seed what all numbers are drawn from
 * @param rounds how often each configuration of the grid gets new numbers
 * @param samples about how many numbers each family has when accuracy is measured
 * @param page the page to write
 * @param folder the folder for HTML, JSON and the summary
 */
record CertificateOptions(boolean isShort, long seed, int rounds, int samples, Path page, Path folder) {
    static final String USAGE = """
            options: --short        first on the line: fewer numbers, and nothing outside of target
                     --seed N       what the numbers are drawn from (1)
                     --rounds N     how often each configuration of the grid gets new numbers (4)
                     --samples N    about how many numbers each family has when accuracy is measured (400)
                     --page FILE    the page to write (docs/PARITY.md); its picture goes into images beside it
                     --folder DIR   where index.html, parity.json and summary.md go (target/parity)
            """;

    private static final String COMMAND = "mvn -Pcertificate -pl parity-tests -am process-classes";
    private static final Path FOLDER = Path.of("target", "parity");
    private static final CertificateOptions FULL =
            new CertificateOptions(false, 1, 4, 400, Path.of("docs", "PARITY.md"), FOLDER);
    private static final CertificateOptions SHORT =
            new CertificateOptions(true, 1, 1, 400, FOLDER.resolve("PARITY.md"), FOLDER);

    /** Throws an IllegalArgumentException that says which option is wrong. */
    static CertificateOptions parse(String... args) {
        boolean isShort = args.length > 0 && args[0].equals("--short");
        CertificateOptions options = isShort ? SHORT : FULL;
        for (int i = isShort ? 1 : 0; i < args.length; i += 2) {
            if (i + 1 == args.length || args[i + 1].startsWith("--")) {
                throw new IllegalArgumentException(args[i] + " is no option, or lacks its value");
            }
            options = options.with(args[i], args[i + 1]);
        }
        return options;
    }

    private CertificateOptions with(String name, String value) {
        return switch (name) {
            case "--seed" -> new CertificateOptions(isShort, seed(value), rounds, samples, page, folder);
            case "--rounds" -> new CertificateOptions(isShort, seed, number(name, value), samples, page, folder);
            case "--samples" -> new CertificateOptions(isShort, seed, rounds, number(name, value), page, folder);
            case "--page" -> new CertificateOptions(isShort, seed, rounds, samples, Path.of(value), folder);
            case "--folder" -> new CertificateOptions(isShort, seed, rounds, samples, page, Path.of(value));
            default -> throw new IllegalArgumentException("unknown option '" + name + "'");
        };
    }

    private static long seed(String text) {
        if (!text.matches("-?[0-9]{1,18}")) {
            throw new IllegalArgumentException("--seed needs a whole number, got '" + text + "'");
        }
        return Long.parseLong(text);
    }

    private static int number(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(name + " needs a whole number from 1 to 999999, got '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    /** The command that makes the same page again, wherever it is written to. */
    String command() {
        String args = (isShort ? "--short " : "")
                + (seed == FULL.seed ? "" : "--seed " + seed + " ")
                + (rounds == start().rounds ? "" : "--rounds " + rounds + " ")
                + (samples == start().samples ? "" : "--samples " + samples + " ");
        return args.isEmpty() ? COMMAND : COMMAND + " -Dcertificate.args=\"" + args.strip() + "\"";
    }

    private CertificateOptions start() {
        return isShort ? SHORT : FULL;
    }

    /** The root of the project: where Maven starts the certificate, or above the module where a test does. */
    static Path root() {
        for (Path folder : new Path[] {Path.of(""), Path.of("..")}) {
            if (Files.exists(folder.resolve("README.md")) && Files.exists(folder.resolve("parity-tests"))) {
                return folder;
            }
        }
        throw new IllegalStateException("README.md and parity-tests are not in "
                + Path.of("").toAbsolutePath() + ": start the certificate with `" + COMMAND + "`");
    }
}
