/* SPDX-License-Identifier: Apache-2.0 */

/**
 * The losses and their gradients to 50 significant digits and more, from their mathematical definitions: the judge
 * between a loss and torch.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.parity.exact;
