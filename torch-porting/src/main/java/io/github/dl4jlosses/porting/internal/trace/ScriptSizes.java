/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the operations of a program that give integers in TorchScript: sizes, and values computed from them.
 *
 * <p>A trace can only record tensors, so it computes with sizes as tensors; {@code NumToTensor} and {@code int} mark
 * the conversions. The operations here lack these and compute with the numbers themselves. Tensor operators without a
 * form for numbers are replaced by the operator that has one.
 */
final class ScriptSizes {

    private static final String QUOTIENT = "torch.floordiv";

    /** The operators of integers by those of tensors. */
    private static final Map<String, String> OPERATORS = Map.of(
            "torch.add", "torch.add",
            "torch.sub", "torch.sub",
            "torch.mul", "torch.mul",
            "torch.div", QUOTIENT,
            "torch.floor_divide", QUOTIENT);

    private final Set<Operation> sizes = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Adds an operation; operations must be added in order. */
    void add(Operation operation) {
        if (isSize(operation) || isComputed(operation)) {
            sizes.add(operation);
        }
    }

    private static boolean isSize(Operation operation) {
        boolean isOfOneDimension = operation.arguments().size() == 2;
        return operation.operator().equals("torch.numel")
                || (operation.operator().equals("torch.size") && isOfOneDimension);
    }

    private boolean isComputed(Operation operation) {
        List<Value> arguments = operation.arguments();
        return OPERATORS.containsKey(operation.operator())
                && arguments.size() == 2
                && arguments.stream().anyMatch(this::isSize)
                && arguments.stream().allMatch(value -> isSize(value) || whole(value) != null)
                && isOfWholeNumbers(operation);
    }

    /** Whether the operation gives an integer: no true quotient, and no factor in an addition. */
    private static boolean isOfWholeNumbers(Operation operation) {
        return operation.operator().equals("torch.div")
                ? operation.named().get("rounding_mode") instanceof Value.Constant mode && mode.value() != null
                : operation.named().values().stream().allMatch(factor -> Objects.equals(whole(factor), 1L));
    }

    /** Whether a value is an integer in TorchScript that depends on the data. */
    boolean isSize(Value value) {
        return value instanceof Value.Part part
                ? part.operation().operator().equals("torch.size")
                : value instanceof Value.Result result && sizes.contains(result.operation());
    }

    /** The integer of a value, which a trace may write with a decimal point; null if it is none. */
    static Long whole(Value value) {
        if (!(value instanceof Value.Constant constant)) {
            return null;
        }
        if (constant.value() instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 40) {
            return number.longValue();
        }
        return constant.value() instanceof Long number ? number : null;
    }

    /**
     * The operator that TorchScript needs for these integers; null if they are none, or if the operator stays the same.
     */
    String operator(Operation operation) {
        return sizes.contains(operation) ? OPERATORS.get(operation.operator()) : null;
    }
}
