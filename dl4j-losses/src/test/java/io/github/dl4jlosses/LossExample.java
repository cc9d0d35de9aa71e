/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each loss with targets of each form, with torch's defaults and with all its options in use; and arguments that it accepts. */
final class LossExample {
    private static final double MAGNITUDE = 3;
    private static final int IGNORED_ONE_IN = 5;

    private final LossSpec<?, ?> spec;
    private final TargetForm form;
    private final boolean optionsInUse;

    private LossExample(LossSpec<?, ?> spec, TargetForm form, boolean optionsInUse) {
        this.spec = spec;
        this.form = form;
        this.optionsInUse = optionsInUse;
    }

    static Stream<LossExample> all() {
        return LossSpecs.all().stream().flatMap(spec -> spec.forms().stream().flatMap(form -> of(spec, form)));
    }

    /** A test of {@link #all}. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @MethodSource("io.github.dl4jlosses.LossExample#all")
    @interface EachExample {}

    /** Those with torch's defaults. */
    static Stream<LossExample> defaults() {
        return all().filter(example -> !example.optionsInUse);
    }

    private static Stream<LossExample> of(LossSpec<?, ?> spec, TargetForm form) {
        return Stream.of(new LossExample(spec, form, false), new LossExample(spec, form, true));
    }

    LossSpec<?, ?> spec() {
        return spec;
    }

    TorchLoss loss(int classes) {
        if (!optionsInUse) {
            return spec.defaults(form);
        }
        // the weights of rows enter a mean
        return spec.example(form, classes)
                .reduction(spec.isPerRow() ? Reduction.MEAN : Reduction.BATCHMEAN)
                .build();
    }

    /** Without positions, where the loss takes none. */
    private long[] fitting(long... shape) {
        return Arrays.copyOf(shape, Math.min(shape.length, spec.mostDimensions()));
    }

    boolean hasTargetGradient() {
        return spec.hasTargetGradient(form);
    }

    INDArray input(Random random, DataType type, long... most) {
        long[] shape = fitting(most);
        return spec.input().takesAnything()
                ? FilledArray.of(() -> MAGNITUDE * random.nextGaussian(), type, shape)
                : betweenZeroAndOne(random, type, shape);
    }

    INDArray target(Random random, DataType type, long... most) {
        long[] shape = fitting(most);
        int classes = (int) shape[1];
        PlainRows rows = new PlainRows(shape);
        if (form == TargetForm.INDEX) {
            OptionalLong ignored = spec.ignoreIndexOf(loss(classes));
            return indices(random, rows.indexShape(), classes, ignored);
        }
        if (form == TargetForm.ONE_HOT) {
            long[] indices = indices(random, rows.indexShape(), classes, OptionalLong.of(-1))
                    .ravel()
                    .toLongVector();
            return FilledArray.of(rows.oneHot(indices), type, shape);
        }
        TargetRange range = spec.targetsOf(loss(classes));
        return FilledArray.of(() -> range.draw(random, MAGNITUDE, false), type, shape);
    }

    private static INDArray indices(Random random, long[] shape, int classes, OptionalLong ignored) {
        // the first row is kept, so that a mean has something to divide by
        int[] rows = {0};
        return FilledArray.of(
                () -> rows[0]++ > 0 && ignored.isPresent() && random.nextInt(IGNORED_ONE_IN) == 0
                        ? ignored.getAsLong()
                        : random.nextInt(classes),
                DataType.INT64,
                shape);
    }

    /** The heads under which the loss takes a {@link #preOutput}. */
    Stream<SpecHead> heads() {
        return Arrays.stream(SpecHead.values()).filter(spec::takes);
    }

    /** What every loss takes, and under those heads too. */
    INDArray preOutput(Random random, DataType type, long rows, long classes) {
        return betweenZeroAndOne(random, type, rows, classes);
    }

    INDArray labels(Random random, DataType type, long rows, long classes) {
        INDArray target = target(random, type, rows, classes);
        // labels of the output's shape would be no indices
        return form == TargetForm.INDEX && classes > 1 ? target.reshape(rows, 1) : target;
    }

    private static INDArray betweenZeroAndOne(Random random, DataType type, long... shape) {
        return FilledArray.of(() -> 0.05 + 0.9 * random.nextDouble(), type, shape);
    }

    /** The arrays that the direct methods of one loss return, by the name of the method. */
    Map<String, Supplier<INDArray>> direct(INDArray input, INDArray target) {
        TorchLoss loss = loss((int) input.size(1));
        Map<String, Supplier<INDArray>> calls = new LinkedHashMap<>();
        calls.put("value", () -> Nd4j.scalar(loss.value(input, target)));
        calls.put("gradient", () -> loss.gradient(input, target));
        calls.put("valueAndGradient", () -> loss.valueAndGradient(input, target).gradient());
        calls.put("unreduced", () -> loss.unreduced(input, target));
        if (hasTargetGradient()) {
            calls.put("targetGradient", () -> loss.targetGradient(input, target));
        }
        return calls;
    }

    /** Likewise of the methods that a network calls. */
    Map<String, Supplier<INDArray>> network(INDArray labels, INDArray preOutput, IActivation head, INDArray mask) {
        TorchLoss loss = loss((int) preOutput.size(1));
        Map<String, Supplier<INDArray>> calls = new LinkedHashMap<>();
        calls.put("computeScore", () -> Nd4j.scalar(loss.computeScore(labels, preOutput, head, mask, false)));
        calls.put("computeScoreArray", () -> loss.computeScoreArray(labels, preOutput, head, mask));
        calls.put("computeGradient", () -> loss.computeGradient(labels, preOutput, head, mask));
        calls.put(
                "computeGradientAndScore",
                () -> loss.computeGradientAndScore(labels, preOutput, head, mask, true)
                        .getSecond());
        return calls;
    }

    @Override
    public String toString() {
        return spec + ", " + form + (optionsInUse ? ", options in use" : "");
    }
}
