/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.MSELoss;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Rows of examples in any order of the dimensions, and the way back. */
class FlattenPreProcessorTest {

    private static final INDArray SEQUENCES =
            Nd4j.arange(12).reshape('c', 2, 3, 2).castTo(DataType.DOUBLE);

    private static INDArray rows(int... order) {
        return new FlattenPreProcessor(order).preProcess(SEQUENCES, 2, LayerWorkspaceMgr.noWorkspaces());
    }

    @Test
    void theLastOfTheOrderRunsFastest() {
        assertThat(rows(0, 1, 2).toDoubleMatrix()).isEqualTo(new double[][] {{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}});
        assertThat(rows(0, 2, 1).toDoubleMatrix()).isEqualTo(new double[][] {{0, 2, 4, 1, 3, 5}, {6, 8, 10, 7, 9, 11}});
    }

    @Test
    void gradientsGoBackToWhereTheNumbersCameFrom() {
        FlattenPreProcessor flatten = new FlattenPreProcessor(0, 2, 1);

        INDArray rows = flatten.preProcess(SEQUENCES, 2, LayerWorkspaceMgr.noWorkspaces());

        assertThat(flatten.backprop(rows, 2, LayerWorkspaceMgr.noWorkspaces())).isEqualTo(SEQUENCES);
    }

    @Test
    void aGraphWithItHasTheGradientOfFiniteDifferencesAndSurvivesJson() {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "conv",
                        new Convolution1DLayer.Builder(2)
                                .nIn(3)
                                .nOut(2)
                                .activation(Activation.TANH)
                                .build(),
                        "x")
                .addVertex("flatten", new PreprocessorVertex(new FlattenPreProcessor(0, 2, 1)), "conv")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new MSELoss())
                                .nIn(6)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "flatten")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 3, 4);
        INDArray y = Nd4j.rand(DataType.DOUBLE, 3, 2);

        DataType before = Nd4j.dataType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE); // the framework's check insists on it
        try {
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                            .net(graph)
                            .inputs(new INDArray[] {x})
                            .labels(new INDArray[] {y})))
                    .isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
    }

    @Test
    void itsOutputTypeIsFlat() {
        assertThat(new FlattenPreProcessor(0, 1, 2).getOutputType(InputType.recurrent(3, 4)))
                .isEqualTo(InputType.feedForward(12));
    }

    @Test
    void clonesAreEqual() {
        FlattenPreProcessor flatten = new FlattenPreProcessor(0, 2, 1);

        assertThat(flatten.clone())
                .isEqualTo(flatten)
                .hasSameHashCodeAs(flatten)
                .isNotSameAs(flatten);
        assertThat(flatten).isNotEqualTo(new FlattenPreProcessor(0, 1, 2)).hasToString("FlattenPreProcessor[0, 2, 1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1,0", "0,2", "0,1,1", "0,-1"})
    void anOrderNamesEachDimensionOnceAndTheBatchFirst(String text) {
        int[] order = text.isEmpty()
                ? new int[0]
                : java.util.Arrays.stream(text.split(",", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlattenPreProcessor(order))
                .withMessageContaining("order must");
    }

    @Test
    void anotherRankIsAnError() {
        assertThatIllegalArgumentException().isThrownBy(() -> rows(0, 1)).withMessageContaining("[2, 3, 2]");
    }
}
