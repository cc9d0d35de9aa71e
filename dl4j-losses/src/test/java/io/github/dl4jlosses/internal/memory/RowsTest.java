/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against ND4J's own {@code getDouble(index)}, element by element. */
class RowsTest {
    private static final Random RANDOM = PrintedSeed.randomFor(RowsTest.class);

    private static final List<long[]> SHAPES = List.of(
            new long[] {},
            new long[] {1},
            new long[] {7},
            new long[] {1, 1},
            new long[] {1, 5},
            new long[] {5, 1},
            new long[] {3, 7},
            new long[] {13, 4},
            new long[] {2, 3, 5},
            new long[] {3, 1, 4},
            new long[] {1, 6, 1},
            new long[] {2, 3, 1, 5},
            new long[] {3, 2, 4, 3},
            new long[] {2, 3, 2, 1, 3},
            // enough for copies of whole runs
            new long[] {700},
            new long[] {9, 130},
            new long[] {3, 4, 80},
            // more rows side by side than are read ahead
            new long[] {150, 9},
            new long[] {2, 11, 70});

    static Stream<Arguments> layoutsAndShapes() {
        return Arrays.stream(Layout.values())
                .flatMap(layout -> SHAPES.stream()
                        // a scalar has no block and no order
                        .filter(shape -> shape.length > 0 || layout == Layout.C || layout == Layout.COLUMN)
                        .map(shape -> Arguments.of(layout, shape)));
    }

