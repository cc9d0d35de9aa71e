/* SPDX-License-Identifier: Apache-2.0 */
/** Layers and preprocessors that DL4J lacks. */
package io.github.dl4jlosses.layer;
