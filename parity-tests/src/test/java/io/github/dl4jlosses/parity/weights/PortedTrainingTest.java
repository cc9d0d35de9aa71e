/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.ScriptedModel;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.weights.TrainingSet.Batch;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.updater.TorchSGD;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
        assertThat(ours.lossDistance(written)).isLessThanOrEqualTo(LOSS_TOLERANCE);
        assertThat(ours.parameterDistance(written)).isLessThanOrEqualTo(WEIGHT_TOLERANCE);
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

        assertThat(live.lossDistance(written)).isLessThanOrEqualTo(LOSS_TOLERANCE);
        assertThat(live.parameterDistance(written)).isLessThanOrEqualTo(WEIGHT_TOLERANCE);
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

        assertThat(ours).hasSameSizeAs(torchs);
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(torchs[i], within(OUTPUT_TOLERANCE));
            largestOfOutputs = Math.max(largestOfOutputs, Math.abs(ours[i] - torchs[i]));
        }
    }
}
