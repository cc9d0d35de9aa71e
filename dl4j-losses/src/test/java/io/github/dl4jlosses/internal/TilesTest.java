/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.dl4jlosses.internal.Pass.Form;
import io.github.dl4jlosses.internal.Pass.Results;
import io.github.dl4jlosses.internal.Pass.Results.LossOf;
import io.github.dl4jlosses.internal.kernel.BinaryCrossEntropyKernel;
import io.github.dl4jlosses.internal.kernel.ClassIndexKernel;
import io.github.dl4jlosses.internal.kernel.ClassProbabilityKernel;
import io.github.dl4jlosses.internal.kernel.HuberKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.PoissonNLLKernel;
import io.github.dl4jlosses.internal.kernel.SoftMarginKernel;
import io.github.dl4jlosses.internal.kernel.SoftmaxDivergenceKernel;
import io.github.dl4jlosses.internal.kernel.SquaredErrorKernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.target.ClassRange;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which passes the fast tiles serve: nothing else would tell, since the others give the same numbers, later. */
class TilesTest {
    private static final int ROWS = 9;
    private static final long NONE = -100;

    private static Rows zeros(DataType type, long rows, long classes) {
        return Rows.of(Nd4j.zeros(type, rows, classes));
    }

    private static Results results(DataType gradient, long classes) {
        return Results.sumAndGradient(zeros(gradient, ROWS, classes));
    }

    private static Kernel indexKernel(double smoothing, int classes) {
        return new ClassIndexKernel(null, 1 - smoothing, smoothing / classes, classes);
    }

    private static Batch ofIndices(Kernel kernel, DataType type, int classes) {
        INDArray target = Nd4j.zeros(DataType.INT64, ROWS);
        ClassTargets classTargets = ClassTargets.fromIndices(
                Rows.ofSingles(target), ClassRange.ignoring(NONE, classes), null, Place.DIRECT);
        return Batch.classes(kernel, zeros(type, ROWS, classes), classTargets, Place.DIRECT, ROWS);
    }

    private static Batch ofDense(Kernel kernel, DataType type, int classes, INDArray mask) {
        INDArray target = Nd4j.valueArrayOf(new long[] {ROWS, classes}, 0.5, type);
        OutputMask outputMask = OutputMask.of(mask, ROWS, classes, null);
        return Batch.elements(kernel, zeros(type, ROWS, classes), Rows.of(target), outputMask, Place.DIRECT, null);
    }

    /** There is none where the processor has no fused multiply-add. */
    private static void assumeFloatForm() {
        assumeThat(indexKernel(0, 4).inFloat()).isNotNull();
    }

    private static Tiles tiles(Batch batch, Results results) {
        return Pass.form(batch, results) == Form.FLOAT
                ? new FloatTiles(batch, ROWS, results)
                : new ColumnTiles(batch, ROWS, results);
    }

    private static Form formOfIndices(double smoothing, DataType type, DataType gradient, int classes) {
        return Pass.form(ofIndices(indexKernel(smoothing, classes), type, classes), results(gradient, classes));
    }

    private static Form formOfDense(Kernel kernel, DataType type, int classes, INDArray mask) {
        return Pass.form(ofDense(kernel, type, classes, mask), results(type, classes));
    }

    private static Kernel probabilities() {
        return new ClassProbabilityKernel(null, 1, 0);
    }

    @Test
    void floatsServeClassIndicesInFloatOfAnyNumberOfClasses() {
        assumeFloatForm();
        for (int classes : new int[] {1, 7, 500}) {
            Batch batch = ofIndices(indexKernel(0, classes), DataType.FLOAT, classes);

            assertThat(Pass.form(batch, results(DataType.FLOAT, classes))).isEqualTo(Form.FLOAT);
            assertThat(Pass.form(batch, Results.sum())).isEqualTo(Form.FLOAT);
        }
    }

