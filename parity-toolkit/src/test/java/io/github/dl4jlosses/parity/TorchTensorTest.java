/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TorchTensorTest {

    private static final INDArray MATRIX = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}});

    @ParameterizedTest
    @EnumSource
    void arraysOfEveryTypeGoThereAndBack(TorchType type) {
        double[] values = {0, 1, 0, 1, 1, 0};
        INDArray array = TorchTensor.of(type, values, 2, 1, 3).toArray();
        assertThat(array.shape()).containsExactly(2, 1, 3);
        assertThat(TorchTensor.of(array)).isEqualTo(TorchTensor.of(type, values, 2, 1, 3));
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "INT8", "INT16", "INT32", "INT64"})
    void extremeIntegersGoThereAndBack(TorchType type) {
        long[] values = {type.wrap(Long.MAX_VALUE), type.wrap(Long.MIN_VALUE), type.wrap(200), type.wrap(40000)};
        TorchTensor tensor = TorchTensor.of(type, values, 4);
        assertThat(TorchTensor.of(tensor.toArray())).isEqualTo(tensor);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void specialValuesGoThereAndBack(TorchType type) {
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.1, -3e4};
        TorchTensor tensor = TorchTensor.of(type, values, 6);
        assertThat(TorchTensor.of(tensor.toArray())).isEqualTo(tensor);
    }

    @Test
    void columnMajorArraysAreReadInRowOrder() {
        assertThat(TorchTensor.of(MATRIX.dup('f')).toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void viewsAreReadThroughTheirStrides() {
        INDArray view = MATRIX.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
        assertThat(TorchTensor.of(view)).isEqualTo(TorchTensor.of(TorchType.FLOAT64, new double[] {2, 3, 5, 6}, 2, 2));
        assertThat(TorchTensor.of(MATRIX.transpose()).toDoubles()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void scalarsHaveNoDimensions() {
        TorchTensor scalar = TorchTensor.of(Nd4j.scalar(2.5f));
        assertThat(scalar.shape()).isEmpty();
        assertThat(scalar.item()).isEqualTo(2.5);
        assertThat(scalar.toArray().rank()).isZero();
    }

    @Test
    void emptyArraysKeepTheirShape() {
        TorchTensor empty = TorchTensor.of(Nd4j.create(DataType.FLOAT, 0, 3));
        assertThat(empty.shape()).containsExactly(0, 3);
        assertThat(empty.toArray().shape()).containsExactly(0, 3);
        assertThat(TorchTensor.of(Nd4j.empty(DataType.INT64)).shape()).containsExactly(0);
    }

    @Test
    void roundingIsThatOfTorch() {
        Random random = new Random(42);
        double[] values = random.doubles(20_000)
                .map(v -> (v - 0.5) * Math.scalb(1.0, random.nextInt(60) - 40))
                .toArray();
        TorchFunction same = TorchFunction.of("torch.to(x, int(type))", "x", "type");
        for (TorchType type : TorchType.values()) {
            if (type.isFloatingPoint()) {
                TorchTensor code = TorchTensor.scalar(TorchType.INT64, type.code());
                TorchTensor byTorch = same.call(TorchTensor.of(TorchType.FLOAT64, values, values.length), code)
                        .value();
                assertThat(TorchTensor.of(type, values, values.length))
                        .as("seed 42")
                        .isEqualTo(byTorch);
            }
        }
    }

    @Test
    void integersBeyondDoublesStayExact() {
        TorchTensor tensor = TorchTensor.of(TorchType.INT64, new long[] {Long.MAX_VALUE - 1});
        assertThat(TorchTensor.of(tensor.toArray()).toLongs()).containsExactly(Long.MAX_VALUE - 1);
        TorchFunction same = TorchFunction.of("x", "x");
        assertThat(same.call(tensor).value()).isEqualTo(tensor);
    }

    @Test
    void conversionDropsFractionsAndKeepsLowBits() {
        TorchTensor tensor = TorchTensor.of(TorchType.FLOAT32, new double[] {-1.5, 0.5, 300}, 3);
        assertThat(tensor.to(TorchType.INT64).toLongs()).containsExactly(-1, 0, 300);
        assertThat(tensor.to(TorchType.INT64).to(TorchType.UINT8).toLongs()).containsExactly(255, 0, 44);
        assertThat(tensor.to(TorchType.BOOL).toLongs()).containsExactly(1, 1, 1);
        assertThat(tensor.to(TorchType.FLOAT32)).isSameAs(tensor);
    }

    @Test
    void theCallersArraysAreCopied() {
        long[] values = {1, 2};
        TorchTensor tensor = TorchTensor.of(TorchType.INT64, values, 2);
        values[0] = 7;
        tensor.toLongs()[1] = 7;
        tensor.shape()[0] = 7;
        assertThat(tensor).isEqualTo(TorchTensor.of(TorchType.INT64, new long[] {1, 2}, 2));
        assertThat(tensor).hasToString("INT64[2] [1, 2]");
    }

    @Test
    void valuesThatDoNotFitAreRejected() {
        rejected("INT8 cannot hold 128, value 1", () -> TorchTensor.of(TorchType.INT8, new double[] {0, 128}, 2));
        rejected("INT64 cannot hold 0.5, value 0", () -> TorchTensor.scalar(TorchType.INT64, 0.5));
        rejected("Shape [2, 2] does not fit 3 values", () -> TorchTensor.of(TorchType.FLOAT32, new double[3], 2, 2));
        rejected("torch has no counterpart of ND4J's UINT32", () -> TorchTensor.of(Nd4j.create(DataType.UINT32, 2)));
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        TorchTensor.of(TorchType.FLOAT32, new double[2], 2).item())
                .withMessage("A tensor of shape [2] is not one value");
    }

    private static void rejected(String message, ThrowingCallable use) {
        assertThatIllegalArgumentException().isThrownBy(use).withMessage(message);
    }
}
