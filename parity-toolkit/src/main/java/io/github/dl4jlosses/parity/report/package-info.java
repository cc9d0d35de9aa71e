/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the generated pages have in common: tables, sheets of charts, and the machine that a run took place on.
 *
 * @since 0.1.0
 */
package io.github.dl4jlosses.parity.report;
