/* SPDX-License-Identifier: Apache-2.0 */
/** The losses to 50 digits and more: sums and products of decimal fractions, with none of the library's code. */
package io.github.dl4jlosses.spec.exact;
