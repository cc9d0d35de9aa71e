/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The description of each loss, once, for all tests and proofs: options, torch's expression, plain and exact formulas, ranges,
 * heads, corners and refusals. {@link io.github.dl4jlosses.spec.LossSpec} is what a description says, the package
 * {@code losses} has one for each loss, and {@link io.github.dl4jlosses.spec.LossSpecs} finds them there.
 */
package io.github.dl4jlosses.spec;
