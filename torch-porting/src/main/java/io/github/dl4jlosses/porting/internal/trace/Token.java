/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

/**
 * A word of the code.
 *
 * @param kind what it is
 * @param text as it stands in the code; of a text in quotes what it means
 * @param indent the spaces before it where it begins a line, else -1; lines within brackets are one
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
