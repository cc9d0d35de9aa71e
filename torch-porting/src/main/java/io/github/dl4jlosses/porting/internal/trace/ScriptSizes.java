/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which operations of a program give whole numbers in TorchScript: sizes, and what was computed from them.
 *
 * <p>A trace computes with sizes as with tensors, since it can record nothing else, and says by {@code NumToTensor} and {@code int}
 * where they become tensors and numbers again. The operations here have neither, so they compute with the numbers themselves, and
 * those operators of tensors that have no form for numbers get the name of the one that has.
 */
final class ScriptSizes {

    private static final String QUOTIENT = "torch.floordiv";

    /** The operators of whole numbers by those of tensors. */
    private static final Map<String, String> OPERATORS = Map.of(
            "torch.add", "torch.add",
            "torch.sub", "torch.sub",
            "torch.mul", "torch.mul",
            "torch.div", QUOTIENT,
            "torch.floor_divide", QUOTIENT);

    private final Set<Operation> sizes = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Operations are added in their order. */
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

    /** Not a true quotient, and nothing multiplied on the way. */
    private static boolean isOfWholeNumbers(Operation operation) {
        return operation.operator().equals("torch.div")
                ? operation.named().get("rounding_mode") instanceof Value.Constant mode && mode.value() != null
                : operation.named().values().stream().allMatch(factor -> Objects.equals(whole(factor), 1L));
    }

    /** Whether a value is a whole number in TorchScript that only the data tell. */
    boolean isSize(Value value) {
        return value instanceof Value.Part part
                ? part.operation().operator().equals("torch.size")
                : value instanceof Value.Result result && sizes.contains(result.operation());
    }

    /** A number of Python among tensors comes as one with a point; null for what is no whole number. */
    static Long whole(Value value) {
        if (!(value instanceof Value.Constant constant)) {
            return null;
        }
        if (constant.value() instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 40) {
            return number.longValue();
        }
        return constant.value() instanceof Long number ? number : null;
    }

    /** The operator by which TorchScript computes with the whole numbers; null if these are none, or the operator is as it is. */
    String operator(Operation operation) {
        return sizes.contains(operation) ? OPERATORS.get(operation.operator()) : null;
    }
}
