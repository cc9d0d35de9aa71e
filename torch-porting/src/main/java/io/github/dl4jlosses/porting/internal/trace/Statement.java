/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;

/**
 * An assignment or a return.
 *
 * @param targets the names that get the value; none where nothing is kept
 * @param apart whether the value is several ones, of which each target gets one
 * @param value what is computed
 * @param isReturn whether the value is that of the method
 * @param line its line in the file
 */
record Statement(List<String> targets, boolean apart, Expression value, boolean isReturn, int line) {}
