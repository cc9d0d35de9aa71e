/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.ScriptedModel;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.training.UpdaterOptions;
import io.github.dl4jlosses.parity.weights.TrainingSet.Batch;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.updater.TorchSGD;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Models that PyTorch saved compute in DL4J what they compute in torch, and go on training as they do there. */
class PortedTrainingTest {

    private static final double LOSS_TOLERANCE = 1e-9;
    private static final double WEIGHT_TOLERANCE = 1e-7;

    private static final Map<PortedModel, RoundedRuns> LIVE = new ConcurrentHashMap<>();
    private static final double OUTPUT_TOLERANCE = 1e-10;

    private static double largestOfOutputs;

    @AfterAll
    static void report() {
        System.out.println("Ported models: outputs before training differ from torch's by at most " + largestOfOutputs);
    }

    @ParameterizedTest
    @EnumSource
    void float64FollowsTheTraceThatTorchWrote(PortedModel model) {
        Trajectory written = written(model);

        Trajectory ours = train(model, DataType.DOUBLE, written.steps());

        System.out.printf(
                "%s, float64: %d steps, losses within %.1e, final weights within %.1e of torch's file%n",
                model, written.steps(), ours.lossDistance(written), ours.parameterDistance(written));
        assertSame(ours, written);
    }

    @ParameterizedTest
    @EnumSource
    void float32IsAsNearToTorchAsTorchsRoundedRunsAreToEachOther(PortedModel model) {
        RoundedRuns torch = live(model);

        Trajectory ours = train(model, DataType.FLOAT, steps(model));

        torch.assertOneOfThem(ours);
        System.out.printf("%s, float32: %s%n", model, torch.distances(ours));
    }

    /** So the live side, which float32 is compared with, is the training of the file. */
    @ParameterizedTest
    @EnumSource
    void torchLiveFollowsTheTraceThatTorchWrote(PortedModel model) {
        Trajectory written = written(model);

        Trajectory live = live(model).inFloat64();

        assertSame(live, written);
    }

    /** The comparison is known to notice a difference far below what anyone would see. */
    @Test
    void oneWeightThatIsOffByAMillionthIsNoticed() {
        PortedModel model = PortedModel.DIGITS_MLP_CE;
        MultiLayerNetwork network = ported(model, DataType.DOUBLE);
        INDArray weight = network.getLayer(1).getParam("W");
        weight.putScalar(0, 0, weight.getDouble(0, 0) + 1e-6);

        Trajectory ours = train(network, model, DataType.DOUBLE, 30);

        Trajectory written = written(model);
        assertThat(ours.lossDistance(written.first(30))).isGreaterThan(LOSS_TOLERANCE);
    }

    /** The model's learning rate is 0.5. */
    @Test
    void inFloat32ALearningRateThatIsOffByATenThousandthIsNoticed() {
        PortedModel model = PortedModel.DIGITS_MLP_CE;
        MultiLayerNetwork network =
                model.network(DataType.FLOAT, TorchSGD.builder().lr(.50005).build());
        TorchWeights.load(model.stateDict()).copyInto(network);

        Trajectory ours = train(network, model, DataType.FLOAT, steps(model));

        assertThatThrownBy(() -> live(model).assertOneOfThem(ours)).isInstanceOf(AssertionError.class);
    }

    private static void assertSame(Trajectory one, Trajectory other) {
        assertThat(one.lossDistance(other)).isLessThanOrEqualTo(LOSS_TOLERANCE);
        assertThat(one.parameterDistance(other)).isLessThanOrEqualTo(WEIGHT_TOLERANCE);
    }

    private static Trajectory written(PortedModel model) {
        String file = model.fileName();
        return Trajectory.of(TestData.trace(file), TestData.trained(file));
    }

    private static RoundedRuns live(PortedModel model) {
        return LIVE.computeIfAbsent(model, key -> {
            Map<String, INDArray> initial = TorchWeights.load(key.scripted()).tensors();
            return new RoundedRuns(key, key.updater(), initial, steps(key));
        });
    }

    private static int steps(PortedModel model) {
        return TestData.trace(model.fileName()).length;
    }

    private static Trajectory train(PortedModel model, DataType type, int steps) {
        return train(ported(model, type), model, type, steps);
    }

    private static MultiLayerNetwork ported(PortedModel model, DataType type) {
        MultiLayerNetwork network = model.network(type);
        TorchWeights.load(model.stateDict()).copyInto(network);
        return network;
    }

