/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * The values of an option: its default, those that are tried in every combination, those drawn by the fuzz, those that are
 * refused.
 *
 * @param <T> the option's type
 */
public final class Domain<T> {
    private final T usual;
    private final List<Choice<T>> choices = new ArrayList<>();
    private final Map<T, String> refused = new LinkedHashMap<>();
    private final List<T> extremes = new ArrayList<>();
    private final List<T> taken = new ArrayList<>();
    private boolean namedAlways;
    private boolean inPython;
    private String nearest = "-";
    private Choice.Draw<T> drawn;
    private Choice.Draw<T> example;

    private Domain(T usual) {
        this.usual = usual;
        choices.add(Choice.usual());
        drawn = (random, classes) -> {
            Choice<T> choice = choices.get(random.nextInt(choices.size()));
            return choice.value(random, classes);
        };
    }

    /** Values that are tried besides the default; {@code name} is what tables call the option. */
    @SafeVarargs
    public static <T> Domain<T> of(String name, T usual, T... others) {
        Domain<T> domain = new Domain<>(usual);
        for (T other : others) {
            domain.choices.add(Choice.of(other.equals(true) ? name : name + " " + other, (random, classes) -> other));
        }
        domain.example = others.length == 0 ? null : (random, classes) -> others[0];
        return domain;
    }

    /** Further kinds of values to try. */
    public Domain<T> or(String words, Choice.Draw<T> draw) {
        choices.add(Choice.of(words, draw));
        return this;
    }

    /** What the fuzz draws; without it, one of the choices. */
    public Domain<T> drawing(Choice.Draw<T> draw) {
        drawn = draw;
        return this;
    }

    /** A value that is not the default, the same in each test that wants every option in use. */
    public Domain<T> example(Choice.Draw<T> value) {
        example = value;
        return this;
    }

    /** Values for which corners of the arithmetic are tried with numbers of every size. */
    @SafeVarargs
    public final Domain<T> extreme(T... values) {
        for (T value : values) {
            extremes.add(value);
        }
        return this;
    }

    /** What DL4J has for the same purpose; without it, nothing. */
    public Domain<T> nearest(String dl4j) {
        nearest = dl4j;
        return this;
    }

    /** Values that {@code build()} refuses, in a message that begins so; {@code %s} stands for the value. */
    @SafeVarargs
    public final Domain<T> refusing(String message, T... values) {
        for (T value : values) {
            refused.put(value, String.format(Locale.ROOT, message, value));
        }
        return this;
    }

    /** The same where torch refuses them in Python, before it comes to a kernel. */
    @SafeVarargs
    public final Domain<T> refusingInPython(String message, T... values) {
        inPython = true;
        return refusing(message, values);
    }

    /** Values at the ends of what {@code build()} takes. */
    @SafeVarargs
    public final Domain<T> taking(T... values) {
        for (T value : values) {
            taken.add(value);
        }
        return this;
    }

    /** {@code toString()} names the option at its default, too. */
    public Domain<T> namedAlways() {
        namedAlways = true;
        return this;
    }

    /** What DL4J has for the same purpose. */
    public String nearest() {
        return nearest;
    }

    /** Null where none is set. */
    public T usual() {
        return usual;
    }

    /** The default first. */
    public List<Choice<T>> choices() {
        return List.copyOf(choices);
    }

    /** Values at the corners of the arithmetic. */
    public List<T> extremes() {
        return List.copyOf(extremes);
    }

    /** What {@code build()} refuses, and how its message begins. */
    public Map<T, String> refused() {
        return refused;
    }

    /** Whether torch refuses them in Python, so that no kernel does. */
    public boolean isRefusedInPython() {
        return inPython;
    }

    /** Values at the ends of what {@code build()} takes. */
    public List<T> taken() {
        return List.copyOf(taken);
    }

    /** Whether {@code toString()} names the option at its default, too. */
    public boolean isNamedAlways() {
        return namedAlways;
    }

    /** Null leaves the option unset. */
    public T draw(Random random, int classes) {
        return drawn.from(random, classes);
    }

    /** A value that is not the default, for so many classes. */
    public T example(int classes) {
        return example.from(null, classes);
    }
}
