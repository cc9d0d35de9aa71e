/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

/** Translates an operator of torch into vertices of DL4J. */
@FunctionalInterface
interface Operator {

    /** Adds the vertices to the call's plan, and returns the operator's result. */
    Object apply(Call call);
}
