/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

/** What is wrong with a file, and what its owner can do about it. */
final class RefusedFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

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
}
