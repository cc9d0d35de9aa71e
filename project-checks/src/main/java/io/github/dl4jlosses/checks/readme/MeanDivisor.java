/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the mean of a loss divides by: found from its sum and its mean of the same numbers. */
record MeanDivisor(LossSpec<?, ?> spec) {
    private static final int ROWS = 2;
    private static final int COLUMNS = 4;
    private static final double[] WEIGHTS = {1, 2, 4, 8};
    private static final INDArray INPUT = Nd4j.createFromArray(new double[][] {{.2, .4, .5, .9}, {.7, .3, .8, .6}});
    /** Of the two rows. */
    private static final INDArray CLASSES = Nd4j.createFromArray(3L, 1L);

    private static final double WEIGHTS_OF_CLASSES = 8 + 2;

    /** Such as {@code the elements}. */
    String words() {
        INDArray target = target();
        String plain = words(divisor(spec.builder(), target), target);
        return weigh() ? "the weights of the labels, without weights " + plain : plain;
    }

    private String words(double divisor, INDArray target) {
        if (isNear(divisor, ROWS)) {
            return "the rows";
        }
        if (isNear(divisor, (double) target.length())) {
            return "the elements";
        }
        throw new IllegalStateException(spec + " divides by " + divisor);
    }

    /** Whether class weights are divided by. */
    private boolean weigh() {
        return hasClassWeights() && isNear(weighted(spec), WEIGHTS_OF_CLASSES);
    }

    private boolean hasClassWeights() {
        return spec.forms().contains(TargetForm.INDEX)
                && spec.options().stream().anyMatch(option -> option.name().equals("weight"));
    }

    private static <B extends LossBuilder<B>> double weighted(LossSpec<?, B> spec) {
        B builder = spec.builder();
        spec.putWeights(builder, WEIGHTS);
        return divisor(builder, CLASSES);
    }

    private static double divisor(LossBuilder<?> builder, INDArray target) {
        TorchLoss mean = builder.build();
        TorchLoss sum = mean.toBuilder().reduction(Reduction.SUM).build();
        return sum.value(INPUT, target)
                / mean.toBuilder().reduction(Reduction.MEAN).build().value(INPUT, target);
    }

    /** The first that the loss takes: 1 is a probability, a count, a sign and a class. */
    private INDArray target() {
        INDArray numbers = Nd4j.ones(DataType.DOUBLE, ROWS, COLUMNS);
        List<INDArray> candidates = List.of(
                CLASSES, numbers, numbers.castTo(DataType.INT64), Nd4j.ones(DataType.DOUBLE, ROWS, COLUMNS / 2));
        return candidates.stream()
                .filter(this::isTaken)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(spec + " takes none of " + Arrays.toString(candidates.toArray())));
    }

    private boolean isTaken(INDArray target) {
        try {
            return Double.isFinite(spec.defaults().value(INPUT, target));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isNear(double number, double other) {
        return Math.abs(number - other) < 1e-9;
    }
}
