/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The Markdown of the texts and tables as HTML. */
final class Markup {
    private static final Parser PARSER = Parser.builder().build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().escapeHtml(true).build();

    private Markup() {}

    /** Paragraphs and lists. */
    static String blocks(String markdown) {
        return RENDERER.render(PARSER.parse(markdown));
    }

    /** A text within a line: a cell, an item. */
    static String line(String markdown) {
        String html = blocks(markdown).strip();
        return html.startsWith("<p>") && html.indexOf("</p>") == html.length() - "</p>".length()
                ? html.substring("<p>".length(), html.length() - "</p>".length())
                : html;
    }
}
