/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Random numbers for a law: n rows of c classes, of one type. {@code -Dparity.seed=N} repeats a run. */
final class Trial {
    static final int TRIALS = 60;
    private static final double[] MAGNITUDES = {.1, 1, 10};

    final TorchType type;
    final int n;
    final int c;
    final Random random;
    private final int number;
    private final long seed;
    private final double magnitude;

    private Trial(int number, long seed) {
        this.number = number;
        this.seed = seed;
        this.random = new Random(seed + number);
        this.type = number % 2 == 0 ? TorchType.FLOAT64 : TorchType.FLOAT32;
        this.n = 1 + random.nextInt(6);
        this.c = 2 + random.nextInt(8);
        this.magnitude = MAGNITUDES[random.nextInt(MAGNITUDES.length)];
    }

    static Stream<Trial> all(Class<?> suite) {
        long seed = PrintedSeed.of(suite);
        return IntStream.range(0, TRIALS).mapToObj(number -> new Trial(number, seed));
    }

    INDArray logits() {
        return array(() -> magnitude * random.nextGaussian(), n, c);
    }

    /** Multiples of 1/1024, small enough that adding a power of two is exact in float32. */
    INDArray coarseLogits() {
        return array(() -> Math.rint(magnitude * random.nextGaussian() * 1024) / 1024, n, c);
    }

    long[] classes() {
        return random.ints(n, 0, c).asLongStream().toArray();
    }

    INDArray indices(long... classes) {
        return TorchTensor.of(TorchType.INT64, classes, classes.length).toArray();
    }

    INDArray oneHot(long... classes) {
        return array(new PlainRows(classes.length, c).oneHot(classes), classes.length, c);
    }

    INDArray distributions() {
        double[] rows = new double[n * c];
        for (int r = 0; r < n; r++) {
            double sum = 0;
            for (int i = r * c; i < (r + 1) * c; i++) {
                rows[i] = 1e-3 + random.nextDouble();
                sum += rows[i];
            }
            for (int i = r * c; i < (r + 1) * c; i++) {
                rows[i] /= sum;
            }
        }
        return array(rows, n, c);
    }

    double[] weights() {
        return random.doubles(c, .1, 3).toArray();
    }

    INDArray array(DoubleSupplier numbers, long... shape) {
        return array(FilledArray.numbers(numbers, shape), shape);
    }

    INDArray array(double[] values, long... shape) {
        return TorchTensor.of(type, values, shape).toArray();
    }

    static double[] doubles(INDArray array) {
        return TorchTensor.of(array).toDoubles();
    }

    /** Equal but for the rounding of arrays of this type: a few ulp of the largest number on the way. */
    void assertClose(INDArray actual, INDArray expected, double largestTerm) {
        assertThat(actual.shape()).containsExactly(expected.shape());
        double[] a = doubles(actual);
        double[] b = doubles(expected);
        for (int i = 0; i < a.length; i++) {
            assertClose(a[i], b[i], largestTerm);
        }
    }

    void assertClose(double actual, double expected, double largestTerm) {
        double unit = type == TorchType.FLOAT32 ? 0x1p-24 : 0x1p-53;
        double tolerance = 32 * unit * Math.max(1, Math.max(largestTerm, Math.abs(expected)));
        assertThat(Math.abs(actual - expected))
                .as("%s: %s instead of %s", this, actual, expected)
                .isLessThanOrEqualTo(tolerance);
    }

    void assertSameBits(INDArray actual, INDArray expected) {
        assertThat(doubles(actual)).as(toString()).isEqualTo(doubles(expected));
    }

    /** The largest magnitude, as the scale of tolerances. */
    static double largest(INDArray array) {
        double largest = 0;
        for (double value : doubles(array)) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @Override
    public String toString() {
        return "trial " + number + " of -Dparity.seed=" + seed + ", " + type + " [" + n + ", " + c + "]";
    }
}
