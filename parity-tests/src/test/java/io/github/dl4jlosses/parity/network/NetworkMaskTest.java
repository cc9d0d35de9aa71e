/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/** Masked networks against live torch, which never sees what is masked; the labels there are NaN or no class at all. */
class NetworkMaskTest {
    private static final Random SEEDS = PrintedSeed.randomFor(NetworkMaskTest.class);

    @AfterAll
    static void report() {
        System.out.println("masked network steps: " + StepComparison.report());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"masked", "batchesOfOne"})
    void whatIsMaskedIsAsIfItWereAbsent(Scenario scenario) {
        assertThat(StepComparison.differences(scenario)).as("%s", scenario).isEmpty();
    }

    /** Networks that do not divide; {@code LayersPageTest} has those that do. */
    static Stream<Scenario> masked() {
        return Product.of(Scenario.all(SEEDS, LayerKind.values())
                .flatMap(NetworkMaskTest::withMasks)
                .map(scenario -> scenario.in(NetworkKind.drawn(SEEDS)).withMiniBatch(false))
                .toList());
    }

    /** Each mask that leaves something, with a type and numbers of its own. */
    private static Stream<Scenario> withMasks(Scenario scenario) {
        return Stream.of(Masking.EXAMPLES, Masking.POSITIONS, Masking.OUTPUTS, Masking.ROWS_OF_OUTPUTS)
                .filter(scenario::canHave)
                .map(masking -> scenario.drawn(SEEDS).with(masking));
    }

    static Stream<LossOptions> all() {
        return LossOptions.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void aMeanOverNothingIsZeroWhereAskedFor(LossOptions options) {
        for (LayerKind layer : LayerKind.values()) {
            Scenario scenario = Scenario.of(
                            layer, options.spec().heads().get(0), options, TorchType.FLOAT32, SEEDS.nextInt(MAX_VALUE))
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
    @MethodSource("nextToCenters")
    void masksNextToCentersAreTorchsWhereMaskedLabelsAreZero(Scenario scenario) {
        Numbers numbers = new Numbers(scenario);
        NetworkStep ours = new NetworkStep(scenario, numbers);
        DataSet batch = ours.dataSet();
        BooleanIndexing.replaceWhere(batch.getLabels(), 0, Conditions.isNan());
        Finding finding = Finding.of(scenario, numbers, () -> ours.fit(ours.network(), batch));
        assertThat(finding.bugs()).as("%s", scenario).isEmpty();
        assertThat(finding.differences()).as("%s", scenario).isEmpty();
    }

    static Stream<Scenario> nextToCenters() {
        return Scenario.all(SEEDS, LayerKind.CENTER_LOSS_OUTPUT_LAYER)
                .filter(scenario -> scenario.options().form() != TargetForm.INDEX)
                // the layer refuses labels of another width than its output's
                .filter(scenario -> scenario.options().spec().outputsPerLabel() == 1)
                .flatMap(NetworkMaskTest::withMasks);
    }

    /** A [1, 1] mask is also of the shape of a mask per output; it masks the example. */
    static Stream<Scenario> batchesOfOne() {
        return Product.of(Scenario.all(SEEDS, LayerKind.values())
                .flatMap(scenario -> Stream.of(Masking.EXAMPLES, Masking.EVERYTHING)
                        .map(masking -> scenario.drawn(TorchType.FLOAT64, SEEDS)
                                .withExamples(1)
                                .with(masking)))
                .toList());
    }

    @ParameterizedTest(name = "{0} under {1}")
    @MethodSource("coupled")
    void outputsThatASoftmaxCouplesAreNotMaskedApart(LossOptions options, SpecHead head) {
        INDArray preOutput = Nd4j.zeros(options.spec().inputShape(2, 3));
        INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 1, 0}});
        INDArray mask = Nd4j.onesLike(preOutput).putScalar(1, 1, 0);
        assertThatThrownBy(() -> options.loss().computeScore(labels, preOutput, head.inDl4j(), mask, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1")
                .hasMessageContaining("cannot be masked individually");
    }

    static Stream<Arguments> coupled() {
        return LossOptions.ofOutputShape()
                .flatMap(options -> options.spec().heads().stream()
                        .filter(head -> !Masking.OUTPUTS.isMeaningful(LayerKind.OUTPUT_LAYER, options, head))
                        .map(head -> Arguments.of(options, head)));
    }

    /** Masked by selection: NaN times a slope, or times a mask of 0, would still be NaN. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void nanLogitsInMaskedPlacesAreHarmless(LossOptions options) {
        TorchLoss loss = options.loss();
        for (SpecHead head : options.spec().heads()) {
            INDArray[] outputs = new INDArray[options.spec().outputsPerLabel()];
            Arrays.fill(outputs, Nd4j.createFromArray(new double[][] {{.25, .5, .125}, {Double.NaN, .5, .25}}));
            INDArray preOutput = Nd4j.hstack(outputs);
            double[] label = {0, 0, 0};
            label[aClass(options)] = 1;
            INDArray labels = options.form() == TargetForm.INDEX
                    ? Nd4j.createFromArray(new double[][] {{aClass(options)}, {Double.NaN}})
                    : Nd4j.createFromArray(new double[][] {label, {1, Double.NaN, 0}});
            INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}});
            double[][] gradient = gradient(loss, head, labels, preOutput, mask);
            assertThat(gradient[1]).as("%s", head).containsOnly(0);
            assertThat(gradient[0]).as("%s", head).doesNotContain(Double.NaN);
        }
    }

    /** The gradient of a score that is a number. */
    private static double[][] gradient(
            TorchLoss loss, SpecHead head, INDArray labels, INDArray preOutput, INDArray mask) {
        assertThat(loss.computeScore(labels, preOutput, head.inDl4j(), mask, false))
                .as("%s", head)
                .isFinite();
        return loss.computeGradient(labels, preOutput, head.inDl4j(), mask).toDoubleMatrix();
    }

    /** The last one that is not ignored. */
    private static int aClass(LossOptions options) {
        return options.ignoreIndex().equals(OptionalLong.of(2)) ? 1 : 2;
    }

    static Stream<LossOptions> ofSingleOutputs() {
        return all().filter(options -> !options.spec().takesRows());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofSingleOutputs")
    void nanLogitsInSingleMaskedOutputsAreHarmless(LossOptions options) {
        TorchLoss loss = options.loss();
        for (SpecHead head : options.spec().heads()) {
            if (head.couplesOutputs()) {
                continue;
            }
            INDArray preOutput = Nd4j.createFromArray(new double[][] {{.25, Double.NaN, .125}});
            INDArray labels = Nd4j.createFromArray(new double[][] {{0, Double.NaN, 1}});
            INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0, 1}});
            double[] gradient = gradient(loss, head, labels, preOutput, mask)[0];
            assertThat(gradient[1]).as("%s", head).isZero();
            assertThat(gradient).as("%s", head).doesNotContain(Double.NaN);
        }
    }
}
