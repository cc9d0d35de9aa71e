/* SPDX-License-Identifier: Apache-2.0 */
/**
 * torch's optimizers as DL4J updaters, so that a ported model goes on training along torch's trajectory.
 *
 * <p>DL4J's {@code Sgd} is torch's without momentum, but its {@code Nesterovs} and {@code Adam} are other formulas: these have
 * torch's, under torch's names and with torch's defaults.
 */
package io.github.dl4jlosses.updater;