    @Test
    void floatsServeNeitherOtherDtypesNorOtherTargets() {
        assertThat(formOfIndices(0, DataType.DOUBLE, DataType.DOUBLE, 7)).isEqualTo(Form.DOUBLE);
        assertThat(formOfIndices(0, DataType.FLOAT, DataType.DOUBLE, 7)).isEqualTo(Form.DOUBLE);
        assertThat(formOfDense(probabilities(), DataType.FLOAT, 7, null)).isEqualTo(Form.COLUMNS);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT", "HALF"})
    void columnsServeFewClassesWithSmoothingOrTargetsOfTheInputsShape(DataType type) {
        for (int classes : new int[] {1, 7, 63}) {
            assertThat(formOfIndices(0.1, type, type, classes)).isEqualTo(Form.COLUMNS);
            assertThat(formOfDense(probabilities(), type, classes, null)).isEqualTo(Form.COLUMNS);
            assertThat(formOfDense(new SoftmaxDivergenceKernel(false), type, classes, null))
                    .isEqualTo(Form.COLUMNS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128, 500})
    void columnsServeNeitherNothingNorManyClasses(int classes) {
        assertThat(formOfDense(probabilities(), DataType.DOUBLE, classes, null)).isEqualTo(Form.DOUBLE);
    }

    @Test
    void columnsDoNotServeKernelsWithoutThatForm() {
        Kernel kernel = new BinaryCrossEntropyKernel(null);

        assertThat(formOfDense(kernel, DataType.DOUBLE, 7, null)).isEqualTo(Form.DOUBLE);
    }

    @Test
    void columnsServeMasksOfRowsAlone() {
        Kernel kernel = new SoftmaxDivergenceKernel(false);

        assertThat(formOfDense(kernel, DataType.DOUBLE, 7, Nd4j.ones(DataType.DOUBLE, ROWS, 1)))
                .isEqualTo(Form.COLUMNS);
        assertThat(formOfDense(kernel, DataType.DOUBLE, 7, Nd4j.ones(DataType.DOUBLE, ROWS, 7)))
                .isEqualTo(Form.DOUBLE);
    }

    @Test
    void columnsServeLossesOfRowsAndNoTargetGradient() {
        Batch rows = ofDense(probabilities(), DataType.DOUBLE, 7, null);
        Batch elements = ofDense(new SoftmaxDivergenceKernel(false), DataType.DOUBLE, 7, null);
        Rows losses = zeros(DataType.DOUBLE, ROWS, 1);

        assertThat(Pass.form(rows, Results.losses(losses, LossOf.ELEMENT, 1))).isEqualTo(Form.COLUMNS);
        assertThat(Pass.form(elements, Results.losses(losses, LossOf.ROW_SUM, 1)))
                .isEqualTo(Form.DOUBLE);
        assertThat(Pass.form(rows, Results.targetGradient(zeros(DataType.DOUBLE, ROWS, 7))))
                .isEqualTo(Form.DOUBLE);
    }

    /** Neither the memory that other batches leave behind nor a row that takes no part may send a tile away. */
    @Test
    void leftOversAndSkippedRowsStopNothing() {
        int classes = 3;
        leaveBehind(Double.NaN, classes);
        INDArray input = Nd4j.zeros(DataType.DOUBLE, ROWS, classes);
        input.putRow(4, Nd4j.valueArrayOf(new long[] {classes}, Double.NaN, DataType.DOUBLE));
        INDArray mask = Nd4j.ones(DataType.DOUBLE, ROWS, 1);
        mask.putScalar(4, 0, 0);
        INDArray target = Nd4j.valueArrayOf(new long[] {ROWS, classes}, 0.25, DataType.DOUBLE);
        target.putRow(4, Nd4j.valueArrayOf(new long[] {classes}, Double.NaN, DataType.DOUBLE));
        OutputMask outputMask = OutputMask.of(mask, ROWS, classes, "the softmax couples them");
        Batch batch = Batch.rows(probabilities(), Rows.of(input), Rows.of(target), outputMask, Place.DIRECT);
        INDArray gradient = Nd4j.valueArrayOf(new long[] {ROWS, classes}, 9, DataType.DOUBLE);

        Tiles tiles = tiles(batch, Results.sumAndGradient(Rows.of(gradient)));

        assertThat(tiles.run(0, ROWS, 2)).isTrue();
        assertThat(tiles.sum()).isCloseTo((ROWS - 1) * 0.75 * Math.log(classes), within(1e-12));
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < classes; c++) {
                assertThat(gradient.getDouble(r, c)).isCloseTo(0, within(1e-15));
            }
        }
    }

