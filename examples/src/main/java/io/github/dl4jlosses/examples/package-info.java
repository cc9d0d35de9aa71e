/* SPDX-License-Identifier: Apache-2.0 */
/** Runnable examples on real data. */
package io.github.dl4jlosses.examples;
