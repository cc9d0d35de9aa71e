/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Compares losses and networks of the JVM with the real kernels of torch, called from Java.
 *
 * <p>{@link io.github.dl4jlosses.parity.TorchFunction} runs any expression of tensors in torch, with gradients by
 * autograd. {@link io.github.dl4jlosses.parity.Parity} checks a loss of your own against such an expression and fails a
 * test if they differ. docs/parity-toolkit.md in the repository is the guide.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.parity;
