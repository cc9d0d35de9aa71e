/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Compiles the code of a traced module into a DL4J graph. {@code Lexer}, {@code CodeParser} and {@code Code} turn the
 * file's text into tokens and statements. {@code ForwardPass} follows the calls from module to module and makes a
 * straight list of operations, the {@code TracedProgram}. {@code Translation}, which knows sizes and axes of every
 * value, turns each operation into vertices of a {@code GraphPlan}. The plan gives the configuration and its source
 * text.
 */
package io.github.dl4jlosses.porting.internal.trace;
