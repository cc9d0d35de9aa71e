/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.swap.LossSwap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights of shapes of their own: what a loss tells of them, how it is saved, and what a network says. */
class BroadcastWeightTest {
    private static final INDArray PER_EXAMPLE = Nd4j.createFromArray(new double[][] {{1}, {3}});
    private static final INDArray PER_OUTPUT = Nd4j.createFromArray(new double[][] {{1, 3}});

    static List<TorchLoss> weighted() {
        return List.of(
                BCELoss.builder().weight(PER_EXAMPLE).build(),
                BCEWithLogitsLoss.builder().weight(PER_EXAMPLE).build(),
                BCEWithLogitsLoss.builder().posWeight(PER_EXAMPLE).build(),
                MultiLabelSoftMarginLoss.builder().weight(PER_EXAMPLE).build(),
                BCEWithLogitsLoss.builder()
                        .weight(PER_OUTPUT)
                        .posWeight(PER_EXAMPLE)
                        .build());
    }

    @Test
    void numbersAndShapeComeBackAsCopies() {
        BCELoss loss = BCELoss.builder().weight(PER_EXAMPLE).build();
        loss.getWeight()[0] = 7;
        loss.getWeightShape()[0] = 7;
        assertThat(loss.getWeight()).containsExactly(1, 3);
        assertThat(loss.getWeightShape()).containsExactly(2, 1);
        assertThat(new BCELoss().getWeightShape()).isNull();
        assertThat(new BCEWithLogitsLoss().getPosWeightShape()).isNull();
    }

    @Test
    void anArrayThatChangesLaterChangesNoLoss() {
        INDArray weight = PER_EXAMPLE.dup();
        BCELoss loss = BCELoss.builder().weight(weight).build();
        weight.assign(9);
        assertThat(loss.getWeight()).containsExactly(1, 3);
    }

    @Test
    void viewsAreReadInRowMajorOrderAndAnyDtypeIsTaken() {
        INDArray numbers = Nd4j.createFromArray(new int[][] {{1, 2, 3}, {4, 5, 6}});
        BCELoss loss = BCELoss.builder().weight(numbers.transpose()).build();
        assertThat(loss.getWeight()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(loss.getWeightShape()).containsExactly(3, 2);
    }

    @Test
    void oneDimensionOrNoneIsTheUsualForm() {
        assertThat(BCELoss.builder().weight(Nd4j.createFromArray(1.0, 3.0)).build())
                .isEqualTo(BCELoss.builder().weight(1, 3).build());
        assertThat(BCEWithLogitsLoss.builder()
                        .posWeight(Nd4j.scalar(DataType.DOUBLE, 3))
                        .build())
                .isEqualTo(BCEWithLogitsLoss.builder().posWeight(3).build());
    }

    @Test
    void theShapeIsPartOfEqualityAndDescription() {
        BCELoss loss = BCELoss.builder().weight(PER_EXAMPLE).build();
        assertThat(loss)
                .isNotEqualTo(BCELoss.builder().weight(PER_OUTPUT).build())
                .isNotEqualTo(BCELoss.builder().weight(1, 3).build())
                .hasToString("BCELoss(weight=[1.0, 3.0], weightShape=[2, 1], reduction=MEAN)");
        assertThat(new BCELoss().options()).doesNotContainKey("weightShape");
    }

    @Test
    void theLastWeightThatIsGivenCounts() {
        assertThat(BCELoss.builder().weight(PER_EXAMPLE).weight(1, 3).build())
                .isEqualTo(BCELoss.builder().weight(1, 3).build());
    }

    @ParameterizedTest
    @MethodSource("weighted")
    void buildersAndJsonKeepIt(TorchLoss loss) {
        assertThat(loss.toBuilder().build()).isEqualTo(loss).hasSameHashCodeAs(loss);
        String json = configuration(loss).toJson();
        OutputLayer layer =
                (OutputLayer) MultiLayerConfiguration.fromJson(json).getConf(0).getLayer();
        assertThat(layer.getLossFn()).isEqualTo(loss);
    }

    @Test
    void aJsonWithoutSuchAWeightDoesNotMentionShapes() {
        assertThat(configuration(BCELoss.builder().weight(1, 3).build()).toJson())
                .doesNotContain("Shape\" : [")
                .doesNotContain("weightShape");
    }

    @Test
    void aJsonWhoseShapeIsNotThatOfTheNumbersIsRefused() {
        String json = configuration(BCELoss.builder().weight(PER_EXAMPLE).build())
                .toJson()
                .replaceFirst("\"weightShape\" : \\[ 2, 1 ]", "\"weightShape\" : [ 2, 2 ]");
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json))
                .hasStackTraceContaining("weightShape is [2, 2], but weight has 2 numbers");
    }

    @ParameterizedTest
    @MethodSource("weighted")
    void aNetworkRefusesWeightsOfExamplesBeforeItReadsAValue(TorchLoss loss) {
        INDArray nothingThatIsTaken = Nd4j.valueArrayOf(new long[] {2, 2}, Double.NaN, DataType.DOUBLE);
        assertThatThrownBy(() ->
                        loss.computeScore(nothingThatIsTaken, nothingThatIsTaken, new ActivationSigmoid(), null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of shape [2, 1] cannot be used in a network")
                .hasMessageContaining("give one number per output");
        assertThat(LossSwap.check(configuration(loss)))
                .singleElement()
                .asString()
                .contains("of shape [2, 1] cannot be used in a network");
    }

    @Test
    void aNetworkTakesAShapeWhoseNumbersDifferAlongTheOutputsAlone() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 1}});
        INDArray preOutput = Nd4j.createFromArray(new double[][] {{.5, -1}, {2, 0}, {-3, 1}});
        INDArray singles = Nd4j.createFromArray(1.0, 3.0).reshape(1, 2, 1, 1);
        for (Map.Entry<TorchLoss, TorchLoss> pair : Map.<TorchLoss, TorchLoss>of(
                        BCELoss.builder().weight(PER_OUTPUT).build(),
                        BCELoss.builder().weight(1, 3).build(),
                        BCEWithLogitsLoss.builder().posWeight(singles).build(),
                        BCEWithLogitsLoss.builder().posWeight(1, 3).build())
                .entrySet()) {
            INDArray shaped = pair.getKey().computeGradient(labels, preOutput, new ActivationSigmoid(), null);
            INDArray usual = pair.getValue().computeGradient(labels, preOutput, new ActivationSigmoid(), null);
            assertThat(shaped).isEqualTo(usual);
            assertThat(LossSwap.check(configuration(pair.getKey()))).isEmpty();
        }
    }

    @Test
    void nothingAndEmptyArraysAreRefusedByName() {
        assertThatThrownBy(() -> BCELoss.builder().weight((INDArray) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("weight");
        assertThatThrownBy(() -> BCEWithLogitsLoss.builder().posWeight(Nd4j.empty(DataType.DOUBLE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("posWeight");
    }

    private static MultiLayerConfiguration configuration(TorchLoss loss) {
        return new NeuralNetConfiguration.Builder()
                .list(new OutputLayer.Builder(loss)
                        .activation(Activation.SIGMOID)
                        .nIn(3)
                        .nOut(2)
                        .build())
                .build();
    }
}