    @Test
    void floatsServeSingleElementsAndTheirGradient() {
        assumeFloatForm();
        Batch batch = ofDense(new SquaredErrorKernel(), DataType.FLOAT, 7, null);
        Rows losses = zeros(DataType.FLOAT, ROWS, 7);

        assertThat(Pass.form(batch, results(DataType.FLOAT, 7))).isEqualTo(Form.FLOAT);
        assertThat(Pass.form(batch, Results.sum())).isEqualTo(Form.FLOAT);
        assertThat(Pass.form(batch, results(DataType.DOUBLE, 7))).isEqualTo(Form.DOUBLE);
        assertThat(Pass.form(batch, Results.losses(losses, LossOf.ELEMENT, 1))).isEqualTo(Form.DOUBLE);
        assertThat(Pass.form(batch, Results.targetGradient(losses))).isEqualTo(Form.DOUBLE);
        assertThat(formOfDense(new SquaredErrorKernel(), DataType.BFLOAT16, 7, null))
                .isEqualTo(Form.DOUBLE);
    }

    /** A number that float cannot serve changes the numbers of its block to those in double, whatever is asked for. */
    @ParameterizedTest
    @CsvSource({
        "0, 70, 500",
        "2e19, 70, 500",
        "1e30, 70, 500",
        "Infinity, 70, 500",
        "NaN, 70, 500",
        "NaN, 7, 5000",
        "0, 7, 5000"
    })
    void whatIsAskedForDoesNotChangeTheBits(double special, int rows, int classes) {
        assumeFloatForm();
        INDArray input = Nd4j.randn(DataType.FLOAT, rows, classes);
        input.putScalar(rows - 2, 3, special);
        INDArray target = Nd4j.randn(DataType.FLOAT, rows, classes);
        for (Kernel kernel : new Kernel[] {
            new SquaredErrorKernel(), new HuberKernel(0.3), new SoftMarginKernel(), new PoissonNLLKernel(true, false, 1)
        }) {
            Batch batch = Batch.elements(kernel, Rows.of(input), Rows.of(target), null, Place.DIRECT, null);
            INDArray both = Nd4j.zeros(DataType.FLOAT, rows, classes);
            INDArray alone = Nd4j.zeros(DataType.FLOAT, rows, classes);
            INDArray inDouble = Nd4j.zeros(DataType.DOUBLE, rows, classes);

            double sum = Pass.sumAndGradient(batch, 0.01, Rows.of(both));
            Pass.gradient(batch, 0.01, Rows.of(alone));

            assertThat(Pass.sum(batch, 0.01)).isEqualTo((Double) sum);
            assertThat(alone.data().asFloat()).isEqualTo(both.data().asFloat());
            double exact = Pass.sumAndGradient(batch, 0.01, Rows.of(inDouble));
            if (Double.isFinite(exact)) {
                assertThat(sum).isCloseTo(exact, withinPercentage(1e-5));
            } else {
                assertThat(sum).isEqualTo((Double) exact);
            }
            float[] rounded = inDouble.castTo(DataType.FLOAT).data().asFloat();
            for (int i = (rows - 2) * classes;
                    i < (rows - 1) * classes && special != 0 && !(kernel instanceof HuberKernel);
                    i++) {
                assertThat(both.data().getFloat(i)).isEqualTo((Float) rounded[i]);
            }
        }
    }

