/* SPDX-License-Identifier: Apache-2.0 */
/** What DL4J hands to a loss: pre-output and activation of a layer. */
package io.github.dl4jlosses.internal.network;
