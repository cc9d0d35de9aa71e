/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.training.UpdaterOptions;
import io.github.dl4jlosses.porting.TorchWeights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Each loss with each optimizer, trained on real data from weights that DL4J draws, beside torch which trains live: its
 * kernels, its autograd, its optimizer.
 */
class LiveTrajectoryTest {
    private static final int STEPS = 60;
    private static final int FEW_STEPS = 20;
    private static final int STEPS_OF_A_RELU = 6;

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

    /** Of its two biases torch decays and moves each; DL4J has their sum. */
    @ParameterizedTest
    @EnumSource(names = {"SGD_DECAY", "SGD_NESTEROV_DECAY", "ADAM", "ADAMW_STRONG_DECAY"})
    void aRecurrentModelWithTwoBiasesIsOnTorchsTrajectory(UpdaterOptions options) {
        PortedModel model = PortedModel.TEXT_LSTM_CE;
        TorchWeights weights = TorchWeights.load(model.stateDict());
        MultiLayerNetwork network = model.network(DataType.DOUBLE, options.updater());
        weights.copyInto(network);
        Trajectory torch = LiveTraining.run(model, options.updater(), DataType.DOUBLE, weights.tensors(), FEW_STEPS);

        Trajectory ours = PortedTrainingTest.train(network, model, DataType.DOUBLE, FEW_STEPS);

        assertThat(ours.lossDistance(torch)).isLessThanOrEqualTo(1e-9);
        assertThat(ours.parameterDistance(torch)).isLessThanOrEqualTo(1e-7);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void float64IsTorchsTrajectory(PortedModel model, UpdaterOptions options) {
        MultiLayerNetwork network = model.network(DataType.DOUBLE, options.updater());
        Trajectory torch = LiveTraining.run(model, options.updater(), DataType.DOUBLE, parameters(network), STEPS);

        Trajectory ours = PortedTrainingTest.train(network, model, DataType.DOUBLE, STEPS);

        assertThat(torch.losses().get(STEPS - 1))
                .as("torch learns")
                .isLessThan(torch.losses().get(0));
        assertThat(ours.lossDistance(torch)).isLessThanOrEqualTo(1e-9);
        assertThat(ours.parameterDistance(torch)).isLessThanOrEqualTo(1e-7);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void float32IsAsNearToTorchAsTorchsRoundedRunsAreToEachOther(PortedModel model, UpdaterOptions options) {
        // a unit of a ReLU whose input is nearly 0 is on in one rounding and off in the other, some day
        int steps = model == PortedModel.DIGITS_MULTILABEL_BCEL ? STEPS_OF_A_RELU : STEPS;
        MultiLayerNetwork network = model.network(DataType.FLOAT, options.updater());
        RoundedRuns torch = new RoundedRuns(model, options.updater(), parameters(network), steps);

        torch.assertOneOfThem(PortedTrainingTest.train(network, model, DataType.FLOAT, steps));
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
