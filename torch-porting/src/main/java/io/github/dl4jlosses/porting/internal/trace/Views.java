/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds values that share memory, so that an operation in place on one of them changes others that are read later. */
final class Views {

    private static final int MOST_STEPS = 10_000_000;

    /** Operators whose result may be a view of their first argument. */
    private static final Set<String> VIEWS = Stream.of(
                    "alias",
                    "chunk",
                    "contiguous",
                    "detach",
                    "expand",
                    "flatten",
                    "narrow",
                    "permute",
                    "reshape",
                    "select",
                    "slice",
                    "split",
                    "split_with_sizes",
                    "squeeze",
                    "t",
                    "to",
                    "transpose",
                    "type_as",
                    "unbind",
                    "unflatten",
                    "unsqueeze",
                    "view")
            .map(name -> "torch." + name)
            .collect(Collectors.toUnmodifiableSet());

    /** The view operators that give several views without a common element. */
    private static final Set<String> DIVIDING =
            Set.of("torch.chunk", "torch.split", "torch.split_with_sizes", "torch.unbind");

    private static final Value.Constant START = new Value.Constant(0L);
    private static final Value.Constant END = new Value.Constant(Long.MAX_VALUE);

    private final IdentityHashMap<Operation, Integer> numbers = new IdentityHashMap<>();
    /** The original tensors of results of views and operations in place. */
    private final IdentityHashMap<Operation, Value> whole = new IdentityHashMap<>();

    private final Map<Value, List<Value>> read = new HashMap<>();
    private final Map<Value, Integer> last;
    private int steps;

    /** A step from a tensor to a view: an operation, and the index of its result. */
    private record Step(Operation operation, int index) {}

    /**
     * @param all the operations in their order
     * @param last the number of the last operation that reads a value
     */
    Views(List<Operation> all, Map<Value, Integer> last) {
        this.last = last;
        for (int i = 0; i < all.size(); i++) {
            Operation operation = all.get(i);
            numbers.put(operation, i);
            if (!operation.arguments().isEmpty() && (isView(operation) || operation.isInPlace())) {
                whole.put(operation, whole(operation.arguments().get(0)));
            }
        }
        last.keySet()
                .forEach(value -> read.computeIfAbsent(whole(value), key -> new ArrayList<>())
                        .add(value));
    }

    private static boolean isView(Operation operation) {
        return VIEWS.contains(operation.operator()) && !operation.arguments().isEmpty();
    }

    private static Operation operation(Value value) {
        return value instanceof Value.Result result
                ? result.operation()
                : value instanceof Value.Part part ? part.operation() : null;
    }

    private Value whole(Value value) {
        Operation operation = operation(value);
        return operation == null ? value : whole.getOrDefault(operation, value);
    }

    /** Refuses an operation in place if another view of the same memory is read later. */
    void checkInPlace(Operation operation) {
        if (operation.arguments().isEmpty()) {
            return;
        }
        Value changed = operation.arguments().get(0);
        int number = numbers.get(operation);
        for (Value other : read.getOrDefault(whole(changed), List.of())) {
            count(operation, 1);
            boolean isOlder = operation(other) == null || numbers.get(operation(other)) < number;
            if (isOlder && last.get(other) > number && overlap(path(changed, operation), path(other, operation))) {
                throw operation.refused("changes a part or a view of a tensor in place, and the tensor or another view"
                        + " with elements of it is read again; write it without the underscore");
            }
        }
    }

    private void count(Operation operation, int more) {
        steps += more;
        if (steps > MOST_STEPS) {
            throw operation.refused("changes a tensor in place of which there are more views than can be followed");
        }
    }

    /** The steps that lead from the original tensor to a value. */
    private List<Step> path(Value value, Operation by) {
        List<Step> path = new ArrayList<>();
        Value of = value;
        while (operation(of) != null && whole.containsKey(operation(of))) {
            count(by, 1);
            Operation operation = operation(of);
            if (isView(operation) && !isOfAll(operation)) {
                path.add(new Step(operation, of instanceof Value.Part part ? part.index() : -1));
            }
            of = operation.arguments().get(0);
        }
        Collections.reverse(path);
        return path;
    }

    /** {@code x[:]}, which a trace writes before each further slice. */
    private static boolean isOfAll(Operation operation) {
        return operation.operator().equals("torch.slice")
                && argument(operation, 2, START).equals(START)
                && argument(operation, 3, END).equals(END)
                && argument(operation, 4, new Value.Constant(1L)).equals(new Value.Constant(1L));
    }

    private static Value argument(Operation operation, int index, Value ifLeftOut) {
        Value given =
                index < operation.arguments().size() ? operation.arguments().get(index) : ifLeftOut;
        return given.equals(new Value.Constant(null)) ? ifLeftOut : given;
    }

    /** Whether two views may have an element in common. */
    private static boolean overlap(List<Step> first, List<Step> second) {
        int i = 0;
        while (i < first.size() && i < second.size() && first.get(i).equals(second.get(i))) {
            i++;
        }
        return i == first.size() || i == second.size() || !areApart(first.get(i), second.get(i));
    }

    /** Whether two views of one tensor are known to have no element in common. */
    private static boolean areApart(Step first, Step second) {
        if (first.operation() == second.operation()) {
            return DIVIDING.contains(first.operation().operator()) && first.index() >= 0 && second.index() >= 0;
        }
        long[] one = places(first.operation());
        long[] other = places(second.operation());
        return one != null && other != null && one[0] == other[0] && (one[2] <= other[1] || other[2] <= one[1]);
    }

    /** The dimension, the first place and the one after the last; null if sizes are needed to know them. */
    private static long[] places(Operation operation) {
        boolean isSlice = operation.operator().equals("torch.slice");
        if (!isSlice && !operation.operator().equals("torch.select")) {
            return null;
        }
        Value from = argument(operation, 2, START);
        if (!(argument(operation, 1, START) instanceof Value.Constant ofDimension)
                || !(ofDimension.value() instanceof Long dimension)
                || !(from instanceof Value.Constant ofFirst)
                || !(ofFirst.value() instanceof Long first)) {
            return null;
        }
        Value to = isSlice ? argument(operation, 3, END) : new Value.Constant(first + 1);
        boolean isKnown =
                to instanceof Value.Constant ofEnd && ofEnd.value() instanceof Long end && first >= 0 && end >= 0;
        return isKnown ? new long[] {dimension, first, (Long) ((Value.Constant) to).value()} : null;
    }
}
