/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Masks under which DL4J's own losses train: a swapped loss refuses them, and says what to do. */
class SwapRefusedMaskTest {
    private enum Program {
        KLD_UNDER_SOFTMAX,
        /** DL4J's own loss does not know of the softmax there. */
        MCXENT_ABOVE_SOFTMAX;

        private MultiLayerNetwork newNetwork() {
            NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                    .seed(5)
                    .dataType(DataType.DOUBLE)
                    .updater(new Sgd(.1));
            return NetworkKind.network(
                    switch (this) {
                        case KLD_UNDER_SOFTMAX ->
                            settings.list(new OutputLayer.Builder(new LossKLD())
                                            .activation(Activation.SOFTMAX)
                                            .nIn(2)
                                            .nOut(3)
                                            .build())
                                    .build();
                        case MCXENT_ABOVE_SOFTMAX ->
                            settings.list(
                                            new DenseLayer.Builder()
                                                    .activation(Activation.SOFTMAX)
                                                    .nIn(2)
                                                    .nOut(3)
                                                    .build(),
                                            new LossLayer.Builder(new LossMCXENT())
                                                    .activation(Activation.IDENTITY)
                                                    .build())
                                    .build();
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void theClassesOfOneSoftmaxAreNotMaskedIndividually(Program program) {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1}, {1, 0, 1}});

        assertRefused(
                program,
                mask,
                "mask differs within row 1 (column 0 is 1.0, column 1 is 0.0)",
                "for independent classes use BCEWithLogitsLoss; mask the whole row (shape [2, 1])");
    }

    @ParameterizedTest
    @EnumSource
    void aMaskIsNoWeight(Program program) {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {.5}});

        assertRefused(program, mask, "mask must be 0 or 1, got 0.5 (row 1)", "so it cannot serve as an example weight");
    }

    private static void assertRefused(Program program, INDArray mask, String fact, String advice) {
        DataSet batch = new DataSet(
                Nd4j.createFromArray(new double[][] {{1, -2}, {.5, 1}}),
                Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}}),
                null,
                mask);
        for (Scale scale : Scale.values()) {
            MultiLayerNetwork builtIn = program.newNetwork();
            MultiLayerNetwork swapped = LossSwap.swapAll(builtIn, scale).get();
            INDArray before = builtIn.params().dup();

            builtIn.fit(batch);

            assertThat(builtIn.score()).isFinite();
            assertThat(builtIn.params().distance2(before)).isPositive();
            for (Runnable use : List.<Runnable>of(() -> swapped.fit(batch), () -> swapped.score(batch))) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(fact)
                        .hasMessageContaining(advice);
            }
            assertThat(swapped.params()).isEqualTo(before);
        }
    }
}
