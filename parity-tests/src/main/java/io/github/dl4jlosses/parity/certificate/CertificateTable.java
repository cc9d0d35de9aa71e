/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.report.Markdown;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of the certificate. What stands in its first two columns names a row; the others hold what was measured.
 *
 * @param titles the titles of the columns
 * @param rows the rows, each with a cell per column
 */
record CertificateTable(List<String> titles, List<List<String>> rows) {

    /** The titles stand between bars, as in Markdown. */
    CertificateTable(String titles) {
        this(List.of(titles.split(" \\| ", -1)), new ArrayList<>());
    }

    CertificateTable row(String... cells) {
        if (cells.length != titles.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + titles);
        }
        rows.add(List.of(cells));
        return this;
    }

    void write(Markdown page) {
        page.head(titles.toArray(String[]::new));
        rows.forEach(row -> page.row(row.stream()
                .map(cell -> cell.replace("|", "\\|").replaceAll("\\s+", " "))
                .toArray(String[]::new)));
    }
}
