/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The source of the targets of a {@link Parity} check: the labels of the loss, and {@code t} of torch's expression.
 *
 * <p>All but {@link #classIndices()} have the input's shape and dtype on both sides. Classes lie along dimension 1, or
 * along the only dimension of the input.
 *
 * <pre>{@code
 * Parity.of(new LossMCXENT()).against("torch.cross_entropy_loss(z, t)")
 *         .activation(Activation.SOFTMAX).targets(Targets.oneHot()).magnitudes(1).check();
 * }</pre>
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Targets {

    private final Source source;

    private Targets(Source source) {
        this.source = source;
    }

    /** Draws targets for an input. */
    private interface Source {
        Drawn draw(TorchType type, long[] shape, Random random);
    }

    /**
     * The same targets in three forms: as a layer gives them to a loss, as a function of arrays reads them, and as
     * torch does.
     */
    record Drawn(TorchTensor labels, TorchTensor array, TorchTensor torch) {
        private static Drawn same(TorchTensor targets) {
            return new Drawn(targets, targets, targets);
        }
    }

    /**
     * Independent numbers between 0 and 1; the default.
     *
     * @return these targets
     */
    public static Targets uniform() {
        return elements(Random::nextDouble);
    }

    /**
     * Independent zeros and ones, as in multi-label classification.
     *
     * @return these targets
     */
    public static Targets zeroOrOne() {
        return elements(random -> random.nextInt(2));
    }

    /**
     * Normally distributed numbers, as in regression.
     *
     * @return these targets
     */
    public static Targets normal() {
        return elements(Random::nextGaussian);
    }

    /**
     * A one at one class of each row and zeros elsewhere. An expression that needs class indices can use {@code
     * torch.argmax(t, 1)}.
     *
     * @return these targets
     */
    public static Targets oneHot() {
        return new Targets((type, shape, random) -> {
            ClassLayout rows = ClassLayout.of(shape);
            double[] values = new double[rows.size()];
            for (int row = 0; row < rows.count(); row++) {
                values[rows.place(row, random.nextInt(rows.classes()))] = 1;
            }
            return Drawn.same(TorchTensor.of(type, values, shape));
        });
    }

    /**
     * Probabilities of the classes, with a sum of 1 in each row.
     *
     * @return these targets
     */
    public static Targets probabilities() {
        return new Targets((type, shape, random) -> {
            ClassLayout rows = ClassLayout.of(shape);
            double[] values = new double[rows.size()];
            for (int row = 0; row < rows.count(); row++) {
                double[] drawn = random.doubles(rows.classes(), 0.01, 1).toArray();
                double sum = Arrays.stream(drawn).sum();
                for (int c = 0; c < drawn.length; c++) {
                    values[rows.place(row, c)] = drawn[c] / sum;
                }
            }
            return Drawn.same(TorchTensor.of(type, values, shape));
        });
    }

    /**
     * The index of a class for each row. Torch and functions of arrays get int64 without the dimension of the classes,
     * {@code [N]} for an input {@code [N, C]}. The labels of a loss have size 1 there, {@code [N, 1]}, and the input's
     * dtype, as a layer gives them.
     *
     * @return these targets
     */
    public static Targets classIndices() {
        return new Targets((type, shape, random) -> {
            ClassLayout rows = ClassLayout.of(shape);
            long[] indices =
                    random.ints(rows.count(), 0, rows.classes()).asLongStream().toArray();
            long[] column = shape.clone();
            column[ClassLayout.classDimension(shape)] = 1;
            TorchTensor torch = TorchTensor.of(TorchType.INT64, indices, ClassLayout.withoutClasses(shape));
            return new Drawn(TorchTensor.of(type, indices, column), torch, torch);
        });
    }

    /**
     * Targets from your own supplier.
     *
     * @param supplier gets the input's shape and the random numbers of the case, and gives an array of any shape; one of a
     *     floating-point dtype is cast to the input's, any other becomes int64
     * @return these targets
     * @throws IllegalArgumentException if the supplier is null
     */
    public static Targets of(BiFunction<long[], Random, INDArray> supplier) {
        if (supplier == null) {
            throw new IllegalArgumentException("The supplier of targets is null");
        }
        return new Targets((type, shape, random) -> {
            INDArray array = Objects.requireNonNull(supplier.apply(shape.clone(), random), "the supplied targets");
            return Drawn.same(cast(TorchTensor.of(array), type));
        });
    }

    private static Targets elements(ToDoubleFunction<Random> numbers) {
        return new Targets((type, shape, random) ->
                Drawn.same(ClassLayout.fill(type, shape, () -> numbers.applyAsDouble(random))));
    }

    /** Given targets, cast to the input's type. */
    static Drawn given(TorchTensor targets, TorchType type) {
        return Drawn.same(cast(targets, type));
    }

    private static TorchTensor cast(TorchTensor targets, TorchType type) {
        return targets.to(targets.type().isFloatingPoint() ? type : TorchType.INT64);
    }

    Drawn draw(TorchType type, long[] shape, Random random) {
        return source.draw(type, shape, random);
    }
}
