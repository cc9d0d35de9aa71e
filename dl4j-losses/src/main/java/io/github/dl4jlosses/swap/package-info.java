/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Replaces the losses of DL4J configurations and networks, and finds settings that do not fit together:
 * {@link io.github.dl4jlosses.swap.LossSwap}.
 */
package io.github.dl4jlosses.swap;
