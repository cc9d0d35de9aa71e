/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

/** What a target holds. */
public enum TargetForm {
    /** A class for each row. */
    INDEX,
    /** A single 1 in each row, or none. */
    ONE_HOT,
    /** A number for each input. */
    DENSE
}
