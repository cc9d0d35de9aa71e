/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each loss of DL4J that has an equivalent: what a PyTorch user would write, and how the step changes. */
class LossSwapRatioTest {
    private static final double CLASSES = LayerKind.CLASSES;

    /** The equivalent of a cross entropy reads labels as classes. */
    static Stream<BuiltInLoss> all() {
        return Stream.of(BuiltInLoss.values())
                .filter(loss -> loss != BuiltInLoss.MCXENT_OF_SHARES && loss != BuiltInLoss.WEIGHTED_MCXENT_OF_SHARES);
    }

    private static BuiltInProgram program(BuiltInLoss loss) {
        return new BuiltInProgram(
                NetworkKind.MULTI_LAYER_NETWORK,
                LayerKind.OUTPUT_LAYER,
                loss,
                false,
                Masking.NONE,
                true,
                TorchType.FLOAT64,
                1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void scoreAndStepAreTorchs(BuiltInLoss loss) {
        MultiLayerNetwork trained = trained(loss);
        TorchLoss equivalent =
                LossSwap.torchEquivalent(loss.loss(), loss.head().inDl4j()).orElseThrow();
        MultiLayerNetwork swapped = LossSwap.swap(trained, equivalent);

        assertClose(fit(swapped, loss), torch(trained, loss, loss.mean()));
        assertThat(LossSwap.check(swapped.getLayerWiseConfigurations()))
                .as("what a softmax gives is no usual prediction")
                .hasSize(loss == BuiltInLoss.MSE_OF_SHARES ? 1 : 0);
    }

    /** The table of torchEquivalent's javadoc. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void theStepChangesAsDocumented(BuiltInLoss loss) {
        MultiLayerNetwork trained = trained(loss);
        Step torch = torch(trained, loss, loss.isPoisson() ? loss.meanWithoutEps() : loss.mean());

        assertClose(fit(trained, loss), torch.times(ratio(loss)));
    }

    /** DL4J's score and step in units of torch's, as the javadoc has it. */
    private static double ratio(BuiltInLoss loss) {
        if (loss.isPerOutput()) {
            return loss.isMeanOfOutputs() ? 1 : CLASSES;
        }
        BuiltInBatch batch = new BuiltInBatch(program(loss));
        return loss.weighted ? batch.keptWeights(BuiltInLoss.WEIGHTS) / batch.keptRows() : 1;
    }

    private static void assertClose(Step ours, Step torch) {
        Offset<Double> tolerance = within(StepComparison.FLOAT64_TOLERANCE * Math.max(1, torch.largestTerm()));
        assertThat(ours.score()).isCloseTo(torch.score(), tolerance);
        BiConsumer<Double, Double> isClose =
                (number, torchs) -> assertThat(number).isCloseTo(torchs, tolerance);
        assertThat(ours.weights()).zipSatisfy(torch.weights(), isClose);
        assertThat(ours.bias()).zipSatisfy(torch.bias(), isClose);
    }

    private static Step fit(MultiLayerNetwork net, BuiltInLoss loss) {
        StartingPoint before = StartingPoint.of(net, Step.PARAMETERS);
        net.fit(new BuiltInBatch(program(loss)).dataSet());
        return Step.since(before, net, NetworkLayers.LEARNING_RATE);
    }

    private static MultiLayerNetwork trained(BuiltInLoss loss) {
        MultiLayerNetwork net = (MultiLayerNetwork) program(loss).newNetwork();
        net.fit(new BuiltInBatch(program(loss)).dataSet());
        return net;
    }

    private static Step torch(MultiLayerNetwork net, BuiltInLoss loss, String text) {
        BuiltInBatch batch = new BuiltInBatch(program(loss));
        return Step.of(TorchFunction.of(
                        LayerKind.OUTPUT_LAYER.map.torch + "\n" + loss.seen() + text,
                        "features",
                        "t",
                        "keep",
                        "weights",
                        "bias")
                .withRespectTo("weights", "bias")
                .call(StartingPoint.of(net, Step.PARAMETERS).after(batch.features(), batch.target(), batch.keep())));
    }
}
