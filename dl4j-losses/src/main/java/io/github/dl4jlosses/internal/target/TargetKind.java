/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

/** What a target holds; a loss decides it once for a call. */
public enum TargetKind {
    /** A class for each row. */
    INDICES,
    /** A single 1 in each row, or none where a row takes no part. */
    ONE_HOT,
    /** A list of classes in each row, ended by -1. */
    LISTS,
    /** A number for each element of the input: probabilities, predictions to come near to. */
    NUMBERS
}
