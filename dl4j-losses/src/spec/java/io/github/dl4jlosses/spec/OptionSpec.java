/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * An option of a loss beside those that every loss has.
 *
 * @param <L> the loss
 * @param <B> its builder
 * @param <T> the option's type: {@code double[]} for weights, Double, Long, Boolean or an enum
 */
public final class OptionSpec<L extends TorchLoss, B extends LossBuilder<B>, T> {
    private final String name;
    private final String torchName;
    private final Function<L, T> getter;
    private final BiConsumer<B, T> setter;
    private final Domain<T> domain;

    OptionSpec(String name, String torchName, Function<L, T> getter, BiConsumer<B, T> setter, Domain<T> domain) {
        this.name = name;
        this.torchName = torchName;
        this.getter = getter;
        this.setter = setter;
        this.domain = domain;
    }

    /** As the builder's method and the JSON call it. */
    public String name() {
        return name;
    }

    /** As torch calls it, which is also its name in the torch expression; null: torch has no such option. */
    public String torchName() {
        return torchName;
    }

    public Domain<T> domain() {
        return domain;
    }

    /** The value of a loss; null for none. */
    public T of(L loss) {
        return getter.apply(loss);
    }

    /** Sets it; null leaves the builder as it is. */
    public void put(B builder, T value) {
        if (value != null) {
            set(builder, value);
        }
    }

    /** Hands it to the builder, null too. */
    public void set(B builder, T value) {
        setter.accept(builder, value);
    }

    /** Whether the values are one number per class or output. */
    public boolean isWeight() {
        return domain.example(1) instanceof double[];
    }

    @Override
    public String toString() {
        return name;
    }
}
