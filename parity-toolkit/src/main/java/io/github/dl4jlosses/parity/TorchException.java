/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/**
 * An error that torch raised, with torch's own message.
 *
 * <p>{@link #getMessage()} is exactly what Python would show after the exception's name, for instance
 * {@code Target 3 is out of bounds.}; the text with the TorchScript traceback is that of the {@linkplain #getCause()
 * cause}.
 *
 * @since 0.1.0
 */
public final class TorchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the interpreter of TorchScript puts before the message of any C++ exception. */
    private static final String MARK = "\nRuntimeError: ";

    /** What C++ appends to the message of an exception that no interpreter caught. */
    private static final String NATIVE_STACK = "\nException raised from ";

    TorchException(RuntimeException cause) {
        super(torchMessage(String.valueOf(cause.getMessage())), cause);
    }

    private static String torchMessage(String text) {
        int mark = text.lastIndexOf(MARK);
        String message = mark < 0 ? text : text.substring(mark + MARK.length());
        int stack = message.indexOf(NATIVE_STACK);
        return (stack < 0 ? message : message.substring(0, stack)).strip();
    }
}
