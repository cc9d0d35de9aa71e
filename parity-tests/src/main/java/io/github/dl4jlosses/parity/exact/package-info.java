/* SPDX-License-Identifier: Apache-2.0 */

/**
 * How near the losses and torch are to results of 50 significant digits and more, which the descriptions of the losses
 * compute from their mathematical definitions: the judge between a loss and torch.
 */
package io.github.dl4jlosses.parity.exact;
