/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;

/** With the scale of DL4J a swap changes no number of a program whose logits are moderate. */
class SwapAllStepTest {
    private static final Random SEEDS = PrintedSeed.randomFor(SwapAllStepTest.class);

    static List<BuiltInProgram> programs() {
        List<BuiltInProgram> all = new ArrayList<>();
        for (LayerKind layer : LayerKind.values()) {
            for (BuiltInLoss loss : BuiltInLoss.values()) {
                for (Masking masking : Masking.values()) {
                    for (boolean below : new boolean[] {false, true}) {
                        for (boolean miniBatch : new boolean[] {true, false}) {
                            for (NetworkKind network : NetworkKind.values()) {
                                for (TorchType type : List.of(TorchType.FLOAT64, TorchType.FLOAT32)) {
                                    all.add(new BuiltInProgram(
                                            network, layer, loss, below, masking, miniBatch, type, SEEDS.nextInt()));
                                }
                            }
                        }
                    }
                }
            }
        }
        return Product.of(all.stream().filter(BuiltInProgram::isPossible).toList(), BuiltInProgram::factors);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void noNumberOfTheProgramChanges(BuiltInProgram program) {
        // GIVEN
        MultiDataSet batch = new BuiltInBatch(program).multiDataSet();
        Model builtIn = program.newNetwork();

        // WHEN
        Swapped<Model> swapped = LossSwap.swapAll(builtIn, Scale.DL4J);

        // THEN
        assertThat(swapped.outputs())
                .singleElement()
                .matches(output -> output.after().isPresent(), "is swapped");
        SwapComparison comparison = new SwapComparison(builtIn, swapped.get());
        comparison.assertSameConfigurations(swapped);
        comparison.assertSameOutput(batch);
        comparison.assertSameScore(batch);
        comparison.assertScoresOfExamples(batch, program.loss().scoresOfExamples());
        if (program.isScoreOfFitWrong()) {
            comparison.assertSameStepAndTrueScore(batch);
        } else {
            comparison.assertSameStep(batch);
        }
    }

    /** DL4J casts them; there are no indices in BOOL. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT", "HALF", "INT", "LONG", "UBYTE", "BOOL"})
    void labelsMayBeOfAnyDtype(DataType dtype) {
        for (BuiltInLoss loss :
                List.of(BuiltInLoss.WEIGHTED_MCXENT, BuiltInLoss.SPARSE, BuiltInLoss.BINARY, BuiltInLoss.MSE)) {
            BuiltInProgram program = new BuiltInProgram(
                    NetworkKind.drawn(SEEDS),
                    LayerKind.OUTPUT_LAYER,
                    loss,
                    false,
                    Masking.NONE,
                    true,
                    TorchType.FLOAT64,
                    SEEDS.nextInt());
            MultiDataSet batch = new BuiltInBatch(program).multiDataSet();
            if (dtype == DataType.BOOL && loss == BuiltInLoss.SPARSE) {
                continue;
            }
            batch.setLabels(0, batch.getLabels(0).castTo(dtype));
            Model builtIn = program.newNetwork();

            SwapComparison comparison = new SwapComparison(
                    builtIn, LossSwap.swapAll(builtIn, Scale.DL4J).get());

            comparison.assertSameScore(batch);
            comparison.assertSameStep(batch);
        }
    }
}
