/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The real kernels of torch, called from Java, to compare losses of the JVM with.
 *
 * <p>{@link io.github.dl4jlosses.parity.TorchFunction} runs any expression of tensors in torch, with gradients by autograd.
 * {@link io.github.dl4jlosses.parity.Parity} checks a loss of your own against such an expression and fails a test where they
 * part. docs/parity-toolkit.md in the repository is their guide.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.parity;
