/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.util.Collection;
import java.util.stream.Collectors;

/** What is wrong with a file, and what its owner can do about it. */
final class RefusedFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_SHOWN = 200;
    private static final int MOST_SHOWN = 20;

    RefusedFileException(String message) {
        super(message);
    }

    RefusedFileException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For a file that torch did not write as it is. */
    static RefusedFileException damaged(String message) {
        return damaged(message, null);
    }

    static RefusedFileException damaged(String message, Throwable cause) {
        return new RefusedFileException(message + "; the file is damaged or was made up: save it again", cause);
    }

    /** A text of the file, as messages show it: not too long, and without what would move the cursor of a terminal. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LONGEST_SHOWN); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return text.length() <= LONGEST_SHOWN ? shown.toString() : shown + "..";
    }

    /** The first of them. */
    static String shown(Collection<?> texts) {
        String first = texts.stream()
                .limit(MOST_SHOWN)
                .map(each -> each instanceof String text ? shown(text) : String.valueOf(each))
                .collect(Collectors.joining(", "));
        return texts.size() <= MOST_SHOWN ? "[" + first + "]" : "[" + first + ", .. " + texts.size() + " in all]";
    }

    /** Whether a terminal shows it where it stands, and does nothing else. */
    static boolean isPlain(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
