/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * The numbers of one comparison, and the calls or options that reproduce them.
 *
 * @param mask null if nothing is masked
 */
record ParityCase(Origin origin, TorchTensor input, Targets.Drawn targets, TorchTensor mask) {

    /** How the numbers were drawn; without a seed they were given. */
    record Origin(TorchType type, List<Long> shape, double magnitude, Long seed) {

        Origin(TorchType type, long[] shape, double magnitude, Long seed) {
            this(type, LongStream.of(shape).boxed().toList(), magnitude, seed);
        }

        /** The calls that narrow a {@link Parity} to this case. */
        String calls() {
            String type = ".dtypes(DataType." + dataType() + ")";
            return seed == null
                    ? type
                    : ".shape(" + sizes(", ") + ")" + type + ".magnitudes(" + magnitude + ").seed(" + seed
                            + "L).cases(1)";
        }

        /** The options that narrow the command to this case. */
        String options() {
            return "--shape " + sizes("x") + " --dtype " + type.name().toLowerCase(Locale.ROOT) + " --magnitude "
                    + magnitude + " --seed " + seed + " --cases 1";
        }

        /** ND4J's name of the dtype, the one that is not deprecated. */
        private String dataType() {
            return type == TorchType.FLOAT16
                    ? "FLOAT16"
                    : TorchTensor.dataTypeOf(type).name();
        }

        private String sizes(String separator) {
            return shape.stream().map(String::valueOf).collect(joining(separator));
        }
    }

    static ParityCase random(ParitySettings settings, TorchType type, long[] shape, double magnitude, long seed) {
        // consecutive seeds give similar first numbers unless they are spread
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        TorchTensor input = ClassLayout.fill(type, shape, () -> magnitude * settings.inputs.applyAsDouble(random));
        Targets.Drawn targets = settings.targets.draw(type, shape, random);
        TorchTensor mask = settings.masked ? mask(type, shape[0], random) : null;
        return new ParityCase(new Origin(type, shape, magnitude, seed), input, targets, mask);
    }

    /** A random mask that keeps at least one row. */
    private static TorchTensor mask(TorchType type, long rows, Random random) {
        int kept = random.nextInt(Math.toIntExact(rows));
        int[] row = {0};
        return ClassLayout.fill(type, new long[] {rows, 1}, () -> row[0]++ == kept ? 1 : random.nextInt(2));
    }

    static ParityCase given(TorchType type, TorchTensor input, TorchTensor targets) {
        TorchTensor typed = input.to(type);
        return new ParityCase(new Origin(type, input.shape(), 1, null), typed, Targets.given(targets, type), null);
    }

    /** The size of the first dimension, by which DL4J divides. */
    int rows() {
        long[] shape = input.shape();
        return shape.length == 0 ? 1 : Math.toIntExact(shape[0]);
    }

    /** The count of numbers in a row. */
    int rowSize() {
        return ClassLayout.size(input.shape()) / rows();
    }

    /** The number of rows divided by the number that the mask keeps. */
    double rowsForEachKept() {
        return mask == null ? 1 : rows() / Arrays.stream(mask.toDoubles()).sum();
    }

    /** Whether each row has targets of its own and can be computed alone. */
    boolean hasRows() {
        return input.shape().length > 0
                && hasRows(targets.labels())
                && hasRows(targets.array())
                && hasRows(targets.torch());
    }

    private boolean hasRows(TorchTensor tensor) {
        return tensor.shape().length > 0 && tensor.shape()[0] == rows();
    }

    /** One row with its targets and mask. */
    ParityCase row(int row) {
        return map(tensor -> pick(tensor, row));
    }

    /** The same numbers in float64. */
    ParityCase inFloat64() {
        return map(tensor -> tensor.type().isFloatingPoint() ? tensor.to(TorchType.FLOAT64) : tensor);
    }

    private ParityCase map(UnaryOperator<TorchTensor> change) {
        Targets.Drawn changed = new Targets.Drawn(
                change.apply(targets.labels()), change.apply(targets.array()), change.apply(targets.torch()));
        return new ParityCase(origin, change.apply(input), changed, mask == null ? null : change.apply(mask));
    }

    private TorchTensor pick(TorchTensor tensor, int row) {
        long[] shape = tensor.shape();
        int size = ClassLayout.size(shape) / rows();
        shape[0] = 1;
        return tensor.type().isFloatingPoint()
                ? TorchTensor.of(
                        tensor.type(), Arrays.copyOfRange(tensor.toDoubles(), row * size, (row + 1) * size), shape)
                : TorchTensor.of(
                        tensor.type(), Arrays.copyOfRange(tensor.toLongs(), row * size, (row + 1) * size), shape);
    }

    /** The same case with twice the number at one place of the input. */
    ParityCase doubled(int place) {
        double[] values = input.toDoubles();
        values[place] *= 2;
        return new ParityCase(origin, TorchTensor.of(input.type(), values, input.shape()), targets, mask);
    }

    boolean isMasked(int row) {
        return mask != null && mask.toDoubles()[row] == 0;
    }

    @Override
    public String toString() {
        return input.type() + Arrays.toString(input.shape());
    }
}
