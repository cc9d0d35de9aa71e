/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.parity.report.Svg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/**
 * A part of the page of HTML that most readers leave closed. It is compressed within the page, which would have a
 * megabyte otherwise; page.js unpacks it when it is opened.
 *
 * @param title what it holds
 * @param html the part itself
 */
record FoldedPart(String title, String html) {
    void write(StringBuilder text) {
        text.append("<details><summary>")
                .append(Svg.escaped(title))
                .append("</summary><div data-packed=\"")
                .append(packed())
                .append(
                        "\">A browser with JavaScript shows this part; parity.json has its numbers, too.</div></details>\n");
    }

    private String packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(html.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
