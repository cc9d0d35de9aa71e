/* SPDX-License-Identifier: Apache-2.0 */
/** The identities between likelihood, cross entropy, KL divergence and logistic regression, each as a small program. */
package io.github.dl4jlosses.examples.article;
