/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.trace.Token.Kind;

/** Splits the code of a file into tokens, one at a time. */
final class Lexer {

    private static final String SIGNS = "()[]{}.,:=-+*/%<>@!&|^~;";

    private final String file;
    private final String code;
    private int at;
    private int line = 1;
    private int depth;
    private boolean newLine = true;

    Lexer(String file, String code) {
        this.file = file;
        this.code = code;
    }

    Token next() {
        int indent = skipSpace();
        if (at == code.length()) {
            return new Token(Kind.END, "", 0, line);
        }
        int begin = at;
        char c = code.charAt(at);
        if (isNameStart(c)) {
            skipWhile(Lexer::isNamePart);
            return new Token(Kind.NAME, code.substring(begin, at), indent, line);
        }
        if (isDigit(c)) {
            skipNumber();
            return new Token(Kind.NUMBER, code.substring(begin, at), indent, line);
        }
        if (c == '"' || c == '\'') {
            return new Token(Kind.TEXT, text(c), indent, line);
        }
        if (SIGNS.indexOf(c) < 0) {
            throw refused("has the character '" + Refused.shown(String.valueOf(c)) + "'");
        }
        at++;
        if ("([{".indexOf(c) >= 0) {
            depth++;
        } else if (")]}".indexOf(c) >= 0) {
            depth = Math.max(0, depth - 1);
        } else if (c == '-' && at < code.length() && code.charAt(at) == '>') {
            at++;
        }
        return new Token(Kind.SIGN, code.substring(begin, at), indent, line);
    }

    /** Returns the indent if the next token begins a line, otherwise -1. */
    private int skipSpace() {
        int indent = 0;
        while (at < code.length()) {
            char c = code.charAt(at);
            if (c == '\n') {
                line++;
                newLine |= depth == 0;
                indent = 0;
            } else if (c == '#') {
                skipWhile(other -> other != '\n');
                continue;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                indent++;
            } else {
                break;
            }
            at++;
        }
        boolean begins = newLine && depth == 0;
        newLine = false;
        return begins ? indent : -1;
    }

    private void skipNumber() {
        skipWhile(Lexer::isNumberPart);
        char last = code.charAt(at - 1);
        boolean signedExponent = (last == 'e' || last == 'E')
                && at + 1 < code.length()
                && (code.charAt(at) == '-' || code.charAt(at) == '+')
                && isDigit(code.charAt(at + 1));
        if (signedExponent) {
            at++;
            skipWhile(Lexer::isDigit);
        }
    }

    private String text(char quote) {
        StringBuilder text = new StringBuilder();
        for (at++; at < code.length(); at++) {
            char c = code.charAt(at);
            if (c == quote) {
                at++;
                return text.toString();
            }
            if (c == '\n') {
                break;
            }
            if (c == '\\') {
                at++;
                c = at < code.length() ? code.charAt(at) : '\n';
                if (c != '\\' && c != '"' && c != '\'') {
                    throw refused("has a text with an escape that no traced module needs");
                }
            }
            text.append(c);
        }
        throw refused("has a text without an end");
    }

    private interface CharTest {
        boolean test(char c);
    }

    private void skipWhile(CharTest test) {
        while (at < code.length() && test.test(code.charAt(at))) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c);
    }

    private static boolean isNumberPart(char c) {
        return isNamePart(c) || c == '.';
    }

    private Refused refused(String reason) {
        return Refused.damaged("Line " + line + " of the code " + Refused.shown(file) + " " + reason);
    }
}
