/* SPDX-License-Identifier: Apache-2.0 */
/** Evaluates networks with DL4J's own evaluations where labels are class indices. */
package io.github.dl4jlosses.evaluation;
