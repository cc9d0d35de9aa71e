/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import java.util.stream.Collectors;

/** Long sentences in the width of a terminal. */
public final class Paragraph {
    /** 80 columns, less the indentation of all lines but the first. */
    private static final int COLUMNS = 78;

    private Paragraph() {}

    /** The words in lines that a terminal shows whole; those that continue a line of the text are indented. */
    public static String of(Object text) {
        return String.valueOf(text).lines().map(Paragraph::wrapped).collect(Collectors.joining("\n"));
    }

    private static String wrapped(String line) {
        String words = line.stripLeading();
        String indentation = line.substring(0, line.length() - words.length());
        StringBuilder lines = new StringBuilder(indentation);
        int column = indentation.length();
        for (String word : words.split(" +", -1)) {
            if (column > indentation.length() && column + word.length() > COLUMNS) {
                lines.setLength(lines.length() - 1);
                lines.append('\n').append(indentation).append("  ");
                column = indentation.length();
            }
            lines.append(word).append(' ');
            column += word.length() + 1;
        }
        return lines.toString().stripTrailing();
    }
}
