/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;

/**
 * A method of a module's class.
 *
 * @param file the file that contains it
 * @param name such as {@code forward} or {@code forward1}
 * @param parameters their names, {@code self} first
 * @param statements the statements in order; a trace has nothing else
 */
record Method(String file, String name, List<String> parameters, List<Statement> statements) {}
