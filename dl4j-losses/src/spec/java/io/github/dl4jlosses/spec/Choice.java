/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.util.Random;

/**
 * One way to set an option: a value, or a kind of value that is drawn for so many classes.
 *
 * @param <T> the option's type
 */
public final class Choice<T> {
    private final String words;
    private final Draw<T> draw;

    /** A value for a call with so many classes; null leaves the option unset. */
    @FunctionalInterface
    public interface Draw<T> {
        T from(Random random, int classes);
    }

    private Choice(String words, Draw<T> draw) {
        this.words = words;
        this.draw = draw;
    }

    /** The option's default. */
    static <T> Choice<T> usual() {
        return new Choice<>("", (random, classes) -> null);
    }

    static <T> Choice<T> of(String words, Draw<T> draw) {
        return new Choice<>(words, draw);
    }

    /** How tables call it; empty for the default. */
    public String words() {
        return words;
    }

    public boolean isUsual() {
        return words.isEmpty();
    }

    /** The value; null leaves the option unset. */
    public T value(Random random, int classes) {
        return draw.from(random, classes);
    }

    @Override
    public String toString() {
        return words;
    }
}
