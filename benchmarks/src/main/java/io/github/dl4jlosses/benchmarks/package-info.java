/* SPDX-License-Identifier: Apache-2.0 */
/** The losses of this library against DL4J's own, the kernels of torch and a copy of the bytes. */
package io.github.dl4jlosses.benchmarks;
