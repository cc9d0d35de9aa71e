/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.HashMap;
import java.util.Map;

/** All operators that have a counterpart, by torch's names. */
final class Operators {

    private static final Map<String, Operator> TABLE = new HashMap<>();

    static {
        ProductOperators.addTo(TABLE);
        ConvolutionOperators.addTo(TABLE);
        PoolingOperators.addTo(TABLE);
        ActivationOperators.addTo(TABLE);
        RecurrentOperators.addTo(TABLE);
        ShapeOperators.addTo(TABLE);
        ArithmeticOperators.addTo(TABLE);
        NormalisationOperators.addTo(TABLE);
        AttentionOperators.addTo(TABLE);
        PositionOperators.addTo(TABLE);
        BagOperators.addTo(TABLE);
    }

    private Operators() {}

    static Object apply(Call call) {
        String name = call.operation().operator();
        Operator operator = find(call, name);
        if (operator == null && call.operation().isInPlace()) {
            operator = find(call, name.substring(0, name.length() - 1));
        }
        if (operator == null) {
            throw call.refused("has no exact counterpart in DL4J, or none that is known here");
        }
        Object result = operator.apply(call);
        if (!(result instanceof Rearranged rearranged)) {
            return result;
        }
        Object simplest = rearranged.simplest();
        if (simplest instanceof Activation activation) {
            call.plan().complete(activation.vertex(), call.operation());
        }
        return simplest;
    }

    private static Operator find(Call call, String name) {
        Operator ofAttention = AttentionOperators.of(call, name);
        return ofAttention == null ? TABLE.get(name) : ofAttention;
    }
}
