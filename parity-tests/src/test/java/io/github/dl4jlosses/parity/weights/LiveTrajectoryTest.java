/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.training.UpdaterOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Each loss with each optimizer, trained on real data from weights that DL4J draws, beside torch which trains live: its
 * kernels, its autograd, its optimizer.
 */
class LiveTrajectoryTest {
    private static final int STEPS = 60;

    /** One for each loss. */
    private static final List<PortedModel> MODELS = List.of(
            PortedModel.LOGISTIC_BCE,
            PortedModel.DIGITS_SOFTMAX_NLL,
            PortedModel.DIGITS_MLP_CE,
            PortedModel.DIGITS_MULTILABEL_BCEL,
            PortedModel.DIGITS_DISTILL_KL);

    static Stream<Arguments> trainings() {
        return MODELS.stream()
                .flatMap(model -> Stream.of(UpdaterOptions.values()).map(options -> Arguments.of(model, options)));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void float64IsTorchsTrajectory(PortedModel model, UpdaterOptions options) {
        MultiLayerNetwork network = model.network(DataType.DOUBLE, options.updater());
        Trajectory torch = TorchTraining.run(model, options.updater(), DataType.DOUBLE, parameters(network), STEPS);

        Trajectory ours = PortedTrainingTest.train(network, model, DataType.DOUBLE, STEPS);

        assertThat(torch.losses().get(STEPS - 1))
                .as("torch learns")
                .isLessThan(torch.losses().get(0));
        assertThat(ours.lossDistance(torch)).isLessThanOrEqualTo(1e-9);
        assertThat(ours.parameterDistance(torch)).isLessThanOrEqualTo(1e-7);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void float32IsAsNearToTorchsFloat32AsItsDtypesAreToEachOther(PortedModel model, UpdaterOptions options) {
        MultiLayerNetwork network = model.network(DataType.FLOAT, options.updater());
        Map<String, INDArray> initial = parameters(network);
        Trajectory narrow = TorchTraining.run(model, options.updater(), DataType.FLOAT, initial, STEPS);
        Trajectory wide = TorchTraining.run(model, options.updater(), DataType.DOUBLE, initial, STEPS);

        Trajectory ours = PortedTrainingTest.train(network, model, DataType.FLOAT, STEPS);

        assertNear(ours.lossNorm(narrow), ours.lossNorm(wide), wide.lossNorm(narrow));
        assertNear(ours.parameterNorm(narrow), ours.parameterNorm(wide), wide.parameterNorm(narrow));
    }

    /**
     * No further from torch's float32 than twice its own distance to float64; or, where both roundings happen to add up, as
     * near to float64 as torch's float32 is.
     */
    private static void assertNear(double fromNarrow, double fromWide, double torchsOwn) {
        assertThat(fromNarrow <= 2 * torchsOwn || fromWide <= 1.25 * torchsOwn)
                .as(
                        "%s from torch's float32 and %s from its float64, which are %s apart",
                        fromNarrow, fromWide, torchsOwn)
                .isTrue();
    }

    /** Copies of the weights as torch has them, under names that only give the order. */
    private static Map<String, INDArray> parameters(MultiLayerNetwork network) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        for (Layer layer : network.getLayers()) {
            INDArray bias = layer.getParam("b");
            parameters.put(
                    layer.getIndex() + ".weight",
                    layer.getParam("W").transpose().dup('c'));
            parameters.put(
                    layer.getIndex() + ".bias", bias.reshape(bias.length()).dup());
        }
        return parameters;
    }
}
