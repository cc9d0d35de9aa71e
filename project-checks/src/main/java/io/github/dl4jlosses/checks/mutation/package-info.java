/* SPDX-License-Identifier: Apache-2.0 */
/** Writes docs/mutation.md from what PIT has found. */
package io.github.dl4jlosses.checks.mutation;
