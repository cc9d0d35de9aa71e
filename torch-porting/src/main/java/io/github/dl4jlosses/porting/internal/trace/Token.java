/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

/**
 * A token of the code.
 *
 * @param kind the kind of token
 * @param text the text in the code; for a quoted text its value
 * @param indent the spaces before it if it begins a line, otherwise -1; lines within brackets count as one
 * @param line its line, from 1
 */
record Token(Kind kind, String text, int indent, int line) {

    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean beginsLine() {
        return indent >= 0 || kind == Kind.END;
    }
}
