/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

/** How an operator of torch becomes vertices of DL4J. */
@FunctionalInterface
interface Operator {

    /** Adds to the call's plan what it needs, and returns what the operator gives. */
    Object apply(Call call);
}