    @Test
    void floatsServeManyClassesUnlessSingleOutputsAreMasked() {
        assumeFloatForm();
        for (Kernel kernel : new Kernel[] {probabilities(), new SoftmaxDivergenceKernel(false)}) {
            assertThat(formOfDense(kernel, DataType.FLOAT, 500, null)).isEqualTo(Form.FLOAT);
            assertThat(formOfDense(kernel, DataType.FLOAT, 64, null)).isEqualTo(Form.FLOAT);
            assertThat(formOfDense(kernel, DataType.FLOAT, 63, null)).isEqualTo(Form.COLUMNS);
            assertThat(formOfDense(kernel, DataType.DOUBLE, 500, null)).isEqualTo(Form.DOUBLE);
        }
        assertThat(formOfDense(new SoftmaxDivergenceKernel(false), DataType.FLOAT, 500, Nd4j.ones(ROWS, 500)))
                .isEqualTo(Form.DOUBLE);
        assertThat(formOfDense(new SoftmaxDivergenceKernel(true), DataType.FLOAT, 500, null))
                .isEqualTo(Form.DOUBLE);
        assertThat(formOfIndices(0.1, DataType.FLOAT, DataType.FLOAT, 500)).isEqualTo(Form.FLOAT);
    }

    /** In the last block of a row, and in the one before; a target, and an input. */
    @ParameterizedTest
    @CsvSource({
        "0.001, 0, 500",
        "0.001, 0, 3000",
        "-1e-42, 0, 500",
        "-0.001, 0, 3000",
        "NaN, 0, 500",
        "1e30, 0, 500",
        "0, 60, 500",
        "0, 60, 3000",
        "0, 100, 500",
        "0, NaN, 3000",
        "0, -Infinity, 500",
        "0, Infinity, 500",
        "0.001, 0, 64",
        "-1e-42, 0, 100",
        "-0.001, 0, 70",
        "NaN, 0, 300",
        "1e30, 0, 383",
        "0, 60, 64",
        "0, 60, 90",
        "0, 100, 65",
        "0, NaN, 100",
        "0, -Infinity, 200",
        "0, Infinity, 77"
    })
    void whatIsAskedForDoesNotChangeTheBitsOfRows(double target, double logit, int classes) {
        assumeFloatForm();
        int rows = 40;
        INDArray input = Nd4j.randn(DataType.FLOAT, rows, classes);
        input.putScalar(rows - 2, classes - 3, logit);
        INDArray targets = Nd4j.rand(DataType.FLOAT, rows, classes).muli(2.0 / classes);
        targets.putScalar(rows - 3, 3, target);
        Batch rowLosses = Batch.rows(probabilities(), Rows.of(input), Rows.of(targets), null, Place.DIRECT);
        Kernel divergence = new SoftmaxDivergenceKernel(false);
        Batch elements = Batch.elements(divergence, Rows.of(input), Rows.of(targets), null, Place.DIRECT, null);
        for (Batch batch : new Batch[] {rowLosses, elements}) {
            INDArray both = Nd4j.zeros(DataType.FLOAT, rows, classes);
            INDArray alone = Nd4j.zeros(DataType.FLOAT, rows, classes);
            INDArray inDouble = Nd4j.zeros(DataType.DOUBLE, rows, classes);

            double sum = Pass.sumAndGradient(batch, 0.01, Rows.of(both));
            Pass.gradient(batch, 0.01, Rows.of(alone));

            assertThat(Pass.sum(batch, 0.01)).isEqualTo((Double) sum);
            assertThat(alone.data().asFloat()).isEqualTo(both.data().asFloat());
            double exact = Pass.sumAndGradient(batch, 0.01, Rows.of(inDouble));
            if (Double.isFinite(exact)) {
                assertThat(sum).isCloseTo(exact, withinPercentage(1e-5));
            } else {
                assertThat(sum).isEqualTo((Double) exact);
            }
            for (int i = 0; i < rows * classes; i++) {
                double expected = inDouble.data().getDouble(i);
                if (Double.isFinite(expected)) {
                    double term = Math.max(
                            Math.abs(expected), 0.01 * Math.abs(targets.data().getFloat(i)));
                    assertThat(both.data().getDouble(i)).isCloseTo(expected, within(4.0 * Math.ulp((float) term)));
                } else {
                    assertThat(both.data().getDouble(i)).isEqualTo((Double) expected);
                }
            }
        }
    }

