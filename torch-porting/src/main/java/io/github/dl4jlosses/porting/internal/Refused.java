/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

/** The readers' own word for a file that they refuse; users get it as RefusedFileException, from the package above. */
public final class Refused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and what to do. */
    Refused(String message) {
        super(message);
    }

    /** The same with what found it, or null. */
    Refused(String message, Throwable cause) {
        super(message, cause);
    }
}
