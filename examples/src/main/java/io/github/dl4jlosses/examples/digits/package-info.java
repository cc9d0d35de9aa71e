/* SPDX-License-Identifier: Apache-2.0 */
/** The same training in DL4J and in torch, side by side. */
package io.github.dl4jlosses.examples.digits;
