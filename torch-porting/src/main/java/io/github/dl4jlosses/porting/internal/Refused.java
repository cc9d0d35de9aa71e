/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;

/**
 * The internal exception for a refused file, with methods that show text of the file safely. Users get it as a
 * RefusedFileException.
 */
public final class Refused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_SHOWN = 200;
    private static final int LONGEST_LIST = 1000;
    private static final int MOST_SHOWN = 20;
    private static final HexFormat HEX = HexFormat.of();

    /**
     * A refusal of the readers themselves.
     *
     * @param message what is wrong, and what to do
     */
    public Refused(String message) {
        super(message);
    }

    /**
     * The same with a cause.
     *
     * @param message what is wrong, and what to do
     * @param cause the exception behind it; may be null
     */
    public Refused(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The exception for a file that torch cannot have written in this form.
     *
     * @param message what is wrong
     * @return the exception to throw
     */
    public static Refused damaged(String message) {
        return damaged(message, null);
    }

    /**
     * The same with a cause.
     *
     * @param message what is wrong
     * @param cause the exception behind it; may be null
     * @return the exception to throw
     */
    public static Refused damaged(String message, Throwable cause) {
        return new Refused(message + "; the file is damaged or forged: save it again", cause);
    }

    /** Decodes a text of the file; the message calls it {@code what}. */
    static String decoded(String what, ByteBuffer utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw damaged(what + " is not UTF-8", e);
        }
    }

    /**
     * A text of the file in a form fit for messages: shortened, and without characters that control a terminal.
     *
     * @param text any
     * @return the text to show
     */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        int i = 0;
        for (; i < text.length() && shown.length() < LONGEST_SHOWN; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                shown.append(c);
            } else {
                shown.append("\\u").append(HEX.toHexDigits(c));
            }
        }
        return i == text.length() ? shown.toString() : shown + "..";
    }

    /**
     * The first of several texts, in the same form.
     *
     * @param texts any
     * @return the text to show
     */
    public static String shown(Collection<?> texts) {
        StringBuilder shown = new StringBuilder("[");
        int count = 0;
        for (Object each : texts) {
            if (count == MOST_SHOWN || shown.length() > LONGEST_LIST) {
                return shown + ", .. " + texts.size() + " in all]";
            }
            shown.append(count == 0 ? "" : ", ").append(each instanceof String text ? shown(text) : each);
            count++;
        }
        return shown + "]";
    }

    /** Whether a terminal shows the character in place and does nothing else. */
    static boolean isPlain(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
