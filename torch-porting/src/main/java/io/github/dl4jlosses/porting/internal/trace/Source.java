/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An object together with the Java text that makes it. Both come from the same calls with the same arguments, so the
 * text always matches the object.
 *
 * @param <T> the type of the object
 */
final class Source<T> {

    private static final String BREAK = "\n";

    private final T value;
    private final String text;
    private final Set<String> imports;

    private Source(T value, String text, Set<String> imports) {
        this.value = value;
        this.text = text;
        this.imports = imports;
    }

    T value() {
        return value;
    }

    /** The text, in which every further call of a chain begins with a line break. */
    String text() {
        return text;
    }

    /** The names of the classes in the text. */
    Set<String> imports() {
        return imports;
    }

    /** A value that the text refers to by a name. */
    static <T> Source<T> variable(T value, String name) {
        return new Source<>(value, name, Set.of());
    }

    /** For a method that takes an array as such. */
    static Source<int[]> array(int... values) {
        return new Source<>(values, "new int[] {" + JavaLiteral.list(List.of(values), new TreeSet<>()) + "}", Set.of());
    }

    static <T> Source<T> of(Supplier<T> constructor) {
        return made(constructor.get());
    }

    static <T, A> Source<T> of(Function<A, T> constructor, A argument) {
        return made(constructor.apply(argument), argument);
    }

    static <T, A, B> Source<T> of(BiFunction<A, B, T> constructor, A first, B second) {
        return made(constructor.apply(first, second), first, second);
    }

    /** A constructor with an argument that has its own text. */
    static <T, A> Source<T> around(Function<A, T> constructor, Source<? extends A> argument) {
        return made(constructor.apply(argument.value()), argument);
    }

    interface Three<T> {
        T make(int first, int second, int third);
    }

    static <T> Source<T> of(Three<T> constructor, int first, int second, int third) {
        return made(constructor.make(first, second, third), first, second, third);
    }

    interface Volume<T> {
        T make(int depth, int height, int width, int channels, boolean channelsFirst);
    }

    static <T> Source<T> of(
            Volume<T> constructor, int depth, int height, int width, int channels, boolean channelsFirst) {
        T value = constructor.make(depth, height, width, channels, channelsFirst);
        return made(value, depth, height, width, channels, channelsFirst);
    }

    /** A static method of two arguments. */
    static <T, A, B> Source<T> call(
            Class<?> type,
            String method,
            BiFunction<A, B, T> call,
            Source<? extends A> first,
            Source<? extends B> second) {
        Set<String> imports = new TreeSet<>();
        imports.add(type.getCanonicalName());
        String arguments = JavaLiteral.list(List.of(first, second), imports);
        T value = call.apply(first.value(), second.value());
        return new Source<>(value, type.getSimpleName() + "." + method + "(" + arguments + ")", imports);
    }

    private static <T> Source<T> made(T value, Object... arguments) {
        Set<String> imports = new TreeSet<>();
        String name = JavaLiteral.name(value.getClass(), imports);
        return new Source<>(value, "new " + name + "(" + JavaLiteral.list(List.of(arguments), imports) + ")", imports);
    }

    /** A method of a builder that returns it. */
    interface Setter<T, A> {
        Object set(T builder, A argument);
    }

    /** A setter of a builder. */
    <A> Source<T> with(String method, Setter<? super T, ? super A> setter, A argument) {
        setter.set(value, argument);
        return linked(value, method, argument);
    }

    /** A setter of a builder, with an argument that has its own text. */
    <A> Source<T> withMade(String method, Setter<? super T, ? super A> setter, Source<? extends A> argument) {
        setter.set(value, argument.value());
        return linked(value, method, argument);
    }

    /** The end of a chain. */
    <R> Source<R> then(String method, Function<? super T, R> last) {
        return linked(last.apply(value), method);
    }

    private <R> Source<R> linked(R result, String method, Object... arguments) {
        Set<String> all = new TreeSet<>(imports);
        String list = JavaLiteral.list(List.of(arguments), all);
        return new Source<>(result, text + BREAK + "." + method + "(" + list + ")", all);
    }
}
