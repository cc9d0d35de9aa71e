/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How files of PyTorch are read and their tensors laid out as DL4J's parameters; {@link
 * io.github.dl4jlosses.parity.TorchWeights} is the way in.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.parity.weights;
