/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PyTorch's models in DL4J, without a torch library.
 *
 * <p>{@link io.github.dl4jlosses.porting.TorchWeights} reads files of PyTorch and copies their tensors into networks of DL4J;
 * {@link io.github.dl4jlosses.porting.TorchModel} makes the network, too, of a traced model. docs/porting.md in the repository is its guide.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.porting;
