/* SPDX-License-Identifier: Apache-2.0 */
/** The tables of numbers of README.md and of pages in docs. */
package io.github.dl4jlosses.checks.readme;
