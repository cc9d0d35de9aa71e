/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PyTorch's classification losses, and {@link io.github.dl4jlosses.HuberLoss} for regression, as DeepLearning4J loss
 * functions.
 *
 * <p>Begin with {@link io.github.dl4jlosses.CrossEntropyLoss} for one class per row, or
 * {@link io.github.dl4jlosses.BCEWithLogitsLoss} for independent outputs.
 */
package io.github.dl4jlosses;
