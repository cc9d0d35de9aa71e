/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arguments of any dtype, shape, order and content, mostly wrong ones. They are taken, whatever comes out, or refused with a
 * message; nothing else happens, and neither changes them.
 */
final class WrongCall {
    private static final DataType[] TYPES = {
        DataType.DOUBLE,
        DataType.FLOAT,
        DataType.FLOAT16,
        DataType.BFLOAT16,
        DataType.INT64,
        DataType.INT32,
        DataType.INT16,
        DataType.INT8,
        DataType.UINT8,
        DataType.BOOL,
        DataType.UINT16,
        DataType.UINT32,
        DataType.UINT64
    };
    private static final double[] NUMBERS = {
        0, 1, 0.5, -1, 2, 3, -100, 7, 1e30, Double.NaN, Double.POSITIVE_INFINITY, 1e-40, 120, 255, 0.25
    };
    private static final Activation[] ACTIVATIONS = {
        Activation.IDENTITY, Activation.SOFTMAX, Activation.SIGMOID, Activation.TANH, Activation.RELU
    };

    private final Random random;

    private WrongCall(Random random) {
        this.random = random;
    }

    /** An AssertionError where anything else happens. */
    static void run(long seed) {
        try {
            new WrongCall(new Random(seed)).run();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        TorchLoss loss;
        try {
            loss = loss();
        } catch (IllegalArgumentException e) {
            isExplained("the builder", e);
            return;
        }
        long[] shape = shape();
        PlacedArguments arguments = new PlacedArguments(random);
        INDArray input = arguments.place(array(shape, random.nextInt(4) > 0 ? TYPES[random.nextInt(4)] : any(TYPES)));
        INDArray target = arguments.place(array(random.nextBoolean() ? shape : shape(), any(TYPES)));
        INDArray mask = arguments.place(array(
                random.nextBoolean() ? new long[] {shape.length == 0 ? 1 : shape[0], 1} : shape(), DataType.FLOAT));
        try {
            call(loss, input, target, mask);
            if (!arguments.areUnchanged()) {
                throw new AssertionError("an argument was changed");
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + " (" + loss + ", input " + input.shapeInfoToString() + ", target "
                            + target.shapeInfoToString() + ", mask " + mask.shapeInfoToString() + ")",
                    e);
        }
    }

    private void call(TorchLoss loss, INDArray input, INDArray target, INDArray mask) {
        // ND4J has no derivative of the others in this dtype
        IActivation head = (input.dataType() == DataType.BFLOAT16 ? Activation.IDENTITY : any(ACTIVATIONS))
                .getActivationFunction();
        INDArray usedMask = random.nextBoolean() ? null : mask;
        INDArray usedInput = random.nextInt(50) == 0 ? null : input;
        INDArray usedTarget = random.nextInt(50) == 0 ? null : target;
        List<Runnable> calls = List.of(
                () -> loss.value(usedInput, usedTarget),
                () -> loss.gradient(usedInput, usedTarget),
                () -> loss.valueAndGradient(usedInput, usedTarget),
                () -> loss.unreduced(usedInput, usedTarget),
                () -> loss.targetGradient(usedInput, usedTarget),
                () -> loss.computeScore(usedTarget, usedInput, head, usedMask, true),
                () -> loss.computeScoreArray(usedTarget, usedInput, head, usedMask),
                () -> loss.computeGradient(usedTarget, usedInput, head, usedMask),
                () -> loss.computeGradientAndScore(usedTarget, usedInput, head, usedMask, false));
        for (int i = 0; i < calls.size(); i++) {
            try {
                calls.get(i).run();
            } catch (IllegalArgumentException e) {
                isExplained("call " + i, e);
            } catch (UnsupportedOperationException e) {
                if (i != 4) {
                    throw new AssertionError("call " + i + ": " + e, e);
                }
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "call " + i + " throws " + e + " at "
                                + Arrays.asList(e.getStackTrace()).subList(0, 8),
                        e);
            }
        }
    }

    private static void isExplained(String what, RuntimeException e) {
        if (e.getMessage() == null || e.getMessage().length() <= 10) {
            throw new AssertionError(what + " says '" + e.getMessage() + "'", e);
        }
    }

    private TorchLoss loss() {
        List<LossSpec<?, ?>> specs = LossSpecs.all();
        return builder(specs.get(random.nextInt(specs.size()))).build();
    }

    private <L extends TorchLoss, B extends LossBuilder<B>> B builder(LossSpec<L, B> spec) {
        B builder = spec.builder();
        for (OptionSpec<L, B, ?> option : spec.allOptions()) {
            if (random.nextBoolean()) {
                set(builder, option);
            }
        }
        if (random.nextInt(4) == 0) {
            builder.reduction(any(Reduction.values()));
        }
        return builder.miniBatch(random.nextBoolean()).emptyMean(any(EmptyMean.values()));
    }

    /** A value that is taken, one at an end of those, one that is refused, or any of the type. */
    private <L extends TorchLoss, B extends LossBuilder<B>, T> void set(B builder, OptionSpec<L, B, T> option) {
        Domain<T> domain = option.domain();
        List<T> values = new ArrayList<>(domain.extremes());
        values.addAll(domain.taken());
        values.addAll(domain.refused().keySet());
        values.add(domain.example(1 + random.nextInt(3)));
        T kind = values.get(random.nextInt(values.size()));
        T drawn = random.nextBoolean() ? kind : domain.draw(random, random.nextInt(4));
        option.put(builder, random.nextBoolean() ? drawn : like(kind));
    }

    /** Any value of the same type. */
    @SuppressWarnings("unchecked")
    private <T> T like(T value) {
        if (value instanceof double[]) {
            double[] weight = {any(NUMBERS), any(NUMBERS), any(NUMBERS)};
            return (T) Arrays.copyOf(weight, random.nextInt(4));
        }
        if (value instanceof Double) {
            return (T) (Double) any(NUMBERS);
        }
        return value instanceof Long ? (T) (Long) (long) any(NUMBERS) : value;
    }

    private long[] shape() {
        long[] shape = new long[random.nextInt(6)];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3);
        }
        return shape;
    }

    private INDArray array(long[] shape, DataType type) {
        // most arrays hold what some loss takes
        int few = random.nextBoolean() ? 2 : NUMBERS.length;
        return FilledArray.of(() -> NUMBERS[random.nextInt(few)], type, shape);
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private double any(double... values) {
        return values[random.nextInt(values.length)];
    }
}