    /** A class that is nearly certain, whose loss is small, between large ones; in each block, and in the last one. */
    @ParameterizedTest
    @CsvSource({
        "1000, 3",
        "1000, 999",
        "1000, 700",
        "3000, 5",
        "3000, 1500",
        "3000, 2999",
        "64, 0",
        "64, 63",
        "100, 30",
        "100, 99",
        "383, 200"
    })
    void aConfidentRowKeepsItsDigits(int classes, int certain) {
        assumeFloatForm();
        for (double shift : new double[] {-50, 0, 50}) {
            INDArray input = Nd4j.randn(DataType.FLOAT, 1, classes).addi(shift);
            input.putScalar(0, certain, shift + 15);
            INDArray targets = Nd4j.zeros(DataType.FLOAT, 1, classes);
            targets.putScalar(0, certain, 1);
            targets.putScalar(0, (certain + 1) % classes, 1e-12);
            Batch batch = Batch.rows(probabilities(), Rows.of(input), Rows.of(targets), null, Place.DIRECT);
            Batch inDouble = Batch.rows(
                    probabilities(),
                    Rows.of(input.castTo(DataType.DOUBLE)),
                    Rows.of(targets.castTo(DataType.DOUBLE)),
                    null,
                    Place.DIRECT);
            INDArray gradient = Nd4j.zeros(DataType.FLOAT, 1, classes);
            INDArray exact = Nd4j.zeros(DataType.DOUBLE, 1, classes);

            double loss = Pass.sumAndGradient(batch, 1, Rows.of(gradient));

            assertThat(loss).isCloseTo(Pass.sumAndGradient(inDouble, 1, Rows.of(exact)), withinPercentage(1e-4));
            assertThat(gradient.getDouble(0, certain)).isCloseTo(exact.getDouble(0, certain), withinPercentage(1e-4));
        }
    }

    /** A masked row may hold anything. */
    @ParameterizedTest
    @ValueSource(ints = {100, 500})
    void maskedRowsStopNothingInFloat(int classes) {
        assumeFloatForm();
        INDArray input = Nd4j.zeros(DataType.FLOAT, ROWS, classes);
        input.putRow(4, Nd4j.valueArrayOf(new long[] {classes}, Float.NaN, DataType.FLOAT));
        INDArray mask = Nd4j.ones(DataType.FLOAT, ROWS, 1);
        mask.putScalar(4, 0, 0);
        INDArray target = Nd4j.valueArrayOf(new long[] {ROWS, classes}, 1.0 / classes, DataType.FLOAT);
        OutputMask outputMask = OutputMask.of(mask, ROWS, classes, "the softmax couples them");
        Batch batch = Batch.rows(probabilities(), Rows.of(input), Rows.of(target), outputMask, Place.DIRECT);
        INDArray gradient = Nd4j.valueArrayOf(new long[] {ROWS, classes}, 9, DataType.FLOAT);

        assertThat(Pass.form(batch, Results.sum())).isEqualTo(Form.FLOAT);
        assertThat(Pass.sumAndGradient(batch, 1, Rows.of(gradient)))
                .isCloseTo((ROWS - 1) * Math.log(classes), within(1e-5));
        assertThat(gradient.getRow(4).sumNumber().doubleValue()).isZero();
        assertThat(gradient.maxNumber().doubleValue()).isCloseTo(0, within(1e-9));
    }

