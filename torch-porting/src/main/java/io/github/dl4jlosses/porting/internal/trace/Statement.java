/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;

/**
 * An assignment or a return.
 *
 * @param targets the names that get the value; none if it is not kept
 * @param apart whether the value is unpacked, one item for each target
 * @param value the expression that is computed
 * @param isReturn whether the statement returns the value
 * @param line its line in the file
 */
record Statement(List<String> targets, boolean apart, Expression value, boolean isReturn, int line) {}
