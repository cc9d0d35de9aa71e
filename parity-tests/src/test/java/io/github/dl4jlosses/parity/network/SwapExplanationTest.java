/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.swap.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every clause that a swap says of score and step is computed: with and without masks, on both sides, and by torch. */
class SwapExplanationTest {
    private static final Random SEEDS = PrintedSeed.randomFor(SwapExplanationTest.class);

    static List<BuiltInProgram> programs() {
        List<BuiltInProgram> all = new ArrayList<>();
        for (LayerKind layer : LayerKind.values()) {
            for (BuiltInLoss loss : BuiltInLoss.values()) {
                for (boolean below : new boolean[] {false, true}) {
                    for (boolean miniBatch : new boolean[] {true, false}) {
                        all.add(new BuiltInProgram(
                                NetworkKind.drawn(SEEDS),
                                layer,
                                loss,
                                below,
                                Masking.NONE,
                                miniBatch,
                                TorchType.FLOAT64,
                                SEEDS.nextInt()));
                    }
                }
            }
        }
        return Product.of(
                all.stream()
                        // it adds a loss of its own, which no clause is about
                        .filter(program -> program.layer() != LayerKind.CENTER_LOSS_OUTPUT_LAYER)
                        .filter(BuiltInProgram::isPossible)
                        .toList(),
                program -> List.of(
                        program.loss(),
                        program.layer().hasPositions(),
                        program.layer().hasParameters(),
                        program.miniBatch(),
                        program.below()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void eachClauseIsTrue(BuiltInProgram program) {
        for (Scale scale : Scale.values()) {
            new ExplanationReading(program, scale).assertTrue();
        }
    }
}
