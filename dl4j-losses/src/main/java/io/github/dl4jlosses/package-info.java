/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PyTorch's losses as DeepLearning4J loss functions.
 *
 * <p>Begin with {@link io.github.dl4jlosses.CrossEntropyLoss} for one class per row, or
 * {@link io.github.dl4jlosses.BCEWithLogitsLoss} for independent outputs. {@link io.github.dl4jlosses.KLDivLoss} is for
 * soft labels; {@link io.github.dl4jlosses.NLLLoss}, above {@link io.github.dl4jlosses.ActivationLogSoftmax}, and
 * {@link io.github.dl4jlosses.BCELoss} are for models that use them in PyTorch. {@link io.github.dl4jlosses.TorchLoss}
 * describes what all losses have in common: the two ways to call them, and how score and step become torch's.
 *
 * <p>{@link io.github.dl4jlosses.swap.LossSwap} puts a loss into a trained network and reports what does not fit in its
 * configuration. {@link io.github.dl4jlosses.evaluation.ClassIndexEvaluation} evaluates labels that are class indices.
 *
 * <p>The repository also has a page for each loss in docs/losses, the guide docs/dl4j.md and docs/troubleshooting.md.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses;
