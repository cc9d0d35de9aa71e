/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Ports PyTorch's models and weights to DL4J and back, without a torch library.
 *
 * <p>{@link io.github.dl4jlosses.porting.TorchWeights} reads PyTorch's files and copies their tensors into DL4J
 * networks; {@link io.github.dl4jlosses.porting.TorchModel} also builds the network, from a traced model.
 * docs/porting.md in the repository is the guide.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.porting;
