/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.network.LossOptions.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * Masked networks against live torch, which never sees what is masked; the labels there are NaN or no class at all.
 *
 * <p>{@code -Dparity.seed=N} repeats a run.
 */
class NetworkMaskTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkMaskTest.class);

    @AfterAll
    static void report() {
        System.out.println("masked network steps: " + StepComparison.report());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("masked")
    void whatIsMaskedIsAsIfItWereAbsent(Scenario scenario) {
        assertThat(StepComparison.differences(scenario)).as("%s", scenario).isEmpty();
    }

    /** Networks that do not divide; {@code LayersPageTest} has those that do. */
    static Stream<Scenario> masked() {
        List<Scenario> scenarios = new ArrayList<>();
        for (LayerKind layer : LayerKind.values()) {
            for (LossOptions options : LossOptions.values()) {
                for (HeadKind head : HeadKind.of(options.loss())) {
                    addMasks(scenarios, layer, options, head);
                }
            }
        }
        return scenarios.stream();
    }

    private static void addMasks(List<Scenario> scenarios, LayerKind layer, LossOptions options, HeadKind head) {
        for (Masking masking : List.of(Masking.EXAMPLES, Masking.POSITIONS, Masking.OUTPUTS, Masking.ROWS_OF_OUTPUTS)) {
            if (!masking.isMeaningful(layer, options, head)) {
                continue;
            }
            // each mask with one of the two types and in one of the two networks, by chance
            TorchType type = SEEDS.nextBoolean() ? TorchType.FLOAT64 : TorchType.FLOAT32;
            scenarios.add(scenario(layer, head, options, type)
                    .in(SEEDS.nextBoolean() ? NetworkKind.MULTI_LAYER_NETWORK : NetworkKind.COMPUTATION_GRAPH)
                    .withMiniBatch(false, layer.positionsPerExample())
                    .with(masking));
        }
    }

    private static Scenario scenario(LayerKind layer, HeadKind head, LossOptions options, TorchType type) {
        return Scenario.of(layer, head, options, type, SEEDS.nextInt(MAX_VALUE));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aMeanOverNothingIsZeroWhereAskedFor(LossOptions options) {
        for (LayerKind layer : LayerKind.values()) {
            Scenario scenario = scenario(layer, HeadKind.of(options.loss()).get(0), options, TorchType.FLOAT32)
                    .with(Masking.EVERYTHING)
                    .with(EmptyMean.ZERO);
            NetworkStep ours = new NetworkStep(scenario, new Numbers(scenario));
            Step step;
            try {
                step = ours.fit();
            } catch (RuntimeException failure) {
                assertThat(FrameworkBug.thatThrow(scenario, failure))
                        .as("%s", failure)
                        .isNotEmpty();
                continue;
            }
            // the layer adds the centers of NaN
            if (layer == LayerKind.CENTER_LOSS_OUTPUT_LAYER) {
                assertThat(step.score()).as("%s", scenario).isNaN();
            } else {
                assertThat(step.score()).as("%s", scenario).isZero();
            }
            assertThat(step.largest()).as("%s", scenario).isZero();
        }
    }

    /** What the page advises for centers: with zeros where the labels are masked, nothing of DL4J's is left to excuse. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ".*_INDEX_.*")
    void masksNextToCentersAreTorchsWhereMaskedLabelsAreZero(LossOptions options) {
        LayerKind layer = LayerKind.CENTER_LOSS_OUTPUT_LAYER;
        for (HeadKind head : HeadKind.of(options.loss())) {
            for (Masking masking : List.of(Masking.EXAMPLES, Masking.OUTPUTS, Masking.ROWS_OF_OUTPUTS)) {
                if (!masking.isMeaningful(layer, options, head)) {
                    continue;
                }
                TorchType type = SEEDS.nextBoolean() ? TorchType.FLOAT64 : TorchType.FLOAT32;
                Scenario scenario = scenario(layer, head, options, type).with(masking);
                Numbers numbers = new Numbers(scenario);
                NetworkStep ours = new NetworkStep(scenario, numbers);
                DataSet batch = ours.dataSet();
                BooleanIndexing.replaceWhere(batch.getLabels(), 0, Conditions.isNan());

                Finding finding = Finding.of(scenario, numbers, () -> ours.fit(ours.network(), batch));

                assertThat(finding.bugs()).as("%s", scenario).isEmpty();
                assertThat(finding.differences()).as("%s", scenario).isEmpty();
            }
        }
    }

    /** A [1, 1] mask is also of the shape of a mask per output; it masks the example. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aBatchOfOneIsKeptOrMaskedAsAWhole(LossOptions options) {
        for (HeadKind head : HeadKind.of(options.loss())) {
            for (LayerKind layer : LayerKind.values()) {
                for (Masking masking : List.of(Masking.EXAMPLES, Masking.EVERYTHING)) {
                    Scenario scenario = scenario(layer, head, options, TorchType.FLOAT64)
                            .withExamples(1)
                            .with(masking);
                    assertThat(StepComparison.differences(scenario))
                            .as("%s", scenario)
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coupled")
    void outputsThatASoftmaxCouplesAreNotMaskedApart(LossOptions options, HeadKind head) {
        INDArray preOutput = Nd4j.zeros(2, 3);
        INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 1, 0}});
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1}, {1, 0, 1}});
        assertThatThrownBy(() -> options.loss().computeScore(labels, preOutput, head.activation(), mask, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1")
                .hasMessageContaining("cannot be masked apart");
    }

    static Stream<Arguments> coupled() {
        return Stream.of(
                Arguments.of(LossOptions.CE_PROBABILITIES_SUM, HeadKind.IDENTITY),
                Arguments.of(LossOptions.NLL_ONE_HOT_WEIGHTED_MEAN, HeadKind.IDENTITY),
                Arguments.of(LossOptions.KL_MEAN, HeadKind.SOFTMAX),
                Arguments.of(LossOptions.KL_MEAN, HeadKind.LOG_SOFTMAX),
                Arguments.of(LossOptions.BCE_MEAN, HeadKind.SOFTMAX));
    }

    /** Masked by selection: NaN times a slope, or times a mask of 0, would still be NaN. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void nanLogitsInMaskedPlacesAreHarmless(LossOptions options) {
        TorchLoss loss = options.loss();
        for (HeadKind head : HeadKind.of(loss)) {
            INDArray preOutput = Nd4j.createFromArray(new double[][] {{.25, .5, .125}, {Double.NaN, .5, .25}});
            INDArray labels = options.labels() == Labels.INDEX
                    ? Nd4j.createFromArray(new double[][] {{2}, {Double.NaN}})
                    : Nd4j.createFromArray(new double[][] {{0, 0, 1}, {1, Double.NaN, 0}});
            INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}});
            INDArray gradient = loss.computeGradient(labels, preOutput, head.activation(), mask);
            assertThat(gradient.getRow(1).toDoubleVector()).as("%s", head).containsOnly(0);
            assertThat(gradient.getRow(0).toDoubleVector()).as("%s", head).doesNotContain(Double.NaN);
            assertThat(loss.computeScore(labels, preOutput, head.activation(), mask, false))
                    .as("%s", head)
                    .isFinite();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"BCE.*", "LOGITS.*", "KL.*"})
    void nanLogitsInSingleMaskedOutputsAreHarmless(LossOptions options) {
        TorchLoss loss = options.loss();
        for (HeadKind head : HeadKind.of(loss)) {
            if (head.couplesOutputs()) {
                continue;
            }
            INDArray preOutput = Nd4j.createFromArray(new double[][] {{.25, Double.NaN, .125}});
            INDArray labels = Nd4j.createFromArray(new double[][] {{0, Double.NaN, 1}});
            INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0, 1}});
            double[] gradient = loss.computeGradient(labels, preOutput, head.activation(), mask)
                    .getRow(0)
                    .toDoubleVector();
            assertThat(gradient[1]).as("%s", head).isZero();
            assertThat(gradient).as("%s", head).doesNotContain(Double.NaN);
            assertThat(loss.computeScore(labels, preOutput, head.activation(), mask, false))
                    .as("%s", head)
                    .isFinite();
        }
    }
}
