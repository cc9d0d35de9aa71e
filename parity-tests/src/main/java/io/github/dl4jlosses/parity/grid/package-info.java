/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The options grid: every combination of a loss's options as random cases, compared with torch, and the deliberate faults that
 * the comparison must notice.
 *
 * <p>{@link io.github.dl4jlosses.parity.grid.TorchReference} writes a loss of this library as torch's expression,
 * {@link io.github.dl4jlosses.parity.grid.LossCheck} compares the two within the tolerances of
 * {@link io.github.dl4jlosses.parity.grid.Closeness}.
 */
package io.github.dl4jlosses.parity.grid;
