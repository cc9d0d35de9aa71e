/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import java.util.Set;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The Markdown of the texts and tables as HTML. */
final class Markup {
    private static final Parser PARSER = Parser.builder().build();
    private static final Parser LINES =
            Parser.builder().enabledBlockTypes(Set.of()).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().escapeHtml(true).build();

    private Markup() {}

    /** Paragraphs and lists. */
    static String blocks(String markdown) {
        return RENDERER.render(PARSER.parse(markdown));
    }

    /** A text within a line, a cell or an item: a minus sign alone begins no list there. */
    static String line(String markdown) {
        String html = RENDERER.render(LINES.parse(markdown)).strip();
        return html.replaceFirst("(?s)^<p>(.*)</p>$", "$1");
    }
}
