/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.spec.memory.Layout;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which of several errors is named, and what an error leaves behind: nothing. */
class ErrorOrderTest extends Refusals {
    private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();
    private static final CrossEntropyLoss WEIGHTED =
            CrossEntropyLoss.builder().weight(1, 2, 3).build();
    private static final BCELoss BINARY = new BCELoss();
    private static final BCEWithLogitsLoss WITH_LOGITS = new BCEWithLogitsLoss();

    @Test
    void optionsComeBeforeValues() {
        refusedDirectly(WEIGHTED, halves(2, 2), indices(0, 9), "weight has 3 numbers");
        refusedDirectly(
                BCELoss.builder().weight(1, 2, 3).build(), halves(2, 2).mul(9), halves(2, 2), "weight has 3 numbers");
    }

    @Test
    void shapesComeBeforeValues() {
        refusedDirectly(CROSS_ENTROPY, halves(2, 2), indices(0, 9, 0), "batch_size");
        refusedDirectly(BINARY, halves(2, 2).mul(9), halves(3, 2), "target size");
    }

    @Test
    void inANetworkOptionsComeBeforeShapes() {
        refusedInANetwork(WEIGHTED, halves(2, 5), halves(2, 2), SOFTMAX, "weight has 3 numbers");
        refusedInANetwork(
                BCEWithLogitsLoss.builder().posWeight(1, 2, 3).build(),
                halves(2, 5),
                halves(2, 2),
                SIGMOID,
                "posWeight has 3 numbers");
    }

    @Test
    void inANetworkOptionsComeBeforeAMask() {
        refusedInANetwork(WEIGHTED, halves(2, 2), halves(2, 2), SOFTMAX, column(0.5, 1), "weight has 3 numbers");
    }

    @Test
    void inANetworkShapesComeBeforeTheValuesOfAMask() {
        refusedInANetwork(WITH_LOGITS, halves(2, 5), halves(2, 2), SIGMOID, column(0.5, 1), "[2, 5]");
    }

    @Test
    void anErrorChangesNothing() {
        // GIVEN a wrong value in the last row of many, so that rows before it have been read
        INDArray input = halves(3000, 3).putScalar(2999, 2, 1.5);
        INDArray target = halves(3000, 3);
        byte[] inputBefore = Layout.bytes(input);
        byte[] targetBefore = Layout.bytes(target);

        // WHEN
        refusedDirectly(BINARY, input, target, "1.5");
        refusedInANetwork(BINARY, target, input, IDENTITY, "1.5");

        // THEN
        assertThat(Layout.bytes(input)).isEqualTo(inputBefore);
        assertThat(Layout.bytes(target)).isEqualTo(targetBefore);
    }

    @Test
    void anErrorLeavesNoTraceInTheNextCall() {
        INDArray target = halves(2, 3);
        double before = BINARY.value(halves(2, 3), target);

        refusedDirectly(BINARY, halves(3000, 3).putScalar(2999, 2, 1.5), halves(3000, 3), "1.5");

        assertThat(BINARY.value(halves(2, 3), target)).isEqualTo(before);
    }
}
