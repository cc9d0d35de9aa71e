/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import io.github.dl4jlosses.parity.report.Svg;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The certificate as one file of HTML, with all rows; long parts are folded. */
final class Html {
    private static final int WORST = 3;

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
        CertificatePage page = new CertificatePage(findings, provenance);
        text.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
                .append(CertificatePage.TITLE)
                .append("</title>\n<style>\n")
                .append(resource("page.css"))
                .append("</style></head><body>\n<h1>")
                .append(CertificatePage.TITLE)
                .append("</h1>\n<p class=\"")
                .append(findings.holds() ? "holds" : "fails")
                .append("\"><strong>")
                .append(Svg.escaped(page.verdict()))
                .append("</strong></p>\n");
        failures();
        heading("Is every family no further from the exact result than torch?");
        text.append(Markup.blocks(page.answer()))
                .append(picture(CertificatePage.PICTURE, AccuracySeries::lossName))
                .append(table(new GridTables(findings).summary()))
                .append(Markup.blocks(CertificatePage.SUMMARY_READING));
        details();
        behaviour();
        machine();
        return text.append("<script>\n")
                .append(resource("page.js"))
                .append("</script></body></html>\n")
                .toString();
    }

    private void failures() {
        if (!findings.holds()) {
            heading("What differs");
            list("ul", findings.failures());
        }
    }

    private void details() {
        GridTables grid = new GridTables(findings);
        AccuracyTables accuracy = new AccuracyTables(findings);
        heading("In detail");
        new FoldedPart("Errors by family, as a picture", picture(CertificatePage.PICTURE, AccuracySeries::family))
                .write(text);
        folded("Errors by family", "", accuracy.families());
        folded("Each series of errors", "", accuracy.series());
        folded("Every option against torch", CertificatePage.GRID_READING, grid.combinations());
        folded("The largest distances", CertificatePage.WORST_READING, grid.worst(WORST));
        folded("Error texts", "What both sides say to a wrong call.", new BehaviourTables(findings).errors(true));
    }

    private void behaviour() {
        BehaviourTables behaviour = new BehaviourTables(findings);
        section("NaN, infinities, nothing", CertificatePage.CORNER_READING, behaviour.corners());
        heading("Known differences");
        list("ol", findings.known().stream().map(KnownDifference::text).toList());
        text.append(table(behaviour.demonstrations()));
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

    private String picture(String title, Function<AccuracySeries, String> naming) {
        // within HTML a picture needs no name of its language
        String svg = ErrorPicture.svg(title, AccuracyGroup.of(findings.accuracies(), naming))
                .replaceFirst(" xmlns=\"[^\"]*\"", "");
        return "<div class=\"picture\">" + svg + "</div>\n";
    }

    private void section(String title, String reading, CertificateTable table) {
        heading(title);
        text.append(Markup.blocks(reading)).append(table(table));
    }

    private void folded(String title, String reading, CertificateTable table) {
        String search = "<input type=\"search\" placeholder=\"only rows with ..\" aria-label=\"only rows with\">\n";
        new FoldedPart(title + ", " + table.rows().size() + " rows", Markup.blocks(reading) + search + table(table))
                .write(text);
    }

    private void heading(String title) {
        text.append("<h2>").append(Svg.escaped(title)).append("</h2>\n");
    }

    private void list(String tag, List<String> items) {
        text.append('<').append(tag).append(">\n");
        items.forEach(item -> text.append("<li>").append(Markup.line(item)).append("</li>\n"));
        text.append("</").append(tag).append(">\n");
    }

    private static String table(CertificateTable table) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<tr>");
        table.titles().forEach(title -> html.append("<th>").append(Markup.line(title)));
        for (List<String> row : table.rows()) {
            html.append("\n<tr>");
            row.forEach(cell -> html.append("<td>").append(Markup.line(cell)));
        }
        return html.append("\n</table></div>\n").toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
