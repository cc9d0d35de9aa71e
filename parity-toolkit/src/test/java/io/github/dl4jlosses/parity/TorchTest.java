/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchTest {

    @AfterEach
    void backToOneThread() {
        Torch.setThreads(1);
    }

    @Test
    void theNumberOfThreadsCanBeSet() {
        Torch.setThreads(2);
        assertThat(Torch.threads()).isEqualTo(2);
    }

    @Test
    void noThreadsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Torch.setThreads(0))
                .withMessageContaining("got 0");
    }
}
