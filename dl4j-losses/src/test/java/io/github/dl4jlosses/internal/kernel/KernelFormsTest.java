/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The forms of a kernel, in double by rows and by columns and in float, against each other over odd sizes. */
class KernelFormsTest {
    private static final double SCALE = 0.37;
    private static final double LARGEST_WEIGHT = 2.5;

    private static final class Case {
        final int rows;
        final int classes;
        final double[] x;
        final double[] y;
        final int[] index;
        final boolean[] skip;

        Case(int rows, int classes, double magnitude) {
            Random random = new Random(31L * rows + classes);
            this.rows = rows;
            this.classes = classes;
            this.x = IntStream.range(0, rows * classes)
                    .mapToDouble(i -> (float) (random.nextGaussian() * magnitude))
                    .toArray();
            this.y = random.doubles((long) rows * classes).toArray();
            this.skip = new boolean[rows];
            this.index = new int[rows];
            for (int r = 0; r < rows; r++) {
                skip[r] = random.nextInt(5) == 0;
                index[r] = skip[r] ? -1 : random.nextInt(classes);
            }
        }

        Tile byRows(Kernel kernel, boolean inFloats) {
            int room = Workspace.padded(x.length);
            Tile tile = new Tile(
                    classes,
                    Arrays.copyOf(x, room),
                    Arrays.copyOf(y, room),
                    index,
                    skip,
                    new double[room],
                    new double[room],
                    true,
                    true,
                    null);
            tile.rows = rows;
            tile.inFloats = inFloats;
            kernel.compute(tile, SCALE);
            return tile;
        }

        ColumnTile byColumns(ColumnKernel kernel, boolean inFloats) {
            int length = Workspace.padded(rows);
            ColumnTile tile = new ColumnTile(
                    classes,
                    length,
                    columns(x, length),
                    columns(y, length),
                    index,
                    skip,
                    new double[length],
                    new double[classes][length],
                    true,
                    true);
            tile.rows = rows;
            tile.inFloats = inFloats;
            assertThat(kernel.compute(tile, SCALE)).isTrue();
            return tile;
        }

