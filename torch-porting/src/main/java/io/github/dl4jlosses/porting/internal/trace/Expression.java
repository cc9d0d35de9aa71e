/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Map;

/** The right side of an assignment. */
sealed interface Expression {

    record Name(String name) implements Expression {}

    /** A number (Long, Double), a boolean, a string, or null for None. */
    record Literal(Object value) implements Expression {}

    /** A list or a tuple. */
    record Several(List<Expression> items) implements Expression {}

    record Attribute(Expression of, String name) implements Expression {}

    record Item(Expression of, Expression index) implements Expression {}

    record Call(Expression callee, List<Expression> arguments, Map<String, Expression> named) implements Expression {}
}
