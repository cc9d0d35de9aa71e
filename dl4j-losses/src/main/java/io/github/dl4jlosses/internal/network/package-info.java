/* SPDX-License-Identifier: Apache-2.0 */
/** The activation of an output layer, where a loss does not compute through it. */
package io.github.dl4jlosses.internal.network;
