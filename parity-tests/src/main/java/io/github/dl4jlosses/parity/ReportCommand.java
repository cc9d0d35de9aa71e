/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.parity.certificate.Certificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parity report}: the certificate of this library's losses. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = ParityCommand.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ParityCommand.REFUSED,
        description = "Measures every loss and option of this library against torch and exact results, and writes the"
                + " parity certificate as Markdown, HTML and JSON. Run in the project's root.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {" 0:the certificate holds", " 1:something differs", " 2:wrong options"})
final class ReportCommand implements Callable<Integer> {

    @Option(names = "--short", description = "Fewer numbers, and nothing written outside of target.")
    private boolean isShort;

    @Option(names = "--seed", paramLabel = "N", description = "What the numbers are drawn from. Default: 1.")
    private String seed;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each configuration gets new numbers. Default: 4.")
    private String rounds;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "About how many numbers each family has when accuracy is measured. Default: 400.")
    private String samples;

    @Option(names = "--page", paramLabel = "FILE", description = "The page to write. Default: docs/PARITY.md.")
    private String page;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where index.html, parity.json and summary.md go. Default: target/parity.")
    private String folder;

    @Override
    public Integer call() throws IOException {
        List<String> options = new ArrayList<>();
        if (isShort) {
            options.add("--short");
        }
        add(options, "--seed", seed);
        add(options, "--rounds", rounds);
        add(options, "--samples", samples);
        add(options, "--page", page);
        add(options, "--folder", folder);
        try {
            return Certificate.run(System.out, options.toArray(String[]::new));
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    "The report needs org.knowm.xchart:xchart and me.tongfei:progressbar on the class path", e);
        }
    }

    private static void add(List<String> options, String name, String value) {
        if (value != null) {
            options.add(name);
            options.add(value);
        }
    }
}
