/* SPDX-License-Identifier: Apache-2.0 */
/** What people use these losses for, each as a small program on real data. */
package io.github.dl4jlosses.examples.usecases;
