/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The options of a loss, each described once: its name, its getter in the loss and its setter in the builder. JSON,
 * equality, copies and descriptions are made from this list, in its order.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
final class Options<L extends TorchLoss, B extends LossBuilder<B>> {
    private static final ObjectMapper VALUES = new ObjectMapper();

    private final Supplier<B> builder;
    private final List<Option<L, B, ?>> all = new ArrayList<>();

    private Options(Supplier<B> builder) {
        this.builder = builder;
    }

    /** When descriptions and lists show an option. */
    private enum Kind {
        /** In descriptions if it differs from the default. */
        USUAL,
        /** Always in descriptions. */
        ALWAYS_NAMED,
        /** Only if it is set, in descriptions and lists. */
        LISTED_WHERE_SET
    }

    private static final class Option<L, B, T> {
        private final String name;
        private final Class<T> type;
        private final Function<? super L, T> getter;
        private final BiConsumer<B, T> setter;
        private final Kind kind;

        Option(String name, Class<T> type, Function<? super L, T> getter, BiConsumer<B, T> setter, Kind kind) {
            this.name = name;
            this.type = type;
            this.getter = getter;
            this.setter = setter;
            this.kind = kind;
        }

        /** Null stands for an option that is not set. */
        void copy(L from, B to) {
            put(to, getter.apply(from));
        }

        void read(JsonNode json, B into) throws JsonProcessingException {
            put(into, json.isNull() ? null : VALUES.treeToValue(json, type));
        }

        private void put(B into, T value) {
            if (value != null) {
                setter.accept(into, value);
            }
        }
    }

    /** No options yet. */
    static <L extends TorchLoss, B extends LossBuilder<B>> Options<L, B> of(Supplier<B> builder) {
        return new Options<>(builder);
    }

    /** An option that descriptions name if it differs from the default. */
    <T> Options<L, B> with(String name, Class<T> type, Function<? super L, T> getter, BiConsumer<B, T> setter) {
        return add(new Option<>(name, type, getter, setter, Kind.USUAL));
    }

    /** A rare option, listed only by losses where it is set. */
    <T> Options<L, B> whereSet(String name, Class<T> type, Function<? super L, T> getter, BiConsumer<B, T> setter) {
        return add(new Option<>(name, type, getter, setter, Kind.LISTED_WHERE_SET));
    }

    private Options<L, B> add(Option<L, B, ?> option) {
        all.add(option);
        return this;
    }

    /** An option that descriptions always name. */
    <T> Options<L, B> named(String name, Class<T> type, Function<? super L, T> getter, BiConsumer<B, T> setter) {
        return add(new Option<>(name, type, getter, setter, Kind.ALWAYS_NAMED));
    }

    /** The reduction, at its place in the loss's descriptions. */
    Options<L, B> reduction() {
        return named("reduction", Reduction.class, TorchLoss::getReduction, LossBuilder::reduction);
    }

    /** The options of every loss, after the loss's own. */
    Options<L, B> andCommon() {
        return with("miniBatch", Boolean.class, TorchLoss::isMiniBatch, LossBuilder::miniBatch)
                .with(
                        "positionsPerExample",
                        Long.class,
                        TorchLoss::getPositionsPerExample,
                        LossBuilder::positionsPerExample)
                .with("emptyMean", EmptyMean.class, TorchLoss::getEmptyMean, LossBuilder::emptyMean)
                .with("factor", Double.class, TorchLoss::getFactor, LossBuilder::factor);
    }

    /** A builder that builds an equal loss. */
    B toBuilder(L loss) {
        B copy = builder.get();
        all.forEach(option -> option.copy(loss, copy));
        return copy;
    }

    /** The values by name; null for an option that is not set. */
    Map<String, Object> values(L loss) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Option<L, B, ?> option : all) {
            Object value = option.getter.apply(loss);
            if (value != null || option.kind != Kind.LISTED_WHERE_SET) {
                values.put(option.name, value);
            }
        }
        return values;
    }

    /** The properties of the JSON, in alphabetical order. */
    Map<String, Object> toJson(L loss) {
        return new TreeMap<>(values(loss));
    }

    /** The builder that a JSON describes; options that it lacks keep their defaults. */
    B read(ObjectNode json) {
        B read = builder.get();
        Map<String, Option<L, B, ?>> byName = new LinkedHashMap<>();
        all.forEach(option -> byName.put(option.name, option));
        for (Iterator<Map.Entry<String, JsonNode>> fields = json.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            Option<L, B, ?> option = byName.get(field.getKey());
            if (option == null) {
                // DL4J's JSON reader ignores unknown names, but without one of its options the loss would be another
                throw new IllegalArgumentException(name() + " has no option '" + field.getKey() + "' (here "
                        + field.getValue().asText()
                        + "); the model was saved by another version of this library, or its JSON was edited");
            }
            try {
                option.read(field.getValue(), read);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        name() + " cannot have the " + field.getKey() + " " + field.getValue() + ": "
                                + e.getOriginalMessage(),
                        e);
            }
        }
        return read;
    }

    private String name() {
        return builder.get().build().name();
    }

    boolean areEqual(L loss, L other) {
        return Arrays.deepEquals(allValues(loss), allValues(other));
    }

    int hash(L loss) {
        return Arrays.deepHashCode(allValues(loss));
    }

    private Object[] allValues(L loss) {
        return all.stream().map(option -> option.getter.apply(loss)).toArray();
    }

    /** Such as {@code KLDivLoss(reduction=MEAN, logTarget=true)}. */
    @SuppressWarnings("unchecked")
    String describe(L loss) {
        L defaults = (L) builder.get().build();
        StringJoiner description = new StringJoiner(", ", loss.name() + "(", ")");
        for (Option<L, B, ?> option : all) {
            Object value = option.getter.apply(loss);
            if (option.kind == Kind.ALWAYS_NAMED || !Objects.deepEquals(value, option.getter.apply(defaults))) {
                description.add(option.name + "=" + text(value));
            }
        }
        return description.toString();
    }

    private static String text(Object value) {
        if (value instanceof long[]) {
            return Arrays.toString((long[]) value);
        }
        return value instanceof double[] ? Arrays.toString((double[]) value) : String.valueOf(value);
    }
}
