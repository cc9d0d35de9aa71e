/* SPDX-License-Identifier: Apache-2.0 */
/** The real data that the examples train on, as DL4J takes it. */
package io.github.dl4jlosses.examples.data;
