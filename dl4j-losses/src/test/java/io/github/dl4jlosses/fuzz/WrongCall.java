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
import io.github.dl4jlosses.spec.memory.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

    /** Null where all is as it should be, else what is not. */
    static String complaint(long seed) {
        String complaint = new WrongCall(new Random(seed)).complaint();
        return complaint == null ? null : "seed " + seed + ": " + complaint;
    }

    private String complaint() {
        TorchLoss loss;
        try {
            loss = loss();
        } catch (IllegalArgumentException e) {
            return isExplained(e) ? null : "the builder says '" + e.getMessage() + "'";
        }
        long[] shape = shape();
        Layout.Placed input = array(shape, random.nextInt(4) > 0 ? TYPES[random.nextInt(4)] : any(TYPES));
        Layout.Placed target = array(random.nextBoolean() ? shape : shape(), any(TYPES));
        Layout.Placed mask = array(
                random.nextBoolean() ? new long[] {shape.length == 0 ? 1 : shape[0], 1} : shape(), DataType.FLOAT);
        List<byte[]> before = Arrays.asList(bytes(input), bytes(target), bytes(mask));
        String complaint = complaint(loss, input.array(), target.array(), mask.array());
        List<byte[]> after = Arrays.asList(bytes(input), bytes(target), bytes(mask));
        for (int i = 0; complaint == null && i < before.size(); i++) {
            complaint = Arrays.equals(before.get(i), after.get(i)) ? null : "an argument was changed";
        }
        return complaint == null
                ? null
                : complaint + " (" + loss + ", input " + input.array().shapeInfoToString() + ", target "
                        + target.array().shapeInfoToString() + ", mask "
                        + mask.array().shapeInfoToString() + ")";
    }

    private String complaint(TorchLoss loss, INDArray input, INDArray target, INDArray mask) {
        Activation drawn = any(ACTIVATIONS);
        if (input.dataType() == DataType.BFLOAT16) {
            // ND4J has no derivative of the others in this dtype
            drawn = Activation.IDENTITY;
        }
        Activation activation = drawn;
        INDArray usedMask = random.nextBoolean() ? null : mask;
        INDArray usedInput = random.nextInt(50) == 0 ? null : input;
        INDArray usedTarget = random.nextInt(50) == 0 ? null : target;
        List<Runnable> calls = Arrays.asList(
                () -> loss.value(usedInput, usedTarget),
                () -> loss.gradient(usedInput, usedTarget),
                () -> loss.valueAndGradient(usedInput, usedTarget),
                () -> loss.unreduced(usedInput, usedTarget),
                () -> loss.targetGradient(usedInput, usedTarget),
                () -> loss.computeScore(usedTarget, usedInput, activation.getActivationFunction(), usedMask, true),
                () -> loss.computeScoreArray(usedTarget, usedInput, activation.getActivationFunction(), usedMask),
                () -> loss.computeGradient(usedTarget, usedInput, activation.getActivationFunction(), usedMask),
                () -> loss.computeGradientAndScore(
                        usedTarget, usedInput, activation.getActivationFunction(), usedMask, false));
        for (int i = 0; i < calls.size(); i++) {
            try {
                calls.get(i).run();
            } catch (IllegalArgumentException e) {
                if (!isExplained(e)) {
                    return "call " + i + " says '" + e.getMessage() + "'";
                }
            } catch (UnsupportedOperationException e) {
                if (i != 4) {
                    return "call " + i + ": " + e;
                }
            } catch (RuntimeException e) {
                return "call " + i + " throws " + e + " at "
                        + Arrays.asList(e.getStackTrace()).subList(0, 8);
            }
        }
        return null;
    }

    private static boolean isExplained(RuntimeException e) {
        return e.getMessage() != null && e.getMessage().length() > 10;
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

    private Layout.Placed array(long[] shape, DataType type) {
        INDArray numbers = Nd4j.createUninitialized(DataType.DOUBLE, shape.length == 0 ? new long[] {1} : shape);
        if (numbers.isEmpty()) {
            INDArray empty = Nd4j.createUninitialized(type, shape);
            return new Layout.Placed(empty, empty);
        }
        // most arrays hold what some loss takes
        int few = random.nextBoolean() ? 2 : NUMBERS.length;
        for (long i = 0; i < numbers.length(); i++) {
            numbers.data().put(i, NUMBERS[random.nextInt(few)]);
        }
        INDArray typed = numbers.castTo(type);
        if (shape.length == 0) {
            INDArray scalar = typed.reshape(new long[0]);
            return new Layout.Placed(scalar, scalar);
        }
        return any(Layout.values()).place(typed);
    }

    private static byte[] bytes(Layout.Placed placed) {
        return placed.array().isEmpty() ? new byte[0] : placed.bytes();
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private double any(double... values) {
        return values[random.nextInt(values.length)];
    }
}
