/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The real kernels of torch, called from Java, to compare losses of the JVM with.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.parity;
