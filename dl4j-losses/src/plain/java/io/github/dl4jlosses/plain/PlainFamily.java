/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.plain;

/** The losses by what they read. */
enum PlainFamily {
    CROSS_ENTROPY,
    NLL,
    BCE,
    BCE_WITH_LOGITS,
    KL_DIV,
    HUBER;

    boolean hasClasses() {
        return this == CROSS_ENTROPY || this == NLL;
    }
}
