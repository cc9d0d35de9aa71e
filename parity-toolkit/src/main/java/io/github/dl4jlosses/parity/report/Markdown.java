/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.Arrays;
import java.util.Collections;

/**
 * Lines of Markdown.
 *
 * <pre>{@code
 * new Markdown().heading("## Errors").head("loss", "ulp").row("CE", "0.5").toString();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Markdown {
    private final StringBuilder text = new StringBuilder();

    /** Begins with nothing. */
    public Markdown() {}

    /**
     * Adds a line.
     *
     * @param line its text
     * @return this
     */
    public Markdown line(String line) {
        text.append(line).append('\n');
        return this;
    }

    /**
     * Adds a heading with the empty lines around it.
     *
     * @param heading its text, number signs included
     * @return this
     */
    public Markdown heading(String heading) {
        return line("").line(heading).line("");
    }

    /**
     * Begins a table.
     *
     * @param titles those of its columns
     * @return this
     */
    public Markdown head(String... titles) {
        return row(titles).row(Collections.nCopies(titles.length, "---").toArray(String[]::new));
    }

    /**
     * Adds a row to the table.
     *
     * @param cells one for each column
     * @return this
     */
    public Markdown row(String... cells) {
        return line(Arrays.stream(cells).reduce("|", (row, cell) -> row + " " + cell + " |"));
    }

    /**
     * The page so far.
     *
     * @return its lines, each with a line feed
     */
    @Override
    public String toString() {
        return text.toString();
    }
}