    /** Trains in DL4J. */
    static Trajectory train(MultiLayerNetwork network, PortedModel model, DataType type, int steps) {
        TrainingSet data = model.data();
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            Batch batch = data.batch(step);
            network.fit(batch.features().castTo(type), labels(batch.target(), type));
            losses[step] = network.score();
        }
        return Trajectory.of(losses, network);
    }

    private static INDArray labels(INDArray target, DataType type) {
        return target.dataType() == DataType.DOUBLE ? target.castTo(type) : target;
    }

    @ParameterizedTest
    @EnumSource
    void bothKindsOfFileHoldTheSameTensors(PortedModel model) {
        Map<String, INDArray> scripted = TorchWeights.load(model.scripted()).tensors();
        Map<String, INDArray> stateDict = TorchWeights.load(model.stateDict()).tensors();

        List<String> names = new ArrayList<>(TestData.trained(model.fileName()).keySet());
        assertThat(new ArrayList<>(stateDict.keySet())).isEqualTo(names);
        assertThat(new ArrayList<>(scripted.keySet())).isEqualTo(names);
        names.forEach(
                name -> assertThat(TorchTensor.of(scripted.get(name))).isEqualTo(TorchTensor.of(stateDict.get(name))));
    }

    @ParameterizedTest
    @EnumSource
    void outputsOfTheScriptedFileAreTorchs(PortedModel model) throws IOException {
        compare(model, TorchWeights.load(model.scripted()));
    }

    @ParameterizedTest
    @EnumSource
    void outputsOfTheStateDictAreTorchs(PortedModel model) throws IOException {
        compare(model, TorchWeights.load(model.stateDict()));
    }

    private static void compare(PortedModel model, TorchWeights weights) throws IOException {
        MultiLayerNetwork network = model.network(DataType.DOUBLE);
        weights.copyInto(network);
        TrainingSet data = model.data();

        double[] ours = TorchTensor.of(network.output(data.batch(3).features())).toDoubles();
        double[] torchs = ScriptedModel.output(model.scripted(), data.torchBatch(3, DataType.DOUBLE)[0])
                .toDoubles();

        assertThat(ours).containsExactly(torchs, within(OUTPUT_TOLERANCE));
        for (int i = 0; i < ours.length; i++) {
            largestOfOutputs = Math.max(largestOfOutputs, Math.abs(ours[i] - torchs[i]));
        }
    }

    // ---- from weights that DL4J draws, beside torch which trains live: its kernels, its autograd, each of its
    // optimizers ----

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
    @EnumSource(
            names = {
                "SGD_DECAY",
                "SGD_NESTEROV_DECAY",
                "ADAM",
                "ADAMW_STRONG_DECAY",
                "SGD_WARM_UP_THEN_COSINE",
                "ADAM_ONE_CYCLE"
            })
    void aRecurrentModelWithTwoBiasesIsOnTorchsTrajectory(UpdaterOptions options) {
        PortedModel model = PortedModel.TEXT_LSTM_CE;
        TorchWeights weights = TorchWeights.load(model.stateDict());
        MultiLayerNetwork network = model.network(DataType.DOUBLE, options.updater());
        weights.copyInto(network);
        Trajectory torch = LiveTraining.run(model, options.updater(), DataType.DOUBLE, weights.tensors(), FEW_STEPS);

        Trajectory ours = train(network, model, DataType.DOUBLE, FEW_STEPS);

        assertSame(ours, torch);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void float64IsTorchsTrajectoryWithEachOptimizer(PortedModel model, UpdaterOptions options) {
        MultiLayerNetwork network = model.network(DataType.DOUBLE, options.updater());
        Trajectory torch = LiveTraining.run(model, options.updater(), DataType.DOUBLE, parameters(network), STEPS);

        Trajectory ours = train(network, model, DataType.DOUBLE, STEPS);

        assertThat(torch.losses().get(STEPS - 1))
                .as("torch learns")
                .isLessThan(torch.losses().get(0));
        assertSame(ours, torch);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void float32IsAsNearToTorchAsItsRoundedRunsAreWithEachOptimizer(PortedModel model, UpdaterOptions options) {
        // a unit of a ReLU whose input is nearly 0 is on in one rounding and off in the other, some day
        int steps = model == PortedModel.DIGITS_MULTILABEL_BCEL ? STEPS_OF_A_RELU : STEPS;
        MultiLayerNetwork network = model.network(DataType.FLOAT, options.updater());
        RoundedRuns torch = new RoundedRuns(model, options.updater(), parameters(network), steps);

        torch.assertOneOfThem(train(network, model, DataType.FLOAT, steps));
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
