/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** The settings of a {@link Parity}; changed only while a copy is made. */
final class ParitySettings implements Cloneable {

    String expression;
    TorchActivation head = TorchActivation.IDENTITY;
    List<long[]> shapes = List.of(new long[] {1, 2}, new long[] {5, 3}, new long[] {16, 10});
    List<TorchType> types = List.of(TorchType.FLOAT64, TorchType.FLOAT32);
    double[] magnitudes = {1, 10};
    ToDoubleFunction<Random> inputs = Random::nextGaussian;
    Targets targets = Targets.uniform();
    boolean masked;
    long seed = 1;
    int cases = 5;
    boolean summedOverRows;
    double divisor = 1;
    boolean float64Decides;
    /** Null: the default of torch's type. */
    Tolerance tolerance;

    TorchTensor givenInput;
    TorchTensor givenTargets;

    ParitySettings copy() {
        try {
            return (ParitySettings) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    Tolerance toleranceOf(TorchType type) {
        return tolerance == null ? Tolerance.of(type) : tolerance;
    }

    List<ParityCase> parityCases() {
        List<ParityCase> drawn = new ArrayList<>();
        for (TorchType type : types) {
            if (givenInput != null) {
                drawn.add(ParityCase.given(type, givenInput, givenTargets));
                continue;
            }
            for (long[] shape : shapes) {
                for (double magnitude : magnitudes) {
                    for (int i = 0; i < cases; i++) {
                        drawn.add(ParityCase.random(this, type, shape, magnitude, seed + i));
                    }
                }
            }
        }
        return drawn;
    }
}
