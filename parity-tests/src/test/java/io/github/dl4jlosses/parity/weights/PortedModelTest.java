/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.ScriptedModel;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Models that PyTorch saved compute in DL4J what they compute in torch. */
class PortedModelTest {

    private static final double TOLERANCE = 1e-10;

    private static double largest;

    @AfterAll
    static void report() {
        System.out.println("Ported models: outputs before training differ from torch's by at most " + largest);
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
            assertThat(ours[i]).isCloseTo(torchs[i], within(TOLERANCE));
            largest = Math.max(largest, Math.abs(ours[i] - torchs[i]));
        }
    }
}
