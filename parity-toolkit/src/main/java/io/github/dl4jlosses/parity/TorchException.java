/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An error that torch raised, with torch's own message.
 *
 * <p>{@link #getMessage()} is exactly what Python would show after the exception's name, for instance {@code Target 3
 * is out of bounds.} For a text that torch does not compile it is the compiler's message, without the generated code
 * around the text. The traceback of TorchScript is in the message of the {@linkplain #getCause() cause}.
 *
 * @since 0.1.0
 */
public final class TorchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The text that the interpreter of TorchScript puts before the message of any C++ exception. */
    private static final String MARK = "\nRuntimeError: ";

    /** The text that C++ appends to the message of an exception that no interpreter caught. */
    private static final String NATIVE_STACK = "\nException raised from ";

    /** The text after which the compiler of TorchScript shows the code around an error. */
    private static final String CODE = "\n  File \"code/__torch__.py\"";

    TorchException(RuntimeException cause) {
        super(torchMessage(String.valueOf(cause.getMessage())), cause);
    }

    /** Whether torch rejected the text itself, before it saw any number. */
    boolean isOfText() {
        String text = String.valueOf(getCause().getMessage());
        return !text.contains(MARK) && text.contains(CODE);
    }

    /** The line of the text that the compiler points at; empty if it points at none. */
    String line() {
        List<String> lines = String.valueOf(getCause().getMessage()).lines().toList();
        return IntStream.range(1, lines.size())
                .filter(i -> lines.get(i).endsWith("<--- HERE"))
                .mapToObj(i -> lines.get(i - 1).strip().replaceFirst("^return ", ""))
                .findFirst()
                .orElse("");
    }

    private static String torchMessage(String text) {
        int mark = text.lastIndexOf(MARK);
        if (mark < 0 && text.contains(CODE)) {
            return ofCompiler(text.substring(0, text.indexOf(CODE)));
        }
        String message = mark < 0 ? text : text.substring(mark + MARK.length());
        int stack = message.indexOf(NATIVE_STACK);
        return (stack < 0 ? message : message.substring(0, stack)).strip();
    }

    /**
     * The compiler's message without the words that introduce the code. Code after a text that ends too early is
     * generated.
     */
    private static String ofCompiler(String message) {
        return message.replaceFirst("\\s*Could not find any similar ops to [^.]*\\.[^.]*\\.", "")
                .replaceAll("\\s*\n\\t", " ")
                .replace("but found 'def' here:", "at the end")
                .replaceFirst("( here|\\s+The original call is)?\\s*:\\s*$", "")
                .strip();
    }
}
