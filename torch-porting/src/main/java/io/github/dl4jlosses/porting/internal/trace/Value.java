/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.ScriptModule;
import java.util.List;

/** The value of a name in the code, before sizes are known. */
sealed interface Value {

    /** An argument of the model. */
    record Input(int number, String name) implements Value {}

    /** A number (Long, Double), a boolean, a string, or null for None. */
    record Constant(Object value) implements Value {}

    /** A tensor of the file. */
    record Weight(String name) implements Value {}

    /** A tensor of the file outside all modules. */
    record Frozen(String name) implements Value {}

    /**
     * A module.
     *
     * @param path its place in the model, such as {@code layer1.0}; empty for the model itself
     * @param module its data in the file
     */
    record Module(String path, ScriptModule module) implements Value {

        String pathOf(String attribute) {
            return path.isEmpty() ? attribute : path + "." + attribute;
        }
    }

    /** A list or a tuple; not a record, so that it is compared by identity, which is fast. */
    final class Items implements Value {
        private final List<Value> values;
        private final int depth;

        Items(List<Value> values) {
            this.values = List.copyOf(values);
            this.depth = 1
                    + values.stream()
                            .mapToInt(value -> value instanceof Items items ? items.depth : 0)
                            .max()
                            .orElse(0);
        }

        List<Value> values() {
            return values;
        }

        /** The depth of nested lists. */
        int depth() {
            return depth;
        }
    }

    /** The whole result of an operation. */
    record Result(Operation operation) implements Value {}

    /** One of the several results of an operation. */
    record Part(Operation operation, int index) implements Value {}
}
