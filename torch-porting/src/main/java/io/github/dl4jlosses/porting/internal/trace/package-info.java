/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A compiler from the code of a traced module to a DL4J graph. One way through: the file's text to tokens, to statements
 * ({@code Lexer}, {@code CodeParser}, {@code Code}); from there {@code ForwardPass} follows the calls from module to module and
 * leaves one straight list of operations, the {@code TracedProgram}; {@code Translation} turns each operation into vertices of a
 * {@code GraphPlan}, knowing sizes and axes of every value; the plan gives the configuration and its source text.
 */
package io.github.dl4jlosses.porting.internal.trace;
