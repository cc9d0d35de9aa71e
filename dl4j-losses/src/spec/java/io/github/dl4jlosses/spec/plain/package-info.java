/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The losses by their textbook formulas, in plain loops, for tests: slow, short, and written without a look at the kernels.
 *
 * <p>The tests of the library compare the kernels with them by the million; the proofs against torch compare them with torch.
 */
package io.github.dl4jlosses.spec.plain;
