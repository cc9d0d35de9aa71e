/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

/** The kind of numbers that a target holds, which a loss decides once per call. */
public enum TargetKind {
    /** A class for each row. */
    INDICES,
    /** A single 1 in each row, or zeros only in a row that is left out. */
    ONE_HOT,
    /** A list of classes in each row, ended by -1. */
    LISTS,
    /** A number for each element of the input, such as a probability or a value to predict. */
    NUMBERS
}
