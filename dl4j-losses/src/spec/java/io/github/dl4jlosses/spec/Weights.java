/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Weights of classes or outputs. Random ones are multiples of 1/16, which every floating type holds exactly. */
public final class Weights {
    private static final double[] EXAMPLE = {.75, 3.5, 1.0625};
    private static final double[] OTHERS = {3, .5, 1.5};

    private Weights() {}

    /** None, or one for each class. */
    public static Domain<double[]> perClass(String name) {
        return Domain.<double[]>of(name, null)
                .nearest("the `weights` argument; DL4J divides by the examples, torch by the weights")
                .or(name, Weights::positive)
                .drawing((random, classes) -> random.nextBoolean() ? null : any(random, classes))
                .example((random, classes) -> example(classes));
    }

    /** None, one for all outputs, or one for each. */
    public static Domain<double[]> perOutput(String name) {
        return Domain.<double[]>of(name, null)
                .or(name + " (one number)", (random, outputs) -> positive(random, 1))
                .or(name, Weights::positive)
                .drawing((random, outputs) ->
                        random.nextBoolean() ? null : any(random, random.nextInt(3) == 0 ? 1 : outputs))
                .example((random, outputs) -> example(outputs));
    }

    private static double[] positive(Random random, int count) {
        return random.ints(count, 1, 49).mapToDouble(i -> i / 16.0).toArray();
    }

    /** Zeros and negative ones among them. */
    private static double[] any(Random random, int count) {
        double[] weights = positive(random, Math.max(1, count));
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= random.nextInt(12) == 0 ? 0 : random.nextInt(30) == 0 ? -1 : 1;
        }
        return weights;
    }

    /** Always the same; the second is heavier than the others together. */
    private static double[] example(int count) {
        return repeated(count, EXAMPLE);
    }

    /** Always the same, and other ones than a first option has. */
    public static double[] others(int count) {
        return repeated(count, OTHERS);
    }

    private static double[] repeated(int count, double... numbers) {
        return IntStream.range(0, count)
                .mapToDouble(i -> numbers[i % numbers.length])
                .toArray();
    }

    /** Always the same numbers, with all digits of a float, so that both types get the same: for measuring accuracy. */
    public static double[] floats(int count, long seed) {
        Random random = new Random(seed);
        return DoubleStream.generate(() -> .1f + 2 * random.nextFloat())
                .limit(count)
                .toArray();
    }
}
