/* SPDX-License-Identifier: Apache-2.0 */
/**
 * torch's optimizers as DL4J updaters, so that a ported model goes on training along torch's trajectory.
 *
 * <p>DL4J's {@code Sgd} is torch's without momentum, but its {@code Nesterovs}, {@code Adam} and the others are other formulas: these
 * have torch's, under torch's names and with torch's defaults. {@link io.github.dl4jlosses.updater.TorchBatchNormListener} keeps the
 * running variance of batch normalisation as torch does. {@link io.github.dl4jlosses.updater.TorchSchedule} stands for torch's
 * learning rate schedulers. docs/porting.md in the repository takes a model from its file in
 * PyTorch to its training in DL4J.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.updater;
