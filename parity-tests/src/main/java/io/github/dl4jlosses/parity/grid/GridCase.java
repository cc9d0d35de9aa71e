/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss with numbers to feed it, all made from a configuration and a seed: the same for ND4J and for torch.
 *
 * <pre>{@code
 * GridCase example = GridCase.random(configuration, 42);
 * double value = example.loss().value(example.input(), example.target());
 * }</pre>
 */
public record GridCase(
        String reproduction,
        TorchLoss loss,
        TargetForm form,
        TorchTensor torchInput,
        TorchTensor torchTarget,
        INDArray input,
        INDArray target) {
    private static final DataType[] INDEX_TYPES = {
        DataType.INT64, DataType.INT32, DataType.INT16, DataType.FLOAT, DataType.DOUBLE
    };
    /** What each of these types holds exactly. */
    private static final long SMALL = 1000;

    /** A case of given numbers. */
    public static GridCase of(TorchLoss loss, TorchTensor input, TorchTensor target) {
        TargetForm form = target.type().isFloatingPoint() ? TargetForm.DENSE : TargetForm.INDEX;
        return new GridCase("given numbers", loss, form, input, target, input.toArray(), target.toArray());
    }

    /** A case that a description gives; numbers that are no class indices have this type. */
    public static GridCase of(GivenCall call, TorchType type) {
        return of(call.loss, tensor(call.input, type), tensor(call.target, type));
    }

    /** Numbers of a description as torch gets them. */
    static TorchTensor tensor(Given given, TorchType type) {
        return given.areIndices()
                ? TorchTensor.of(given.areFlags() ? TorchType.BOOL : TorchType.INT64, given.asIndices(), given.shape())
                : TorchTensor.of(type, given.asNumbers(), given.shape());
    }

    /**
     * A case of random numbers, the same for the same arguments: the seed gives the shape, the options' numbers and
     * the data.
     */
    public static GridCase random(Configuration configuration, long seed) {
        Random random = new Random(seed);
        CaseNumbers numbers = new CaseNumbers(configuration, random);
        long[] shape = numbers.shape();
        TorchLoss loss = loss(configuration.spec(), configuration, random, (int) shape[shape.length == 1 ? 0 : 1]);
        TorchTensor input = numbers.input(shape);
        boolean dense = configuration.form() == TargetForm.DENSE;
        TorchTensor target = dense ? numbers.target(loss, shape) : numbers.indices(loss, shape);
        INDArray targetArray = switch (configuration.form()) {
            case DENSE -> target.toArray();
            case INDEX -> ofAnyType(target, random);
            case ONE_HOT -> numbers.oneHot(target, shape).toArray();
        };
        return new GridCase(
                "GridCase.random(Configuration.parse(\"" + configuration + "\"), " + seed + "L)",
                loss,
                configuration.form(),
                input,
                target,
                inSomeOrder(input.toArray(), random),
                inSomeOrder(targetArray, random));
    }

    private static <B extends LossBuilder<B>> TorchLoss loss(
            LossSpec<?, B> spec, Configuration configuration, Random random, int classes) {
        return spec.chosen(configuration.form(), configuration.choices(), random, classes)
                .reduction(configuration.reduction())
                .build();
    }

    /** Class indices of any type that holds them; one such as Long.MIN_VALUE fits no smaller type. */
    private static INDArray ofAnyType(TorchTensor indices, Random random) {
        DataType type = INDEX_TYPES[random.nextInt(INDEX_TYPES.length)];
        boolean small = Arrays.stream(indices.toLongs()).allMatch(index -> index > -SMALL && index < SMALL);
        return small ? indices.toArray().castTo(type) : indices.toArray();
    }

    private static INDArray inSomeOrder(INDArray array, Random random) {
        Layout[] layouts = Layout.values();
        return array.rank() == 0
                ? array
                : layouts[random.nextInt(layouts.length)].place(array).array();
    }

    /** The description of the loss. */
    public LossSpec<?, ?> spec() {
        return LossSpecs.of(loss);
    }

    /** Whether torch has a gradient with respect to the target: one of the input's shape that is not one-hot. */
    public boolean hasTargetGradient() {
        return spec().hasTargetGradient(form);
    }

    /**
     * What the plain formulas give on these numbers for the case's own loss or the same with other options; an
     * IndexOutOfBoundsException where it leaves in a row whose index is no class.
     */
    public PlainResult plain(TorchLoss other) {
        PlainRows rows = new PlainRows(torchInput.shape());
        double[][] x = rows.of(torchInput.toArray());
        if (form == TargetForm.DENSE) {
            return spec().plainOf(other, PlainBatch.dense(x, rows.of(torchTarget.toArray()), null));
        }
        OptionalLong ignoreIndex = spec().ignoreIndexOf(other);
        int[] classes = Arrays.stream(torchTarget.toLongs())
                .mapToInt(index ->
                        ignoreIndex.equals(OptionalLong.of(index)) ? PlainBatch.NONE : classOf(index, x[0].length))
                .toArray();
        return spec().plainOf(other, PlainBatch.classes(x, classes, null));
    }

    /** One-hot rows are zeros where the index is no class. */
    private int classOf(long index, int classes) {
        boolean isClass = index >= 0 && index < classes;
        return form == TargetForm.ONE_HOT && !isClass ? PlainBatch.NONE : (int) Objects.checkIndex(index, classes);
    }

    /** What brings the case back. */
    @Override
    public String toString() {
        return reproduction + " of " + loss + ", input " + torchInput.type() + Arrays.toString(torchInput.shape());
    }
}
