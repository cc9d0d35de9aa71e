/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.Targets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loss of the example, beyond what the example compares. */
class FocalLossTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 5})
    void equalsTorchForOtherExponents(double gamma) {
        Parity.of(new FocalLoss(gamma))
                .targets(Targets.zeroOrOne())
                .against("(torch.binary_cross_entropy_with_logits(z, t, None, None, 0)"
                        + " * torch.sigmoid(z * (1 - 2 * t)) ** " + gamma + ").mean()")
                .check();
    }

    @Test
    void leavesMaskedRowsOut() {
        Parity.of(new FocalLoss(2))
                .targets(Targets.zeroOrOne())
                .masked()
                .against("(torch.binary_cross_entropy_with_logits(z, t, None, None, 0)"
                        + " * torch.sigmoid(z * (1 - 2 * t)) ** 2 * m).mean()")
                .check();
    }
}
