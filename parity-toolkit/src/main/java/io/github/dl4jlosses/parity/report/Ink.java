/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.awt.Color;

/**
 * What is drawn in which colour. Each is readable on white, as a line and as a text.
 *
 * @since 0.1.0
 */
public enum Ink {
    /** Where this library is compared, its own. */
    OURS("#005a9c"),
    /** Where this library is compared, torch's. */
    TORCH("#bc4c00"),
    /** Where this library is compared, that of DL4J's own losses. */
    BUILT_IN("#6e7781"),
    /** For another line. */
    GREEN("#007a5a"),
    /** For another line. */
    PINK("#a6428a"),
    /** For a bound, and for what is lost. */
    RED("#b3261e"),
    /** For what is given. */
    BLACK("#1f2328");

    private final String hex;

    Ink(String hex) {
        this.hex = hex;
    }

    /**
     * As SVG and HTML want it.
     *
     * @return a number sign and six digits
     */
    public String hex() {
        return hex;
    }

    /**
     * For a picture of pixels.
     *
     * @return the same colour
     */
    public Color color() {
        return Color.decode(hex);
    }
}
