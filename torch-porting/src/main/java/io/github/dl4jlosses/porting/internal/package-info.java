/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How files of PyTorch are read and their tensors laid out as DL4J's parameters; {@link
 * io.github.dl4jlosses.porting.TorchWeights} is the way in.
 */
package io.github.dl4jlosses.porting.internal;
