/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Locale;

/** The kinds of DL4J's arrays; the batch is always the first dimension. */
enum Form {
    /** [N, C]. */
    FLAT(2),
    /** [N, T], indices that an embedding looks up. */
    TOKENS(2),
    /** [N, C, T]. */
    SEQUENCE(3),
    /** [N, C, H, W]. */
    IMAGE(4),
    /** [N, C, D, H, W]. */
    VOLUME(5);

    private final int rank;

    Form(int rank) {
        this.rank = rank;
    }

    int rank() {
        return rank;
    }

    static Form ofRank(int rank) {
        for (Form form : values()) {
            if (form.rank == rank) {
                return form;
            }
        }
        throw new IllegalArgumentException("No array of DL4J's layers has rank " + rank);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
