/* SPDX-License-Identifier: Apache-2.0 */
/** Random calls of every loss, from its description: what the fuzz compares with the plain formulas. */
package io.github.dl4jlosses.spec.random;
