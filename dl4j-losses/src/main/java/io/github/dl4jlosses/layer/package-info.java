/* SPDX-License-Identifier: Apache-2.0 */
/** Layers, activations and preprocessors of PyTorch that DL4J lacks or computes differently. */
package io.github.dl4jlosses.layer;
