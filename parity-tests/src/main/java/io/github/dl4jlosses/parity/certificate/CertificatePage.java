/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.report.Markdown;
import java.util.Map;
import java.util.stream.Collectors;

/** The certificate in Markdown: the same bytes for the same seed on the same machine. */
final class CertificatePage {
    static final String TITLE = "Parity certificate";

    static final String PICTURE = "Smaller is better: the largest error of a loss or its gradient";
    /** What a certificate that holds means for a reader. */
    static final String READER = """
            What this means for you: a loss moves from PyTorch to DL4J, or back, with the same value and the same gradient, to
            rounding. That holds for every option, in float64, float32, float16 and bfloat16. Where the last digits differ, the first
            table says how far each side is from the exact result; smaller is better. The few intended differences are listed under
            "Known differences". All of it was computed beside torch's real kernels; the command under "What it was made of" repeats
            it in some minutes on your machine, without Python.""";

    static final String SUMMARY_READING = """
            Errors are distances from results of 50 digits and more, in ulp (units in the last place) of the exact result. Errors in
            the millions belong to results that are nearly 0: a difference of numbers near 1 has lost all its digits. A series is a
            family of cases (a loss with options, logits of one spread) and one kind of result (loss, sum, mean, gradient of either).
            The last column counts the series in which our largest error is at most torch's, both in ulp of the *term*, the largest
            number in the computation. The build checks this rule: in float32 the largest error of a series is at most torch's in ulp
            of the term, or that of a rounded exact result (.55 ulp); and no error is above 4 ulp of the result, or of the term if the
            result is a difference of computed numbers. In float64 it is at most the larger of torch's and 4 ulp of the term. The half
            types are computed in higher precision and rounded once.""";

    static final String COMMIT_READING = """
            The commit is the last one that changed the sources of the library, the toolkit or the versions, because a page cannot name
            the commit that it is part of. This page depends only on these sources, the seed and the machine: the same command writes the
            same bytes again.""";

    static final String GRID_READING = """
            The grid has every combination of options, in one to five dimensions, with new random logits of standard deviation .1 to 100
            for each case. Each number is compared with torch's kernels in the same type, gradients with torch's autograd. A case is
            **equal** if each number has the same NaN or infinity and is within the tolerances of `torch.testing.assert_close`, in
            float32 also within 1e-6 of the largest term. **Ulp** are steps between neighbouring numbers of the type, from torch's
            result to ours: differences between the two, not errors. They are large where numbers are nearly 0; the last but one
            column gives the same differences in ulp of the largest term. **Torch is off** counts numbers that are outside of the
            tolerances because of torch's result: ours agrees with torch's own float64 result for the same numbers, and is closer to it.
            They are in none of the other columns.""";

    static final String WORST_READING = """
            The largest distance for each loss and type, with the exact result and both errors. The last column repeats the case,
            in a test of the toolkit.""";

    static final String CORNER_READING = "In float32; equality is asked in float32 and float64.";

    static final String FAULT_READING = """
            These faults are put into the losses on purpose, to show that the comparison notices them. A fault that is never caught
            makes the certificate fail.""";

    private final Findings findings;
    private final Map<String, String> provenance;
    private final Markdown text = new Markdown();

    CertificatePage(Findings findings, Map<String, String> provenance) {
        this.findings = findings;
        this.provenance = provenance;
    }

    /** The first part of the page, for the page of a job. */
    String summary() {
        text.line("# " + TITLE).line("").line("**" + verdict() + "**");
        if (findings.holds()) {
            text.line("").line(READER);
        }
        failures();
        text.heading("## Is every family no further from the exact result than torch?");
        text.line(answer()).line("");
        new GridTables(findings).summary().write(text);
        text.line("").line(SUMMARY_READING);
        return text.toString();
    }

    /** The question of the first table, answered for each type. */
    String answer() {
        return AccuracyGroup.of(findings.accuracies(), accuracy -> "").stream()
                .map(all -> "* In " + CellText.of(all.type()) + ": " + all.answer())
                .collect(Collectors.joining("\n"));
    }

    String verdict() {
        return (findings.holds() ? "It holds: " : "It does not hold: ") + findings.verdict() + ".";
    }

    private void failures() {
        if (!findings.holds()) {
            text.heading("## What differs");
            findings.failures().forEach(failure -> text.line("* " + failure.replaceAll("\\s+", " ")));
        }
    }

    String text(String picture) {
        summary();
        text.heading("## What it was made of").head("", "");
        provenance.forEach((name, value) -> text.row(name, value));
        text.line("").line(COMMIT_READING);
        section(
                "Errors by family",
                "Each series of errors, with median and p99, is in the HTML and JSON that the command "
                        + "writes.\n\n![" + PICTURE + "](" + picture + ")",
                new AccuracyTables(findings).families());
        section(
                "Every option against torch",
                GRID_READING + "\n\nRows hold all reductions, ways to ignore, and forms of "
                        + "class targets; each combination has its own row in the HTML.",
                new GridTables(findings).groups());
        section("The largest distances", WORST_READING, new GridTables(findings).worst(1));
        BehaviourTables behaviour = new BehaviourTables(findings);
        section("NaN, infinities, nothing", CORNER_READING, behaviour.corners());
        section(
                "Error texts",
                "What both sides say to a wrong call, each of torch's messages once for each loss.",
                behaviour.errors(false));
        text.heading("## Known differences");
        text.line("The list of docs/differences.md, and what both sides give today.")
                .line("");
        findings.known().forEach(known -> text.line(known.number() + ". " + known.text()));
        text.line("");
        behaviour.demonstrations().write(text);
        section("Deliberate faults", FAULT_READING, behaviour.faults());
        return text.toString();
    }

    private void section(String heading, String reading, CertificateTable table) {
        text.heading("## " + heading).line(reading).line("");
        table.write(text);
    }
}
