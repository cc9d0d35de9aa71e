/* SPDX-License-Identifier: Apache-2.0 */
/** What the examples share. */
package io.github.dl4jlosses.examples.common;
