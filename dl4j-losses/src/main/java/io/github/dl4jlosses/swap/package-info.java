/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Puts other losses into the configurations and networks of DL4J programs, and says what in a configuration does not fit
 * together: {@link io.github.dl4jlosses.swap.LossSwap}.
 */
package io.github.dl4jlosses.swap;
