/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

/** What a target holds. */
public enum TargetForm {
    /** A class for each row. */
    INDEX,
    /** A single 1 in each row, or none. */
    ONE_HOT,
    /** A number for each input. */
    DENSE,
    /** A list of classes in each row, ended by -1: a whole number for each input. */
    LIST;

    /** Whether a row has one class, in one form or the other; else there is a number for each input. */
    public boolean isClass() {
        return this == INDEX || this == ONE_HOT;
    }
}
