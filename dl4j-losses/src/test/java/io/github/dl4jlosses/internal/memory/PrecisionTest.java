/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.spec.memory.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The witness is the definition of the formats: (-1)^s 1.f 2^(e-bias), every pattern written out; the midpoint of two
 * neighbours is exact in a double, and the neighbour whose pattern is even is the right one there.
 */
class PrecisionTest {
    private static final int PATTERNS = 1 << 16;

    /** The 16-bit formats. */
    enum Format {
        HALF(DataType.FLOAT16, 10, 15),
        BFLOAT16(DataType.BFLOAT16, 7, 127);

        final DataType type;
        private final int fractionBits;
        private final int bias;
        /** The pattern of positive infinity; those below it are the finite positive numbers, in order. */
        final int infinity;

        Format(DataType type, int fractionBits, int bias) {
            this.type = type;
            this.fractionBits = fractionBits;
            this.bias = bias;
            this.infinity = (2 * bias + 1) << fractionBits;
        }

        double value(int pattern) {
            int magnitude = pattern & 0x7FFF;
            double sign = (pattern & 0x8000) == 0 ? 1 : -1;
            if (magnitude >= infinity) {
                return magnitude == infinity ? sign * Double.POSITIVE_INFINITY : Double.NaN;
            }
            int exponent = magnitude >> fractionBits;
            int fraction = magnitude & ((1 << fractionBits) - 1);
            return exponent == 0
                    ? sign * fraction * Math.pow(2, 1 - bias - fractionBits)
                    : sign * ((1 << fractionBits) + fraction) * Math.pow(2, exponent - bias - fractionBits);
        }

        /** Where the next number would be if the format had it, for the largest one. */
        double next(int pattern) {
            return pattern + 1 == infinity ? 2 * value(pattern) - value(pattern - 1) : value(pattern + 1);
        }

        double round(double value) {
            return Precision.round(value, type);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberOfTheFormatIsItsOwnRounding(Format format) {
        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            double value = format.value(pattern);
            same(format.round(value), value, value);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMidpointGoesToTheNeighbourWithTheEvenPattern(Format format) {
        for (int pattern = 0; pattern < format.infinity; pattern++) {
            double middle = (format.value(pattern) + format.next(pattern)) / 2;
            double even = format.value(pattern % 2 == 0 ? pattern : pattern + 1);
            same(format.round(middle), even, middle);
            same(format.round(-middle), -even, -middle);
        }
    }

    @ParameterizedTest
    @EnumSource
    void besideAMidpointTheNearerNeighbourWins(Format format) {
        for (int pattern = 0; pattern < format.infinity; pattern++) {
            double middle = (format.value(pattern) + format.next(pattern)) / 2;
            same(format.round(Math.nextDown(middle)), format.value(pattern), Math.nextDown(middle));
            same(format.round(Math.nextUp(middle)), format.value(pattern + 1), Math.nextUp(middle));
            same(format.round(-Math.nextUp(middle)), -format.value(pattern + 1), -Math.nextUp(middle));
        }
    }

    /** Its own edges are midpoints: of 0 and the smallest number, of the largest and where the next one would be. */
    @ParameterizedTest
    @EnumSource
    void farBeyondTheFormatAreZeroAndInfinity(Format format) {
        same(format.round(Double.MIN_VALUE), 0.0, Double.MIN_VALUE);
        same(format.round(-Double.MIN_VALUE), -0.0, -Double.MIN_VALUE);
        same(format.round(Double.MAX_VALUE), Double.POSITIVE_INFINITY, Double.MAX_VALUE);
        same(format.round(-Double.MAX_VALUE), Double.NEGATIVE_INFINITY, -Double.MAX_VALUE);
    }

    @Test
    void aDoubleIsRoundedOnceNotByWayOfFloat() {
        // just above a midpoint of halves, but so little that a float would fall on the midpoint
        double value = 1 + 0x1p-11 + 0x1p-40;
        assertThat((double) (float) value).isEqualTo(1 + 0x1p-11);
        assertThat(Precision.round(value, DataType.FLOAT16)).isEqualTo(1 + 0x1p-10);
    }

    @Test
    void floatAndDoubleAreRoundedAsJavaDoes() {
        assertThat(Precision.round(0.1, DataType.FLOAT)).isEqualTo((double) 0.1f);
        assertThat(Precision.round(0.1, DataType.DOUBLE)).isEqualTo(0.1);
    }

    @Test
    void anIntegerDtypeHasNoRounding() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Precision.round(1, DataType.INT32))
                .withMessageContaining("INT");
    }

    // ---- through ND4J's memory ----

    @ParameterizedTest
    @EnumSource
    void everyPatternIsReadAsItsNumber(Format format) {
        INDArray array = Nd4j.createUninitialized(format.type, PATTERNS);
        ByteBuffer memory = ByteBuffer.allocate(2 * PATTERNS).order(ByteOrder.nativeOrder());
        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            memory.putShort((short) pattern);
        }
        new org.bytedeco.javacpp.BytePointer(array.data().addressPointer()).put(memory.array());

        double[] read = new double[PATTERNS];
        Rows.ofSingles(array).read(0, PATTERNS, read);

        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            same(read[pattern], format.value(pattern), pattern);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberIsWrittenAsItsPattern(Format format) {
        double[] values = new double[PATTERNS];
        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            values[pattern] = format.value(pattern);
        }

        ByteBuffer memory = written(format, values);

        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            int stored = memory.getShort() & 0xFFFF;
            if (Double.isNaN(values[pattern])) {
                assertThat(format.value(stored)).isNaN();
            } else {
                assertThat(stored).as("pattern of %s", values[pattern]).isEqualTo(pattern);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsTheRoundedNumber(Format format) {
        // GIVEN every midpoint, and the doubles beside it
        double[] values = new double[3 * format.infinity];
        for (int pattern = 0; pattern < format.infinity; pattern++) {
            double middle = (format.value(pattern) + format.next(pattern)) / 2;
            values[3 * pattern] = Math.nextDown(middle);
            values[3 * pattern + 1] = -middle;
            values[3 * pattern + 2] = Math.nextUp(middle);
        }

        // WHEN
        ByteBuffer memory = written(format, values);

        // THEN
        for (double value : values) {
            same(format.value(memory.getShort()), format.round(value), value);
        }
    }

    private static ByteBuffer written(Format format, double[] values) {
        INDArray array = Nd4j.createUninitialized(format.type, values.length);
        Rows rows = Rows.ofSingles(array);
        rows.write(0, values.length, values);
        rows.written();
        return ByteBuffer.wrap(Layout.bytes(array)).order(ByteOrder.nativeOrder());
    }

    private static void same(double actual, double expected, double of) {
        // a description for each of the many numbers would take most of the time
        if (Double.compare(actual, expected) != 0) {
            assertThat(actual).as("of %s", of).isEqualTo(expected);
        }
    }
}
