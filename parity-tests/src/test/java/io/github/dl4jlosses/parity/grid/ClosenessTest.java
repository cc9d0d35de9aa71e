/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which results may differ from torch's where the exact one, 1e39, is beyond the largest float32. */
class ClosenessTest {
    private static final double EXACT = 1e39;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @ValueSource(doubles = {Float.MAX_VALUE, -INFINITY, Double.NaN})
    void anElementThatOverflowsIsInfinite(double torch) {
        assertThat(Closeness.isBetterElement(TorchType.FLOAT32, INFINITY, torch, EXACT, 1))
                .isTrue();
        assertThat(Closeness.isBetterElement(TorchType.FLOAT32, -INFINITY, torch, EXACT, 1))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Float.MAX_VALUE, -INFINITY, Double.NaN})
    void aValueHoldsTheNumberThatItsTypeDoesNot(double torch) {
        assertThat(Closeness.isBetter(TorchType.FLOAT32, EXACT, torch, EXACT, 1))
                .isTrue();
        assertThat(Closeness.isBetter(TorchType.FLOAT32, INFINITY, torch, EXACT, 1))
                .isFalse();
    }
}
