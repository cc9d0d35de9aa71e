/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The computation of a model as one list of operations: calls of modules are resolved, and operations that no output
 * needs are left out.
 *
 * @param inputs the names of its arguments
 * @param operations the operations in order
 * @param outputs the values that it returns
 * @param weights the tensors that operations take
 */
record TracedProgram(List<String> inputs, List<Operation> operations, List<Value> outputs, Set<String> weights) {

    static TracedProgram of(List<String> inputs, List<Operation> all, Value returned) {
        List<Value> outputs = returned instanceof Value.Items items ? items.values() : List.of(returned);
        Needed needed = new Needed();
        needed.by = all.size();
        outputs.forEach(needed::add);
        for (int i = all.size() - 1; i >= 0; i--) {
            Operation operation = all.get(i);
            if (needed.operations.contains(operation)) {
                needed.by = i;
                operation.arguments().forEach(needed::add);
                operation.named().values().forEach(needed::add);
            }
        }
        Views views = new Views(all, needed.last);
        all.stream()
                .filter(operation -> operation.isInPlace() && needed.operations.contains(operation))
                .forEach(views::checkInPlace);
        List<Operation> operations = new ArrayList<>();
        for (Operation operation : all) {
            if (needed.operations.contains(operation)) {
                operations.add(operation);
            } else if (operation.isInPlace() && !countsBatches(operation)) {
                throw operation.refused("changes a tensor in place, and what it gives is not used: what else sees the"
                        + " change cannot be told; write it without the underscore");
            }
        }
        return new TracedProgram(inputs, List.copyOf(operations), outputs, Collections.unmodifiableSet(needed.weights));
    }

    /** Batch normalisation in training mode counts its batches, which nothing reads. */
    private static boolean countsBatches(Operation operation) {
        return !operation.arguments().isEmpty()
                && operation.arguments().get(0) instanceof Value.Weight weight
                && weight.name().endsWith("num_batches_tracked");
    }

    private static final class Needed {
        private final Set<Operation> operations = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Set<Value.Items> lists = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Set<String> weights = new LinkedHashSet<>();
        /** The number of the last operation that reads a value. */
        private final Map<Value, Integer> last = new HashMap<>();
        /** The operation that reads; operations come from the last to the first. */
        private int by;

        void add(Value value) {
            if (value instanceof Value.Result result) {
                operations.add(result.operation());
                last.putIfAbsent(value, by);
            } else if (value instanceof Value.Input) {
                last.putIfAbsent(value, by);
            } else if (value instanceof Value.Part part) {
                operations.add(part.operation());
                last.putIfAbsent(value, by);
            } else if (value instanceof Value.Weight weight) {
                weights.add(weight.name());
            } else if (value instanceof Value.Items items && lists.add(items)) {
                items.values().forEach(this::add);
            }
        }
    }
}
