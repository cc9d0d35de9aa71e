/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Torch's optimizers as DL4J updaters, so that a ported model continues along torch's trajectory.
 *
 * <p>DL4J's {@code Sgd} is torch's without momentum, but its {@code Nesterovs}, {@code Adam} and others use different
 * formulas; the updaters here have torch's formulas, names and defaults.
 * {@link io.github.dl4jlosses.updater.TorchBatchNormListener} keeps the running variance of batch normalisation as
 * torch does. {@link io.github.dl4jlosses.updater.TorchSchedule} stands for torch's learning rate schedulers.
 * docs/porting.md in the repository leads from a model's PyTorch file to its training in DL4J.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.updater;
