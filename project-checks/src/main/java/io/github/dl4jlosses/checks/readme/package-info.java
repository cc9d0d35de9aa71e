/* SPDX-License-Identifier: Apache-2.0 */
/** The tables of numbers of README.md, docs/dl4j.md and docs/losses/README.md. */
package io.github.dl4jlosses.checks.readme;
