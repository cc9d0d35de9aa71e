/* SPDX-License-Identifier: Apache-2.0 */
/** The pictures of docs/losses: each loss and its gradient along an axis, beside torch and DL4J's own. */
package io.github.dl4jlosses.checks.pictures;
