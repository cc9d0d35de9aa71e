/* SPDX-License-Identifier: Apache-2.0 */
/** The ways in which ND4J keeps numbers in memory, for tests of what a loss reads and writes. */
package io.github.dl4jlosses.spec.memory;
