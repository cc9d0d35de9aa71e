/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All operators that have a counterpart in DL4J, by torch's names. */
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
            throw call.refused(
                    "has no exact counterpart in DL4J, or none that is known here; docs/porting.md says what to write instead");
        }
        checkGiven(call, name);
        checkType(call, name);
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

    /** Refuses arguments that no layer gives; for the states of a recurrent layer there are other messages. */
    private static void checkGiven(Call call, String name) {
        for (int i = 0; i < call.arguments(); i++) {
            List<?> given = call.any(i) instanceof List<?> list && !name.equals("torch.lstm")
                    ? list
                    : Collections.singletonList(call.any(i));
            for (Object each : given) {
                if (each instanceof Lacking lacking) {
                    throw call.refused("takes " + lacking + ", which DL4J's layers do not give");
                }
            }
        }
    }

    /** Refuses an operator that has a type of its own and does not compute in the model's. */
    private static void checkType(Call call, String name) {
        Object type = call.named("dtype");
        if (type == null && name.endsWith("softmax")) {
            type = call.any(2);
        }
        if (ModelType.isComputed(call.any(0))) {
            call.plan().precision().check(call, type);
        }
    }

    private static Operator find(Call call, String name) {
        Operator ofAttention = AttentionOperators.of(call, name);
        return ofAttention == null ? TABLE.get(name) : ofAttention;
    }
}