    /** A masked element may hold anything. */
    @Test
    void maskedElementsStopNothingInFloat() {
        assumeFloatForm();
        INDArray input = Nd4j.valueArrayOf(new long[] {ROWS, 3}, 2, DataType.FLOAT);
        INDArray target = Nd4j.valueArrayOf(new long[] {ROWS, 3}, 1, DataType.FLOAT);
        INDArray mask = Nd4j.ones(DataType.FLOAT, ROWS, 3);
        input.putScalar(4, 1, Float.NaN);
        target.putScalar(5, 2, Float.POSITIVE_INFINITY);
        mask.putScalar(4, 1, 0);
        mask.putScalar(5, 2, 0);
        Batch batch = Batch.elements(
                new SquaredErrorKernel(),
                Rows.of(input),
                Rows.of(target),
                OutputMask.of(mask, ROWS, 3, null),
                Place.DIRECT,
                null);
        INDArray gradient = Nd4j.zeros(DataType.FLOAT, ROWS, 3);

        assertThat(Pass.form(batch, Results.sum())).isEqualTo(Form.FLOAT);
        assertThat(Pass.sumAndGradient(batch, 1, Rows.of(gradient))).isEqualTo(ROWS * 3 - 2.0);
        assertThat(gradient.getDouble(4, 1)).isZero();
        assertThat(gradient.getDouble(5, 2)).isZero();
        assertThat(gradient.sumNumber().doubleValue()).isEqualTo(2 * (ROWS * 3 - 2.0));
    }

    @Test
    void whereNoRowIsLeftOutNoneHasToBeCleared() {
        boolean[] skip = new boolean[ROWS];

        assertThat(ofIndices(indexKernel(0, 4), DataType.FLOAT, 4).markSkipped(0, ROWS, skip))
                .isFalse();
        assertThat(skip).containsOnly(false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void floatsGoThroughInOnePartAndIgnoredRowsStopNothing(int ignored) {
        assumeFloatForm();
        INDArray input = Nd4j.zeros(DataType.FLOAT, ROWS, 4);
        INDArray target = Nd4j.zeros(DataType.INT64, ROWS);
        if (ignored > 0) {
            input.putRow(4, Nd4j.valueArrayOf(new long[] {4}, Float.NaN, DataType.FLOAT));
            target.putScalar(4, (double) NONE);
        }
        ClassTargets classTargets =
                ClassTargets.fromIndices(Rows.ofSingles(target), ClassRange.ignoring(NONE, 4), null, Place.DIRECT);
        Batch batch = Batch.classes(indexKernel(0, 4), Rows.of(input), classTargets, Place.DIRECT, ROWS);
        INDArray gradient = Nd4j.zeros(DataType.FLOAT, ROWS, 4);

        Tiles tiles = tiles(batch, Results.sumAndGradient(Rows.of(gradient)));

        assertThat(tiles.run(0, ROWS, 2)).isTrue();
        assertThat(tiles.sum()).isCloseTo((ROWS - ignored) * Math.log(4), within(1e-5));
        for (int row = 0; row < ROWS; row++) {
            double[] expected = ignored > 0 && row == 4 ? new double[4] : new double[] {-1.5, 0.5, 0.5, 0.5};
            assertThat(gradient.getRow(row).toDoubleVector()).containsExactly(expected);
        }
    }

    /** Fills the thread's working arrays. */
    private static void leaveBehind(double value, int classes) {
        INDArray input = Nd4j.valueArrayOf(new long[] {64, classes}, value, DataType.DOUBLE);
        Batch batch = Batch.rows(probabilities(), Rows.of(input), Rows.of(input.dup()), null, Place.DIRECT);
        Results results = Results.sumAndGradient(Rows.of(input.dup()));
        assertThat(new ColumnTiles(batch, 64, results).run(0, 64, 1)).isFalse();
    }

    @Test
    void aTileOfColumnsHasAWholeNumberOfVectors() {
        assertThat(Arrays.stream(new int[] {1, 7, 8, 9, 64, 127}).map(ColumnTiles::rows))
                .containsExactly(512, 512, 512, 512, 64, 64);
    }
}
