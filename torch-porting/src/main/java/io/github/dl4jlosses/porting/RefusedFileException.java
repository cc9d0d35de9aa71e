/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

/**
 * Thrown when a file is refused. The message begins with the file's name and says what is wrong and what to do; it is
 * short and free of control characters, whatever the file holds.
 *
 * @since 0.1.0
 */
public final class RefusedFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * A refusal of the readers themselves.
     *
     * @param message what is wrong, and what to do
     */
    public RefusedFileException(String message) {
        super(message);
    }

    /**
     * A refusal with its cause.
     *
     * @param message what is wrong, and what to do
     * @param cause the exception behind it; may be null
     */
    public RefusedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