        private double[][] columns(double[] values, int length) {
            double[][] columns = new double[classes][length];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < classes && !skip[r]; c++) {
                    columns[c][r] = values[r * classes + c];
                }
            }
            return columns;
        }

        FloatTile inFloat(FloatKernel kernel) {
            return compute(kernel, FloatTile.ofClasses(classes, floats(x), index, skip, new double[rows], true, true));
        }

        FloatTile ofRowsInFloat(FloatKernel kernel) {
            return compute(kernel, FloatTile.ofRows(classes, floats(x), floats(y), skip, new double[rows], true, true));
        }

        private FloatTile compute(FloatKernel kernel, FloatTile tile) {
            tile.rows = rows;
            assertThat(kernel.compute(tile, SCALE)).isTrue();
            return tile;
        }
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[Workspace.padded(numbers.length)];
        for (int i = 0; i < numbers.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    static Stream<Arguments> sizes() {
        int[] rows = {1, 2, 7, 31, 64, 65, 300};
        int[] classes = {1, 2, 3, 8, 13, 21, 63};
        Stream<Arguments> small = IntStream.of(rows)
                .boxed()
                .flatMap(r -> IntStream.of(classes).boxed().map(c -> Arguments.of(r, c)));
        // rows that have loops of their own
        return Stream.concat(
                small,
                Stream.of(Arguments.of(1, 200), Arguments.of(5, 201), Arguments.of(3, 1500), Arguments.of(2, 5000)));
    }

    private static double[] weights(int classes) {
        return IntStream.range(0, classes).mapToDouble(c -> 0.5 + c % 3).toArray();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void classIndices(int rows, int classes) {
        for (double magnitude : new double[] {1e-3, 1, 12}) {
            Case numbers = new Case(rows, classes, magnitude);
            for (double[] weight : new double[][] {null, weights(classes)}) {
                for (double smoothing : new double[] {0, 0.1}) {
                    ClassIndexKernel kernel = new ClassIndexKernel(weight, 1 - smoothing, smoothing / classes, classes);
                    Tile expected = numbers.byRows(kernel, false);
                    if (kernel.inColumns() != null) {
                        assertSame(numbers, numbers.byColumns(kernel.inColumns(), false), expected, true);
                    }
                    if (kernel.inFloat() != null && smoothing == 0) {
                        assertSame(numbers, numbers.inFloat(kernel.inFloat()), expected);
                    } else if (kernel.inFloat() != null && kernel.inFloat().isWorthwhile(classes)) {
                        assertDifferences(numbers, numbers.inFloat(kernel.inFloat()), expected, 1, smoothing / classes);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void probabilities(int rows, int classes) {
        for (double magnitude : new double[] {1e-3, 1, 12}) {
            Case numbers = new Case(rows, classes, magnitude);
            ClassProbabilityKernel plain = new ClassProbabilityKernel(null, 1, 0);
            assertSame(numbers, numbers.byColumns(plain.inColumns(), false), numbers.byRows(plain, false), true);
            ClassProbabilityKernel all = new ClassProbabilityKernel(weights(classes), 0.9, 0.1 / classes);
            assertSame(numbers, numbers.byColumns(all.inColumns(), false), numbers.byRows(all, false), true);
            SoftmaxDivergenceKernel divergence = new SoftmaxDivergenceKernel(false);
            assertSame(
                    numbers,
                    numbers.byColumns(divergence.inColumns(), false),
                    numbers.byRows(divergence, false),
                    false);
        }
    }

    /** The larger magnitude is beyond {@link ShortExponential}. */
    @ParameterizedTest
    @MethodSource("sizes")
    void rowsOfFloatsAreExactBeyondAFloat(int rows, int classes) {
        for (double magnitude : new double[] {1e-3, 1, 4, 12}) {
            Case numbers = new Case(rows, classes, magnitude);
            for (Kernel kernel : new Kernel[] {
                new ClassIndexKernel(weights(classes), 0.9, 0.1 / classes, classes),
                new ClassProbabilityKernel(weights(classes), 0.9, 0.1 / classes),
                new SoftmaxDivergenceKernel(false),
                new LogitsKernel(weights(classes), weights(classes))
            }) {
                Tile expected = numbers.byRows(kernel, false);
                Tile actual = numbers.byRows(kernel, true);
                int losses = kernel.lossPerRow() ? 1 : classes;
                for (int r = 0; r < rows; r++) {
                    for (int i = r * losses; i < (r + 1) * losses && !numbers.skip[r]; i++) {
                        assertClose(actual.loss[i], expected.loss[i], 0x1p-36, 0x1p-8);
                    }
                    for (int i = r * classes; i < (r + 1) * classes && !numbers.skip[r]; i++) {
                        assertClose(actual.gradient[i], expected.gradient[i], 0x1p-44, 1);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void columnsOfFloatsAreExactBeyondAFloat(int rows, int classes) {
        for (double magnitude : new double[] {1e-3, 1, 4}) {
            Case numbers = new Case(rows, classes, magnitude);
            for (Kernel kernel : new Kernel[] {
                new ClassIndexKernel(weights(classes), 0.9, 0.1 / classes, classes),
                new ClassProbabilityKernel(weights(classes), 0.9, 0.1 / classes),
                new SoftmaxDivergenceKernel(false)
            }) {
                ColumnTile expected = numbers.byColumns(kernel.inColumns(), false);
                ColumnTile actual = numbers.byColumns(kernel.inColumns(), true);
                for (int r = 0; r < rows; r++) {
                    assertClose(actual.loss[r], expected.loss[r], 0x1p-40, 1);
                    for (int c = 0; c < classes; c++) {
                        assertClose(actual.gradient[c][r], expected.gradient[c][r], 0x1p-44, 1);
                    }
                }
            }
        }
    }

    /** One number that the vector loops do not take sends a whole tile through the scalar formulas. */
    @ParameterizedTest
    @MethodSource("sizes")
    void scalarFormulasGiveTheSame(int rows, int classes) {
        for (double magnitude : new double[] {1e-3, 1, 12, 40}) {
            for (Kernel kernel : new Kernel[] {
                new LogitsKernel(null, null),
                new LogitsKernel(weights(classes), weights(classes)),
                new BinaryCrossEntropyKernel.OfSigmoid(weights(classes), DataType.DOUBLE),
                new BinaryCrossEntropyKernel.OfSigmoid(null, DataType.FLOAT)
            }) {
                for (boolean hard : new boolean[] {false, true}) {
                    Case numbers = new Case(rows, classes, magnitude);
                    Arrays.setAll(numbers.y, i -> hard ? Math.rint(numbers.y[i]) : numbers.y[i]);
                    Case extreme = new Case(rows, classes, magnitude);
                    System.arraycopy(numbers.y, 0, extreme.y, 0, numbers.y.length);
                    int last = rows * classes - 1;
                    extreme.x[last] = 800;
                    Tile expected = numbers.byRows(kernel, false);
                    Tile actual = extreme.byRows(kernel, false);
                    // of logits nothing is lost; a probability is rounded before the target is subtracted
                    double term = kernel instanceof LogitsKernel && hard ? Double.MIN_NORMAL : 1;
                    for (int i = 0; i < last; i++) {
                        // a probability near 0 loses nothing, either, where the target is 0
                        boolean small = hard && numbers.y[i] == 0 && numbers.x[i] < -1;
                        assertClose(actual.loss[i], expected.loss[i], 1e-14, small ? Double.MIN_NORMAL : term);
                        assertClose(actual.gradient[i], expected.gradient[i], 1e-14, term);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void divergenceOfScalarFormulasIsTheSame(int rows, int classes) {
        Case numbers = new Case(rows, classes, 3);
        Case extreme = new Case(rows, classes, 3);
        int last = rows * classes - 1;
        extreme.y[last] = -1;
        numbers.y[0] = 0;
        extreme.y[0] = last == 0 ? -1 : 0;
        Kernel kernel = new DivergenceKernel(false);
        Tile expected = numbers.byRows(kernel, false);
        Tile actual = extreme.byRows(kernel, false);
        for (int i = 0; i < last; i++) {
            assertClose(actual.loss[i], expected.loss[i], 1e-14, Math.abs(numbers.y[i]));
            assertClose(actual.gradient[i], expected.gradient[i], 1e-14, 0);
        }
        assertThat(actual.loss[last]).isNaN();
    }

    /** The targets are 0 or 1, or 1 or -1, which all of these losses take. */
    @ParameterizedTest
    @MethodSource("sizes")
    void elements(int rows, int classes) {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
        for (double magnitude : new double[] {1e-3, 1, 12}) {
            Case numbers = new Case(rows, classes, magnitude);
            Arrays.setAll(numbers.y, i -> Math.rint(numbers.y[i]));
            assertNear(numbers, new SquaredErrorKernel());
            assertNear(numbers, new AbsoluteErrorKernel());
            if (numbers.x.length >= FloatLogits.FEWEST) {
                assertNear(numbers, new LogitsKernel(null, null));
                assertNear(numbers, new LogitsKernel(null, weights(classes)));
            }
            Arrays.setAll(numbers.y, i -> 2 * numbers.y[i] - 1);
            assertNear(numbers, new SoftMarginKernel());
            Arrays.setAll(numbers.x, i -> Math.abs(numbers.x[i]));
            assertNear(numbers, new PoissonNLLKernel(false, false, 1e-8));
        }
    }

    /** Within the roundings of the largest term. */
    private static void assertNear(Case numbers, ElementKernel kernel) {
        Tile expected = numbers.byRows(kernel, false);
        int n = numbers.x.length;
        int room = Workspace.padded(n);
        FloatTile tile = FloatTile.ofElements(
                numbers.classes, floats(numbers.x), floats(numbers.y), numbers.skip, new float[room], true, true);
        tile.rows = numbers.rows;
        assertThat(kernel.inFloat().compute(tile, SCALE)).isTrue();
        for (int i = 0; i < n; i++) {
            double x = Math.abs(numbers.x[i]);
            double y = Math.abs(numbers.y[i]);
            boolean isOfRates = kernel instanceof PoissonNLLKernel;
            double loss = isOfRates ? Math.max(x, y * Math.max(x, 20)) : x + y;
            double gradient = isOfRates ? Math.max(y, Math.abs(expected.gradient[i])) : 1e-30;
            assertClose(tile.losses[i], expected.loss[i], 6 * 0x1p-24, loss);
            assertClose(tile.x[i], expected.gradient[i], 6 * 0x1p-24, gradient);
        }
    }

    private static void assertSame(Case numbers, ColumnTile actual, Tile expected, boolean lossPerRow) {
        for (int r = 0; r < numbers.rows; r++) {
            if (numbers.skip[r]) {
                continue;
            }
            double loss = 0;
            int losses = lossPerRow ? 1 : numbers.classes;
            for (int i = r * losses; i < (r + 1) * losses; i++) {
                loss += expected.loss[i];
            }
            assertClose(actual.loss[r], loss, 1e-14, numbers.classes);
            for (int c = 0; c < numbers.classes; c++) {
                assertClose(actual.gradient[c][r], expected.gradient[r * numbers.classes + c], 1e-14, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void probabilitiesInFloat(int rows, int classes) {
        for (double magnitude : new double[] {1e-3, 1, 12}) {
            Case numbers = new Case(rows, classes, magnitude);
            for (Kernel kernel : new Kernel[] {
                new ClassProbabilityKernel(null, 1, 0),
                new ClassProbabilityKernel(weights(classes), 0.9, 0.1 / classes),
                new SoftmaxDivergenceKernel(false)
            }) {
                if (kernel.inFloat() != null && kernel.inFloat().isWorthwhile(classes)) {
                    int losses = kernel.lossPerRow() ? 1 : classes;
                    FloatTile actual = numbers.ofRowsInFloat(kernel.inFloat());
                    assertDifferences(numbers, actual, numbers.byRows(kernel, false), losses, 1);
                }
            }
        }
    }

    /** Losses of a row added up, and gradients with the digits of targets of about this size. */
    private static void assertDifferences(Case numbers, FloatTile actual, Tile expected, int losses, double target) {
        for (int r = 0; r < numbers.rows; r++) {
            if (numbers.skip[r]) {
                continue;
            }
            double loss = CompensatedSum.of(expected.loss, r * losses, losses);
            assertClose(actual.loss[r], loss, 4 * 0x1p-24, losses == 1 ? 1e-3 : numbers.classes);
            for (int i = r * numbers.classes; i < (r + 1) * numbers.classes; i++) {
                assertClose(actual.x[i], expected.gradient[i], 4 * 0x1p-24, SCALE * LARGEST_WEIGHT * target);
            }
        }
    }

    private static void assertSame(Case numbers, FloatTile actual, Tile expected) {
        for (int r = 0; r < numbers.rows; r++) {
            if (numbers.skip[r]) {
                continue;
            }
            assertClose(actual.loss[r], expected.loss[r], 4 * 0x1p-24, 1e-3);
            for (int i = r * numbers.classes; i < (r + 1) * numbers.classes; i++) {
                assertClose(actual.x[i], expected.gradient[i], 4 * 0x1p-24, 1e-3);
            }
        }
    }

    private static void assertClose(double actual, double expected, double tolerance, double largestTerm) {
        assertThat(Math.abs(actual - expected))
                .as("%s instead of %s", actual, expected)
                .isLessThanOrEqualTo(tolerance * Math.max(largestTerm, Math.abs(expected)));
    }
}
