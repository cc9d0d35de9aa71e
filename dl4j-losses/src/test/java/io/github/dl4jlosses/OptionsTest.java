/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OptionsTest {
    private static final IActivation IDENTITY = new ActivationIdentity();

    static Stream<TorchLoss> losses() {
        return AllLosses.defaults();
    }

    static Stream<LossBuilder<?>> builders() {
        return AllLosses.builders();
    }

    // ---- defaults and getters ----

    @ParameterizedTest
    @MethodSource("losses")
    void aBuilderStartsWithTheDefaultsOfTheConstructor(TorchLoss built) throws ReflectiveOperationException {
        TorchLoss constructed = built.getClass().getConstructor().newInstance();

        assertThat(built).isEqualTo(constructed).hasSameHashCodeAs(constructed).hasToString(constructed.toString());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void commonDefaultsAreTorchsMeanInAMinibatchNetwork(TorchLoss loss) {
        assertThat(loss.getReduction()).isEqualTo(Reduction.MEAN);
        assertThat(loss.isMiniBatch()).isTrue();
        assertThat(loss.getPositionsPerExample()).isEqualTo(1);
        assertThat(loss.getEmptyMean()).isEqualTo(EmptyMean.NAN);
    }

    @Test
    void ownDefaultsAreTorchs() {
        assertThat(new BCELoss().getWeight()).isNull();
        assertThat(new BCEWithLogitsLoss().getWeight()).isNull();
        assertThat(new BCEWithLogitsLoss().getPosWeight()).isNull();
        assertThat(new NLLLoss().getWeight()).isNull();
        assertThat(new NLLLoss().getIgnoreIndex()).isEqualTo(-100);
        assertThat(new NLLLoss().getTargetFormat()).isEqualTo(TargetFormat.AUTO);
        assertThat(new CrossEntropyLoss().getWeight()).isNull();
        assertThat(new CrossEntropyLoss().getIgnoreIndex()).isEqualTo(-100);
        assertThat(new CrossEntropyLoss().getTargetFormat()).isEqualTo(TargetFormat.AUTO);
        assertThat(new CrossEntropyLoss().getLabelSmoothing()).isZero();
        assertThat(new KLDivLoss().isLogTarget()).isFalse();
        assertThat(new HuberLoss().getDelta()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void commonOptionsComeBackFromTheirGetters(LossBuilder<?> builder) {
        builder.reduction(Reduction.SUM).miniBatch(false).positionsPerExample(7).emptyMean(EmptyMean.ZERO);

        TorchLoss loss = builder.build();

        assertThat(loss.getReduction()).isEqualTo(Reduction.SUM);
        assertThat(loss.isMiniBatch()).isFalse();
        assertThat(loss.getPositionsPerExample()).isEqualTo(7);
        assertThat(loss.getEmptyMean()).isEqualTo(EmptyMean.ZERO);
    }

    @Test
    void ownOptionsComeBackFromTheirGetters() {
        CrossEntropyLoss crossEntropy = CrossEntropyLoss.builder()
                .weight(1, 2)
                .ignoreIndex(255)
                .labelSmoothing(0.25)
                .targetFormat(TargetFormat.ONE_HOT)
                .build();
        NLLLoss likelihood = NLLLoss.builder()
                .weight(3)
                .ignoreIndex(Long.MIN_VALUE)
                .targetFormat(TargetFormat.ONE_HOT)
                .build();
        BCEWithLogitsLoss withLogits =
                BCEWithLogitsLoss.builder().weight(4).posWeight(5, 6).build();

        assertThat(crossEntropy.getWeight()).containsExactly(1, 2);
        assertThat(crossEntropy.getIgnoreIndex()).isEqualTo(255);
        assertThat(crossEntropy.getLabelSmoothing()).isEqualTo(0.25);
        assertThat(crossEntropy.getTargetFormat()).isEqualTo(TargetFormat.ONE_HOT);
        assertThat(likelihood.getWeight()).containsExactly(3);
        assertThat(likelihood.getIgnoreIndex()).isEqualTo(Long.MIN_VALUE);
        assertThat(likelihood.getTargetFormat()).isEqualTo(TargetFormat.ONE_HOT);
        assertThat(withLogits.getWeight()).containsExactly(4);
        assertThat(withLogits.getPosWeight()).containsExactly(5, 6);
        assertThat(BCELoss.builder().weight(8).build().getWeight()).containsExactly(8);
        assertThat(KLDivLoss.builder().logTarget(true).build().isLogTarget()).isTrue();
        assertThat(HuberLoss.builder().delta(0.25).build().getDelta()).isEqualTo(0.25);
        assertThat(KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build().getReduction())
                .isEqualTo(Reduction.BATCHMEAN);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void nameIsThatOfTheClass(TorchLoss loss) {
        assertThat(loss.name()).isEqualTo(loss.getClass().getSimpleName());
    }

    // ---- arrays are copied ----

    @Test
    void changingAnArrayGivenToABuilderChangesNoLoss() {
        double[] numbers = {1, 2};
        BCELoss binary = BCELoss.builder().weight(numbers).build();
        BCEWithLogitsLoss withLogits =
                BCEWithLogitsLoss.builder().weight(numbers).posWeight(numbers).build();
        NLLLoss likelihood = NLLLoss.builder().weight(numbers).build();
        CrossEntropyLoss crossEntropy =
                CrossEntropyLoss.builder().weight(numbers).build();

        numbers[0] = 99;

        assertThat(List.of(
                        binary.getWeight(),
                        withLogits.getWeight(),
                        withLogits.getPosWeight(),
                        likelihood.getWeight(),
                        crossEntropy.getWeight()))
                .allSatisfy(kept -> assertThat(kept).containsExactly(1, 2));
    }

    @Test
    void changingAnArrayGotFromALossChangesNoLoss() {
        BCELoss binary = BCELoss.builder().weight(1, 2).build();
        BCEWithLogitsLoss withLogits =
                BCEWithLogitsLoss.builder().weight(1, 2).posWeight(1, 2).build();
        NLLLoss likelihood = NLLLoss.builder().weight(1, 2).build();
        CrossEntropyLoss crossEntropy = CrossEntropyLoss.builder().weight(1, 2).build();
        List<Supplier<double[]>> getters = List.of(
                binary::getWeight,
                withLogits::getWeight,
                withLogits::getPosWeight,
                likelihood::getWeight,
                crossEntropy::getWeight);

        getters.forEach(getter -> getter.get()[0] = 99);

        assertThat(getters).allSatisfy(getter -> assertThat(getter.get()).containsExactly(1, 2));
    }

    @Test
    void aBuilderThatGoesOnChangesNoLossItHasBuilt() {
        CrossEntropyLoss.Builder builder =
                CrossEntropyLoss.builder().weight(1, 2).labelSmoothing(0.1);
        CrossEntropyLoss first = builder.build();

        builder.weight(3, 4).labelSmoothing(0.2).miniBatch(false);

        assertThat(first)
                .isEqualTo(CrossEntropyLoss.builder()
                        .weight(1, 2)
                        .labelSmoothing(0.1)
                        .build());
    }

    // ---- toString ----

    static Stream<Arguments> descriptions() {
        return Stream.of(
                Arguments.of(
                        CrossEntropyLoss.builder()
                                .weight(1, 2)
                                .labelSmoothing(0.1)
                                .build(),
                        "CrossEntropyLoss(weight=[1.0, 2.0], ignoreIndex=-100, reduction=MEAN, labelSmoothing=0.1)"),
                Arguments.of(new CrossEntropyLoss(), "CrossEntropyLoss(ignoreIndex=-100, reduction=MEAN)"),
                Arguments.of(
                        CrossEntropyLoss.builder()
                                .ignoreIndex(3)
                                .reduction(Reduction.SUM)
                                .targetFormat(TargetFormat.ONE_HOT)
                                .miniBatch(false)
                                .positionsPerExample(5)
                                .emptyMean(EmptyMean.ZERO)
                                .build(),
                        "CrossEntropyLoss(ignoreIndex=3, reduction=SUM, targetFormat=ONE_HOT, miniBatch=false,"
                                + " positionsPerExample=5, emptyMean=ZERO)"),
                Arguments.of(
                        NLLLoss.builder().weight(0.5).build(),
                        "NLLLoss(weight=[0.5], ignoreIndex=-100, reduction=MEAN)"),
                Arguments.of(new BCELoss(), "BCELoss(reduction=MEAN)"),
                Arguments.of(BCELoss.builder().weight(2).build(), "BCELoss(weight=[2.0], reduction=MEAN)"),
                Arguments.of(
                        BCEWithLogitsLoss.builder()
                                .weight(1, 2)
                                .posWeight(3)
                                .reduction(Reduction.SUM)
                                .build(),
                        "BCEWithLogitsLoss(weight=[1.0, 2.0], posWeight=[3.0], reduction=SUM)"),
                Arguments.of(new KLDivLoss(), "KLDivLoss(reduction=MEAN)"),
                Arguments.of(
                        KLDivLoss.builder()
                                .reduction(Reduction.BATCHMEAN)
                                .logTarget(true)
                                .build(),
                        "KLDivLoss(reduction=BATCHMEAN, logTarget=true)"),
                Arguments.of(new HuberLoss(), "HuberLoss(reduction=MEAN)"),
                Arguments.of(
                        HuberLoss.builder()
                                .delta(2)
                                .reduction(Reduction.SUM)
                                .miniBatch(false)
                                .build(),
                        "HuberLoss(reduction=SUM, delta=2.0, miniBatch=false)"));
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void aDescriptionNamesWhatDiffersFromTheDefault(TorchLoss loss, String description) {
        assertThat(loss).hasToString(description);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aDescriptionNamesTheCommonOptions(LossBuilder<?> builder) {
        builder.miniBatch(false).positionsPerExample(7).emptyMean(EmptyMean.ZERO);

        assertThat(builder.build().toString()).endsWith(", miniBatch=false, positionsPerExample=7, emptyMean=ZERO)");
    }

    // ---- equals ----

    /** Pairs that differ in one option. */
    static Stream<Arguments> differences() {
        Stream<Arguments> common = Stream.of(
                        builders().map(b -> b.reduction(Reduction.SUM)),
                        builders().map(b -> b.miniBatch(false)),
                        builders().map(b -> b.positionsPerExample(2)),
                        builders().map(b -> b.emptyMean(EmptyMean.ZERO)))
                .flatMap(changed -> changed)
                .map(changed -> {
                    TorchLoss loss = changed.build();
                    TorchLoss plain = losses().filter(l -> l.getClass() == loss.getClass())
                            .findFirst()
                            .orElseThrow();
                    return Arguments.of(loss, plain);
                });
        Stream<Arguments> own = Stream.of(
                Arguments.of(BCELoss.builder().weight(1).build(), new BCELoss()),
                Arguments.of(
                        BCELoss.builder().weight(1, 2).build(),
                        BCELoss.builder().weight(1, 3).build()),
                Arguments.of(BCEWithLogitsLoss.builder().weight(1).build(), new BCEWithLogitsLoss()),
                Arguments.of(BCEWithLogitsLoss.builder().posWeight(1).build(), new BCEWithLogitsLoss()),
                Arguments.of(
                        BCEWithLogitsLoss.builder().weight(1).build(),
                        BCEWithLogitsLoss.builder().posWeight(1).build()),
                Arguments.of(NLLLoss.builder().weight(1).build(), new NLLLoss()),
                Arguments.of(NLLLoss.builder().ignoreIndex(1).build(), new NLLLoss()),
                Arguments.of(
                        NLLLoss.builder().targetFormat(TargetFormat.ONE_HOT).build(), new NLLLoss()),
                Arguments.of(CrossEntropyLoss.builder().weight(1).build(), new CrossEntropyLoss()),
                Arguments.of(CrossEntropyLoss.builder().ignoreIndex(1).build(), new CrossEntropyLoss()),
                Arguments.of(CrossEntropyLoss.builder().labelSmoothing(1).build(), new CrossEntropyLoss()),
                Arguments.of(
                        CrossEntropyLoss.builder()
                                .targetFormat(TargetFormat.ONE_HOT)
                                .build(),
                        new CrossEntropyLoss()),
                Arguments.of(KLDivLoss.builder().logTarget(true).build(), new KLDivLoss()),
                Arguments.of(KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build(), new KLDivLoss()),
                Arguments.of(HuberLoss.builder().delta(2).build(), new HuberLoss()),
                Arguments.of(new BCELoss(), new KLDivLoss()),
                Arguments.of(new NLLLoss(), new CrossEntropyLoss()));
        return Stream.concat(common, own);
    }

    @ParameterizedTest
    @MethodSource("differences")
    void lossesThatDifferInAnOptionAreNotEqual(TorchLoss one, TorchLoss other) {
        assertThat(one).isNotEqualTo(other);
        assertThat(other).isNotEqualTo(one);
        // nothing here is so unlucky as to collide
        assertThat(one).doesNotHaveSameHashCodeAs(other);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aLossIsNeitherNullNorSomethingElse(TorchLoss loss) {
        assertThat(loss).isNotEqualTo(null).isNotEqualTo("loss").isEqualTo(loss);
    }

    // ---- refused options ----

    @Test
    void nullWeightsAreRefusedByName() {
        refused(() -> BCELoss.builder().weight((double[]) null), "weight must not be null");
        refused(() -> BCEWithLogitsLoss.builder().weight((double[]) null), "weight must not be null");
        refused(() -> BCEWithLogitsLoss.builder().posWeight((double[]) null), "posWeight must not be null");
        refused(() -> NLLLoss.builder().weight((double[]) null), "weight must not be null");
        refused(() -> CrossEntropyLoss.builder().weight((double[]) null), "weight must not be null");
    }

    @Test
    void emptyWeightsAreRefusedByName() {
        refused(() -> BCELoss.builder().weight(), "weight must not be empty");
        refused(() -> BCEWithLogitsLoss.builder().weight(), "weight must not be empty");
        refused(() -> BCEWithLogitsLoss.builder().posWeight(), "posWeight must not be empty");
        refused(() -> NLLLoss.builder().weight(), "weight must not be empty");
        refused(() -> CrossEntropyLoss.builder().weight(), "weight must not be empty");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aNullReductionIsRefused(LossBuilder<?> builder) {
        refused(() -> builder.reduction(null).build(), "reduction must not be null");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aNullEmptyMeanIsRefused(LossBuilder<?> builder) {
        refused(() -> builder.emptyMean(null).build(), "emptyMean must not be null");
    }

    @Test
    void aNullTargetFormatIsRefused() {
        refused(() -> NLLLoss.builder().targetFormat(null).build(), "targetFormat must not be null");
        refused(() -> CrossEntropyLoss.builder().targetFormat(null).build(), "targetFormat must not be null");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void onlyTheDivergenceHasABatchMean(LossBuilder<?> builder) {
        builder.reduction(Reduction.BATCHMEAN);

        if (builder instanceof KLDivLoss.Builder) {
            assertThat(builder.build().getReduction()).isEqualTo(Reduction.BATCHMEAN);
        } else {
            refused(() -> builder.build(), "batchmean is not a valid value for reduction", "MEAN or SUM", "KLDivLoss");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.NEGATIVE_INFINITY, -Double.MIN_VALUE})
    void labelSmoothingOutsideOfZeroToOneIsRefused(double smoothing) {
        refused(
                () -> CrossEntropyLoss.builder().labelSmoothing(smoothing).build(),
                "label_smoothing must be between 0.0 and 1.0. Got: " + smoothing,
                "labelSmoothing");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 1, Double.MIN_VALUE})
    void labelSmoothingFromZeroToOneIsTaken(double smoothing) {
        assertThat(CrossEntropyLoss.builder().labelSmoothing(smoothing).build().getLabelSmoothing())
                .isEqualTo(smoothing);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.NEGATIVE_INFINITY})
    void aDeltaThatIsNotAboveZeroIsRefusedWithTorchsWords(double delta) {
        refused(
                () -> HuberLoss.builder().delta(delta).build(),
                "huber_loss does not support non-positive values for delta.",
                "above 0, got " + delta);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.MIN_VALUE, 1e300, Double.POSITIVE_INFINITY})
    void anyDeltaAboveZeroIsTaken(double delta) {
        assertThat(HuberLoss.builder().delta(delta).build().getDelta()).isEqualTo(delta);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void positionsPerExampleBelowOneAreRefused(LossBuilder<?> builder) {
        refused(() -> builder.positionsPerExample(0).build(), "positionsPerExample must be at least 1, got 0");
        refused(() -> builder.positionsPerExample(-1).build(), "positionsPerExample must be at least 1, got -1");
    }

    // ---- null arguments ----

    @ParameterizedTest
    @MethodSource("losses")
    void nullArgumentsOfADirectCallAreNamed(TorchLoss loss) {
        INDArray array = Nd4j.ones(2, 2);

        refused(() -> loss.value(null, array), "input must not be null");
        refused(() -> loss.value(array, null), "target must not be null");
        refused(() -> loss.gradient(null, array), "input must not be null");
        refused(() -> loss.gradient(array, null), "target must not be null");
        refused(() -> loss.valueAndGradient(null, array), "input must not be null");
        refused(() -> loss.valueAndGradient(array, null), "target must not be null");
        refused(() -> loss.unreduced(null, array), "input must not be null");
        refused(() -> loss.unreduced(array, null), "target must not be null");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void nullArgumentsOfATargetGradientAreNamed(TorchLoss loss) {
        INDArray array = Nd4j.ones(2, 2);
        if (!(loss instanceof NLLLoss)) {
            refused(() -> loss.targetGradient(null, array), "input must not be null");
            refused(() -> loss.targetGradient(array, null), "target must not be null");
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void nullArgumentsOfANetworksCallAreNamed(TorchLoss loss) {
        INDArray array = Nd4j.ones(2, 2);

        refused(() -> loss.computeScore(null, array, IDENTITY, null, false), "labels must not be null");
        refused(() -> loss.computeScore(array, null, IDENTITY, null, false), "preOutput must not be null");
        refused(() -> loss.computeScore(array, array, null, null, false), "activationFn must not be null");
        refused(() -> loss.computeGradient(null, array, IDENTITY, null), "labels must not be null");
        refused(() -> loss.computeGradient(array, null, IDENTITY, null), "preOutput must not be null");
        refused(() -> loss.computeGradient(array, array, null, null), "activationFn must not be null");
        refused(() -> loss.computeScoreArray(null, array, IDENTITY, null), "labels must not be null");
        refused(() -> loss.computeScoreArray(array, null, IDENTITY, null), "preOutput must not be null");
        refused(() -> loss.computeScoreArray(array, array, null, null), "activationFn must not be null");
        refused(() -> loss.computeGradientAndScore(null, array, IDENTITY, null, false), "labels must not be null");
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
    }
}