    @ParameterizedTest
    @MethodSource("layoutsAndShapes")
    void rowsAreReadAlongTheClassDimension(Layout layout, long[] shape) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16)) {
            INDArray array = layout.place(eighths(type, shape)).array();
            readsAs(Rows.of(array), inRows(array, classDimension(shape)));
        }
    }

    @ParameterizedTest
    @MethodSource("layoutsAndShapes")
    void floatsAreReadAndWrittenAsTheyAre(Layout layout, long[] shape) {
        INDArray numbers = eighths(DataType.FLOAT, shape);
        Layout.Placed read = layout.place(numbers);
        Layout.Placed written = layout.place(eighths(DataType.FLOAT, shape));
        Rows from = Rows.of(read.array());
        Rows to = Rows.of(written.array());
        assertThat(from.areFloats()).isTrue();

        for (int first = 0; first < from.count(); first += 3) {
            int n = (int) Math.min(3, from.count() - first);
            float[] values = new float[n * from.classes()];
            from.read(first, n, values);
            to.write(first, n, values);
        }

        assertThat(written.bytes()).isEqualTo(read.bytes());
        assertThat(Rows.of(numbers.castTo(DataType.DOUBLE)).areFloats()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("layoutsAndShapes")
    void columnsAreReadAndWritten(Layout layout, long[] shape) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16)) {
            for (int rowsAtOnce : new int[] {1, 2, 5, 1000}) {
                Layout.Placed read = layout.place(eighths(type, shape));
                Layout.Placed written = layout.place(eighths(type, shape));
                Rows from = Rows.of(read.array());
                Rows to = Rows.of(written.array());
                double[] expected = inRows(read.array(), classDimension(shape));

                for (int first = 0; first < from.count(); first += rowsAtOnce) {
                    int n = (int) Math.min(rowsAtOnce, from.count() - first);
                    double[][] columns = new double[from.classes()][n];
                    from.readColumns(first, n, columns);
                    for (int i = 0; i < n * from.classes(); i++) {
                        assertThat(columns[i % from.classes()][i / from.classes()])
                                .isEqualTo(expected[first * from.classes() + i]);
                    }
                    to.writeColumns(first, n, columns);
                }
                to.written();

                assertThat(written.bytes()).isEqualTo(read.bytes());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layoutsAndShapes")
    void singlesAreReadInRowMajorOrderWhateverTheirDtype(Layout layout, long[] shape) {
        for (DataType type : List.of(
                DataType.FLOAT,
                DataType.INT64,
                DataType.INT32,
                DataType.INT16,
                DataType.INT8,
                DataType.UINT8,
                DataType.UINT16,
                DataType.UINT32,
                DataType.UINT64,
                DataType.BOOL)) {
            INDArray numbers = eighths(DataType.DOUBLE, shape).mul(type.isFPType() ? 1 : 8);
            INDArray array = layout.place(numbers.castTo(type)).array();
            readsAs(Rows.ofSingles(array), inRows(array, -1));
        }
    }

    @ParameterizedTest
    @MethodSource("layoutsAndShapes")
    void singleNumbersAreFoundWhereTheyAre(Layout layout, long[] shape) {
        INDArray floating = layout.place(eighths(DataType.FLOAT, shape)).array();
        INDArray integers = layout.place(eighths(DataType.DOUBLE, shape).mul(8).castTo(DataType.INT64))
                .array();
        double[] expectedFloating = inRows(floating, -1);
        double[] expectedIntegers = inRows(integers, -1);

        for (int row = 0; row < expectedFloating.length; row++) {
            assertThat(Rows.ofSingles(floating).doubleAt(row)).isEqualTo(expectedFloating[row]);
            assertThat(Rows.ofSingles(integers).longAt(row)).isEqualTo((long) expectedIntegers[row]);
        }
    }

    @ParameterizedTest
    @MethodSource("layoutsAndShapes")
    void rowsAreWrittenAndNothingAroundThem(Layout layout, long[] shape) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16)) {
            for (int rowsAtOnce : new int[] {1, 2, 3, 1000}) {
                // GIVEN numbers, placed once by ND4J
                INDArray numbers = eighths(type, shape);
                Layout.Placed expected = layout.place(numbers);
                Layout.Placed written = layout.place(eighths(type, shape));

                // WHEN the same numbers are written by rows
                Rows rows = Rows.of(written.array());
                double[] values = inRows(numbers, classDimension(shape));
                write(rows, values, rowsAtOnce);

                // THEN all of the memory is the same
                assertThat(written.bytes()).isEqualTo(expected.bytes());
            }
        }
    }

    private static void write(Rows rows, double[] values, int rowsAtOnce) {
        for (int first = 0; first < rows.count(); first += rowsAtOnce) {
            int n = (int) Math.min(rowsAtOnce, rows.count() - first);
            rows.write(first, n, Arrays.copyOfRange(values, first * rows.classes(), values.length));
        }
        rows.written();
    }

    @ParameterizedTest
    @EnumSource
    void longsBeyondTheReachOfADoubleAreExact(Layout layout) {
        long large = (1L << 53) + 1;
        INDArray values = Nd4j.createFromArray(new long[][] {{large, -large}, {Long.MAX_VALUE, Long.MIN_VALUE}});
        INDArray array = layout.place(values).array();

        assertThat(Rows.ofSingles(array).longAt(0)).isEqualTo(large);
        assertThat(Rows.ofSingles(array).longAt(1)).isEqualTo(-large);
        assertThat(Rows.ofSingles(array).longAt(2)).isEqualTo(Long.MAX_VALUE);
        assertThat(Rows.ofSingles(array).longAt(3)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void rowsThatWereReadAheadAreReadAnewOnceOneOfThemIsWritten() {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16)) {
            Rows rows = Rows.of(Layout.F.place(eighths(type, 40, 9)).array());
            double[] row = new double[9];
            rows.read(3, 1, row);
            row[8] = -5;
            rows.write(4, 1, row);

            double[] again = new double[9];
            rows.read(4, 1, again);

            assertThat(again).isEqualTo(row);
        }
    }

    @Test
    void arraysThatAreReadAheadAtOneTimeDoNotDisturbEachOther() {
        List<INDArray> arrays = new ArrayList<>();
        List<Rows> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            arrays.add(Layout.F
                    .place(eighths(i == 2 ? DataType.DOUBLE : DataType.FLOAT, 40, 9))
                    .array());
            rows.add(Rows.of(arrays.get(i)));
        }
        for (int step = 0; step < 400; step++) {
            int i = RANDOM.nextInt(4);
            int row = RANDOM.nextInt(38);
            double[] values = new double[2 * 9];
            rows.get(i).read(row, 2, values);
            for (int k = 0; k < values.length; k++) {
                assertThat(values[k]).isEqualTo(arrays.get(i).getDouble(row + k / 9, k % 9));
            }
        }
    }

    @Test
    void emptyArraysHaveNoElements() {
        for (long[] shape : List.of(new long[] {0, 3}, new long[] {3, 0}, new long[] {2, 3, 0})) {
            Rows rows = Rows.of(Nd4j.createUninitialized(DataType.FLOAT, shape));
            assertThat(rows.length()).isZero();
            assertThat(rows.count() * rows.classes()).isZero();
        }
        assertThat(Rows.of(Nd4j.createUninitialized(DataType.FLOAT, new long[] {3, 0}))
                        .count())
                .isEqualTo(3);
    }

    @Test
    void integerArraysAreReadOnly() {
        Rows rows = Rows.of(Nd4j.createFromArray(new int[] {1, 2}));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> rows.write(0, 1, new double[] {1, 2}));
    }

    @Test
    void anIndexNamesTheElementInTheArray() {
        INDArray array = eighths(DataType.FLOAT, 2, 3, 4, 5);
        Rows rows = Rows.of(array);
        double[] expected = inRows(array, 1);

        assertThat(rows.index(0, 0)).isEqualTo("[0, 0, 0, 0]");
        assertThat(rows.index(27, 2)).isEqualTo("[1, 2, 1, 2]");
        assertThat(array.getDouble(1, 2, 1, 2)).isEqualTo(expected[27 * 3 + 2]);
        assertThat(Rows.of(Nd4j.scalar(1f)).index(0, 0)).isEmpty();
        assertThat(Rows.of(Nd4j.ones(4)).index(0, 3)).isEqualTo("[3]");
        assertThat(Rows.ofSingles(Nd4j.ones(4)).index(3, 0)).isEqualTo("[3]");
        assertThat(Rows.ofSingles(Nd4j.ones(2, 3)).index(4, 0)).isEqualTo("[1, 1]");
    }

    // ---- the witness ----

    private static void readsAs(Rows rows, double[] expected) {
        assertThat(rows.length()).isEqualTo(expected.length);
        int classes = rows.classes();
        for (int rowsAtOnce : new int[] {1, 2, 3, 5, 1000}) {
            for (int first = 0; first < rows.count(); first += rowsAtOnce) {
                int n = (int) Math.min(rowsAtOnce, rows.count() - first);
                double[] values = new double[n * classes];
                rows.read(first, n, values);
                assertThat(values)
                        .as(
                                "%s rows from %s on of shape %s",
                                n, first, Arrays.toString(rows.array().shape()))
                        .isEqualTo(Arrays.copyOfRange(expected, first * classes, (first + n) * classes));
            }
        }
    }

    private static int classDimension(long[] shape) {
        return shape.length == 0 ? -1 : Math.min(1, shape.length - 1);
    }

    /** Every element by its index, the class dimension innermost, the others in order. */
    private static double[] inRows(INDArray array, int classDimension) {
        List<Integer> order = new ArrayList<>();
        for (int d = 0; d < array.rank(); d++) {
            if (d != classDimension) {
                order.add(d);
            }
        }
        if (classDimension >= 0) {
            order.add(classDimension);
        }
        double[] values = new double[Math.toIntExact(array.length())];
        long[] index = new long[array.rank()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.rank() == 0 ? array.getDouble(0) : array.getDouble(index);
            increment(index, array.shape(), order);
        }
        return values;
    }

    private static void increment(long[] index, long[] shape, List<Integer> order) {
        for (int i = order.size() - 1; i >= 0; i--) {
            int d = order.get(i);
            index[d]++;
            if (index[d] < shape[d]) {
                return;
            }
            index[d] = 0;
        }
    }

    /** Multiples of 1/8 below 16: exact in every dtype. */
    private static INDArray eighths(DataType type, long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = DoubleStream.generate(() -> RANDOM.nextInt(128) / 8.0)
                .limit(length)
                .toArray();
        return Nd4j.createFromArray(values).reshape(shape).castTo(type);
    }
}
