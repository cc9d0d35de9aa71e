/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BroadcastTest {
    private final INDArray gradient = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {10, 20, 30}});

    @Test
    void aGradientOfTheArgumentsShapeAndDtypeIsHandedOnAsItIs() {
        assertThat(Broadcast.sumBack(gradient, Nd4j.zeros(DataType.DOUBLE, 2, 3)))
                .isSameAs(gradient);
    }

    @Test
    void anotherDtypeIsRoundedTo() {
        INDArray result = Broadcast.sumBack(gradient, Nd4j.zeros(DataType.FLOAT, 2, 3));

        assertThat(result.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(result.toDoubleMatrix()).isDeepEqualTo(gradient.toDoubleMatrix());
    }

    @Test
    void whatWasSpreadIsAddedUp() {
        assertThat(Broadcast.sumBack(gradient, Nd4j.zeros(DataType.DOUBLE, 2, 1))
                        .toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{6}, {60}});
        assertThat(Broadcast.sumBack(gradient, Nd4j.zeros(DataType.DOUBLE, 3)).toDoubleVector())
                .containsExactly(11, 22, 33);
    }
}
