/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.Targets;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** Losses of rows with so many classes that float32 has loops of its own for them, under their heads, against live torch. */
class ManyClassesTest {
    private static final Random SEEDS = PrintedSeed.randomFor(ManyClassesTest.class);

    /** Within a block, a whole one, and several. */
    private static final long[][] SHAPES = {{5, 400}, {4, 1024}, {3, 2500}};

    static Stream<Arguments> losses() {
        TorchLoss smoothed = CrossEntropyLoss.builder().labelSmoothing(.1).build();
        return Stream.of(
                Arguments.of(new CrossEntropyLoss(), Targets.probabilities(), "torch.cross_entropy_loss(z, t)"),
                Arguments.of(smoothed, Targets.probabilities(), "torch.cross_entropy_loss(z, t, None, 1, -100, 0.1)"),
                Arguments.of(smoothed, Targets.classIndices(), "torch.cross_entropy_loss(z, t, None, 1, -100, 0.1)"),
                Arguments.of(new KLDivLoss(), Targets.probabilities(), "torch.kl_div(torch.log_softmax(z, 1), t)"));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void valuesAndGradientsAreTorchs(TorchLoss loss, Targets targets, String torch) {
        Parity.of(loss)
                .activation(Activation.SOFTMAX)
                .against(torch)
                .targets(targets)
                .shapes(SHAPES)
                .dtypes(DataType.FLOAT)
                .magnitudes(1, 10)
                .seed(SEEDS.nextLong())
                .check();
    }
}
