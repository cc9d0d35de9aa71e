/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The certificate as one file of HTML, with all rows and a picture for each family. */
final class Html {
    private static final int WORST = 3;

    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 1240px; padding: 0 1em; color: #222 }
            table { border-collapse: collapse; font-size: 13px; margin: 1em 0; font-variant-numeric: tabular-nums }
            th, td { border-bottom: 1px solid #ddd; padding: 3px 8px; text-align: left; vertical-align: top }
            th { background: #f2f5f8; position: sticky; top: 0 }
            td code, p code, li code { font-size: 12px; overflow-wrap: anywhere }
            img { max-width: 100%; display: block; margin: 1em 0 }
            .scroll { overflow-x: auto }
            .holds { color: #006b3c } .fails { color: #b00020 }
            summary { cursor: pointer; font-weight: 600 }
            """;

    private final Findings findings;
    private final Map<String, String> provenance;
    private final Map<String, String> run;
    private final StringBuilder text = new StringBuilder();

    /** The run's own circumstances, such as its date, stand nowhere else. */
    Html(Findings findings, Map<String, String> provenance, Map<String, String> run) {
        this.findings = findings;
        this.provenance = provenance;
        this.run = run;
    }

    String text() throws IOException {
        String verdict = new CertificatePage(findings, provenance).verdict();
        text.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(CertificatePage.TITLE)
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(CertificatePage.TITLE)
                .append("</h1>\n<p class=\"")
                .append(findings.holds() ? "holds" : "fails")
                .append("\"><strong>")
                .append(escaped(verdict))
                .append("</strong></p>\n");
        failures();
        GridTables grid = new GridTables(findings);
        section(
                "Is every family no further from the exact result than torch?",
                new CertificatePage(findings, provenance).answer(),
                grid.summary());
        paragraphs(CertificatePage.SUMMARY_READING);
        heading("Distributions of errors");
        paragraphs("The share of the results whose error is beyond so many ulp; lines that reach the right end go on.");
        picture(AccuracyGroup.of(findings.accuracies(), AccuracySeries::lossName));
        section("The largest distances", CertificatePage.WORST_READING, grid.worst(WORST));
        folded("Every option against torch", CertificatePage.GRID_READING, grid.combinations());
        folded("Errors by family", "", new AccuracyTables(findings).families());
        folded("Each series of errors", "", new AccuracyTables(findings).series());
        pictures();
        behaviour();
        machine();
        return text.append("</body></html>\n").toString();
    }

    private void failures() {
        if (!findings.holds()) {
            heading("What differs");
            list("ul", findings.failures());
        }
    }

    private void behaviour() {
        BehaviourTables behaviour = new BehaviourTables(findings);
        section("NaN, infinities, nothing", CertificatePage.CORNER_READING, behaviour.corners());
        folded("Error texts", "What both sides say to a wrong call.", behaviour.errors(true));
        heading("Known differences");
        list("ol", findings.known().stream().map(KnownDifference::text).toList());
        table(behaviour.demonstrations());
        section("Deliberate faults", CertificatePage.FAULT_READING, behaviour.faults());
    }

    private void machine() {
        CertificateTable table = new CertificateTable(" | value");
        provenance.forEach((name, value) -> table.row(name, value));
        run.forEach((name, value) -> table.row(name, value));
        section(
                "What it was made of",
                CertificatePage.COMMIT_READING
                        + " The last rows of this table are of this run alone, and in no other file.",
                table);
    }

    private void pictures() throws IOException {
        text.append("<details><summary>Distributions of errors, family by family</summary>\n");
        List<AccuracyGroup> groups = AccuracyGroup.of(findings.accuracies(), AccuracySeries::family);
        for (String name : groups.stream().map(AccuracyGroup::name).distinct().toList()) {
            picture(groups.stream().filter(group -> group.name().equals(name)).toList());
        }
        text.append("</details>\n");
    }

    private void picture(List<AccuracyGroup> groups) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ErrorCharts.write(groups, png);
        text.append("<img alt=\"Distributions of errors, ")
                .append(escaped(groups.get(0).name()))
                .append("\" src=\"data:image/png;base64,")
                .append(new String(Base64.getEncoder().encode(png.toByteArray()), UTF_8))
                .append("\">\n");
    }

    private void section(String title, String reading, CertificateTable table) {
        heading(title);
        paragraphs(reading);
        table(table);
    }

    private void folded(String title, String reading, CertificateTable table) {
        text.append("<details><summary>")
                .append(escaped(title))
                .append(", ")
                .append(table.rows().size())
                .append(" rows</summary>\n");
        paragraphs(reading);
        table(table);
        text.append("</details>\n");
    }

    private void heading(String title) {
        text.append("<h2>").append(escaped(title)).append("</h2>\n");
    }

    private void paragraphs(String reading) {
        if (!reading.isEmpty()) {
            text.append("<p>").append(marked(reading)).append("</p>\n");
        }
    }

    private void list(String tag, List<String> items) {
        text.append('<').append(tag).append(">\n");
        items.forEach(item -> text.append("<li>").append(marked(item)).append("</li>\n"));
        text.append("</").append(tag).append(">\n");
    }

    private void table(CertificateTable table) {
        text.append("<div class=\"scroll\"><table>\n<tr>");
        table.titles()
                .forEach(title -> text.append("<th>").append(marked(title)).append("</th>"));
        text.append("</tr>\n");
        for (List<String> row : table.rows()) {
            text.append("<tr>");
            row.forEach(cell -> text.append("<td>").append(marked(cell)).append("</td>"));
            text.append("</tr>\n");
        }
        text.append("</table></div>\n");
    }

    /** The little Markdown that the texts have. */
    private static String marked(String markdown) {
        return escaped(markdown)
                .replaceAll("(?s)`([^`]*)`", "<code>$1</code>")
                .replaceAll("\\*\\*([^*]+)\\*\\*", "<strong>$1</strong>")
                .replaceAll("\\*([^*\\s][^*]*)\\*", "<em>$1</em>");
    }

    private static String escaped(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
