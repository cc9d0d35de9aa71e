/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.spec.memory.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Messages say what was given, where, and what is allowed; torch's own words first where it has some. */
class ErrorsTest {
    private static final IActivation IDENTITY = new ActivationIdentity();
    private static final IActivation SOFTMAX = new ActivationSoftmax();
    private static final IActivation SIGMOID = new ActivationSigmoid();
    private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();
    private static final NLLLoss LIKELIHOOD = new NLLLoss();
    private static final CrossEntropyLoss ONE_HOT =
            CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
    private static final BCELoss BINARY = new BCELoss();
    private static final BCEWithLogitsLoss WITH_LOGITS = new BCEWithLogitsLoss();
    private static final KLDivLoss DIVERGENCE = new KLDivLoss();
    private static final HuberLoss HUBER = new HuberLoss();

    static Stream<TorchLoss> classLosses() {
        return Stream.of(CROSS_ENTROPY, LIKELIHOOD);
    }

    static Stream<TorchLoss> all() {
        return AllLosses.defaults();
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
    }

    /** Every direct method refuses alike. */
    private static void refusedDirectly(TorchLoss loss, INDArray input, INDArray target, String... words) {
        refused(() -> loss.value(input, target), words);
        refused(() -> loss.gradient(input, target), words);
        refused(() -> loss.valueAndGradient(input, target), words);
        refused(() -> loss.unreduced(input, target), words);
    }

    /** Every method that DL4J calls refuses alike. */
    private static void refusedInANetwork(
            TorchLoss loss, INDArray labels, INDArray preOutput, IActivation head, INDArray mask, String... words) {
        refused(() -> loss.computeScore(labels, preOutput, head, mask, false), words);
        refused(() -> loss.computeGradient(labels, preOutput, head, mask), words);
        refused(() -> loss.computeScoreArray(labels, preOutput, head, mask), words);
        refused(() -> loss.computeGradientAndScore(labels, preOutput, head, mask, false), words);
    }

    private static INDArray halves(long... shape) {
        return Nd4j.valueArrayOf(shape, 0.5, DataType.DOUBLE);
    }

    private static INDArray indices(long... values) {
        return Nd4j.createFromArray(values);
    }

    private static INDArray matrix(double[]... rows) {
        return Nd4j.createFromArray(rows);
    }

    private static INDArray numbers(double... values) {
        return Nd4j.createFromArray(values);
    }

    // ---- class indices ----

    @ParameterizedTest
    @MethodSource("classLosses")
    void anIndexBeyondTheClassesIsNamedWithItsPlace(TorchLoss loss) {
        INDArray target = Nd4j.zeros(DataType.INT64, 20).putScalar(12, 7);

        refusedDirectly(
                loss,
                halves(20, 5),
                target,
                "Target 7 is out of bounds.",
                "target[12]",
                "the input has 5 classes",
                "allowed are 0 to 4",
                "ignoreIndex -100");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void theMessageStartsWithTorchs(TorchLoss loss) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss.value(halves(2, 5), indices(0, 7)))
                .withMessageStartingWith("Target 7 is out of bounds. (target[1]; the input has 5 classes");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void thePlaceInASpatialTargetIsItsFullIndex(TorchLoss loss) {
        INDArray target = Nd4j.zeros(DataType.INT64, 2, 3, 4).putScalar(new long[] {1, 0, 2}, 9);

        refusedDirectly(loss, halves(2, 5, 3, 4), target, "Target 9 is out of bounds.", "target[1, 0, 2]", "5 classes");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void theFirstOfSeveralWrongIndicesIsNamed(TorchLoss loss) {
        refusedDirectly(loss, halves(4, 2), indices(0, 5, 6, 7), "Target 5 is out of bounds.", "target[1]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void aNegativeIndexThatIsNotTheIgnoredOneIsRefused(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), indices(-100, -1), "Target -1 is out of bounds.", "target[1]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void inANetworkTheRowIsNamed(TorchLoss loss) {
        INDArray labels = matrix(new double[][] {{0}, {4}, {5}});

        refusedInANetwork(
                loss, labels, halves(3, 5), SOFTMAX, null, "Target 5 is out of bounds.", "row 2", "5 classes");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void anIndexThatIsNotWholeIsRefused(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), numbers(1, 1.5), "1.5", "not a whole number", "target[1]");
        refusedInANetwork(
                loss,
                matrix(new double[][] {{0}, {1.5}}),
                halves(2, 5),
                SOFTMAX,
                null,
                "1.5",
                "not a whole number",
                "row 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void anIndexThatIsNotFiniteIsRefused(double index) {
        classLosses().forEach(loss -> {
            refusedDirectly(loss, halves(2, 5), numbers(0, index), index + " is not a whole number", "target[1]");
            refusedInANetwork(
                    loss,
                    matrix(new double[][] {{0}, {index}}),
                    halves(2, 5),
                    SOFTMAX,
                    null,
                    String.valueOf(index),
                    "row 1");
        });
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void aWholeNumberBeyondEveryLongIsNamedAsItIs(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), numbers(0, 1e300), "Target 1.0E300 is out of bounds.", "target[1]");
        refusedDirectly(
                loss, halves(2, 5), numbers(0, 0x1p63), "Target 9.223372036854776E18 is out of bounds.", "target[1]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void anIndexThatADoubleCannotHoldIsNamedExactly(TorchLoss loss) {
        refusedDirectly(loss, halves(1, 5), indices((1L << 53) + 1), "Target 9007199254740993 is out of bounds.");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void truthValuesAreNoIndices(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), Nd4j.createFromArray(true, false), "Long", "Bool", "integer dtype");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void aMaskedRowMayHoldAnyIndex(TorchLoss loss) {
        INDArray labels = matrix(new double[][] {{1}, {77}, {Double.NaN}, {1.5}});
        INDArray mask = matrix(new double[][] {{1}, {0}, {0}, {0}});

        assertThat(loss.computeScore(labels, halves(4, 5), SOFTMAX, mask, false))
                .isFinite();
    }

    // ---- one-hot ----

    static Stream<DataType> oneHotTypes() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16);
    }

    @ParameterizedTest
    @MethodSource("oneHotTypes")
    void aOneHotRowWithAFractionIsNamed(DataType type) {
        INDArray target = matrix(new double[][] {{0, 1}, {0.5, 0.5}}).castTo(type);

        refusedDirectly(
                ONE_HOT,
                halves(2, 2),
                target,
                "one-hot target expected",
                "target[1, 0] is 0.5",
                "a single 1 and zeros");
        refusedInANetwork(
                ONE_HOT,
                target,
                halves(2, 2),
                SOFTMAX,
                null,
                "one-hot target expected",
                "labels, row 1, column 0 is 0.5");
    }

    @ParameterizedTest
    @MethodSource("oneHotTypes")
    void aOneHotRowWithTwoOnesIsNamed(DataType type) {
        INDArray target = matrix(new double[][] {{0, 1, 0}, {1, 0, 1}}).castTo(type);

        refusedDirectly(ONE_HOT, halves(2, 3), target, "target[1, 2] is 1.0, and so is target[1, 0]");
        refusedInANetwork(
                ONE_HOT,
                target,
                halves(2, 3),
                SOFTMAX,
                null,
                "labels, row 1, column 2 is 1.0, and so is labels, row 1, column 0");
    }

    @ParameterizedTest
    @MethodSource("oneHotTypes")
    void aOneHotRowWithNanIsNamed(DataType type) {
        INDArray target = matrix(new double[][] {{1, Double.NaN}}).castTo(type);

        refusedDirectly(ONE_HOT, halves(1, 2), target, "target[0, 1] is NaN");
    }

    @ParameterizedTest
    @MethodSource("oneHotTypes")
    void theFirstRowThatIsNotOneHotIsNamedAmongThousands(DataType type) {
        INDArray target = Nd4j.zeros(type, 3000, 7);
        target.getColumn(4).assign(1);
        target.putScalar(1234, 6, 3).putScalar(2999, 2, 5);

        refusedDirectly(ONE_HOT, halves(3000, 7), target, "target[1234, 6] is 3.0");
    }

    @ParameterizedTest
    @MethodSource("oneHotTypes")
    void aMaskedRowNeedNotBeOneHot(DataType type) {
        INDArray labels = matrix(new double[][] {{0, 1}, {3, Double.NaN}}).castTo(type);
        INDArray mask = matrix(new double[][] {{1}, {0}});

        assertThat(ONE_HOT.computeScore(labels, halves(2, 2), SOFTMAX, mask, false))
                .isEqualTo(2 * Math.log(2));
    }

    @ParameterizedTest
    @MethodSource("oneHotTypes")
    void anEmptyBatchOfOneHotRowsHasASumOfZero(DataType type) {
        TorchLoss sum = CrossEntropyLoss.builder()
                .targetFormat(TargetFormat.ONE_HOT)
                .reduction(Reduction.SUM)
                .build();

        assertThat(sum.value(Nd4j.zeros(DataType.DOUBLE, 0, 3), Nd4j.zeros(type, 0, 3)))
                .isZero();
        assertThat(ONE_HOT.value(Nd4j.zeros(DataType.DOUBLE, 0, 3), Nd4j.zeros(type, 0, 3)))
                .isNaN();
        assertThat(sum.value(Nd4j.zeros(DataType.DOUBLE, 3, 0), Nd4j.zeros(type, 3, 0)))
                .as("rows without classes have no class")
                .isZero();
    }

    /** torch fills in NaN where the input has no elements, though there are rows to divide by. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.25})
    void probabilitiesOfNoClassesHaveNoMean(double smoothing) {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().labelSmoothing(smoothing).build();

        assertThat(loss.value(halves(3, 0), halves(3, 0))).isNaN();
    }

    @Test
    void theLikelihoodReadsATargetOfTheInputsShapeAsOneHot() {
        refusedDirectly(
                LIKELIHOOD,
                halves(1, 2),
                matrix(new double[][] {{0.5, 0.5}}),
                "one-hot target expected",
                "target[0, 0] is 0.5");
    }

    @Test
    void aSpatialOneHotTargetIsNamedByItsIndex() {
        INDArray target = Nd4j.zeros(DataType.DOUBLE, 2, 3, 4).putScalar(new long[] {1, 2, 3}, 0.5);

        refusedDirectly(ONE_HOT, halves(2, 3, 4), target, "target[1, 2, 3]", "0.5");
    }

    @Test
    void oneHotTargetsHaveTheInputsShape() {
        refusedDirectly(ONE_HOT, halves(2, 3), indices(0, 1), "one-hot target expected", "[2]", "[2, 3]");
        refusedInANetwork(
                ONE_HOT,
                Nd4j.zeros(DataType.DOUBLE, 2, 1),
                halves(2, 3),
                SOFTMAX,
                null,
                "one-hot target expected",
                "[2, 1]",
                "[2, 3]");
    }

    @Test
    void anIgnoredIndexThatIsAClassDoesNotGoWithProbabilities() {
        CrossEntropyLoss loss = CrossEntropyLoss.builder().ignoreIndex(0).build();

        refusedDirectly(
                loss,
                halves(2, 3),
                halves(2, 3),
                "ignore_index is not supported for floating point target",
                "ignoreIndex is 0",
                "ONE_HOT");
        refusedInANetwork(
                loss, halves(2, 3), halves(2, 3), SOFTMAX, null, "ignore_index is not supported", "ignoreIndex is 0");
    }

    @Test
    void anIntegerTargetOfTheInputsShapeIsTorchsError() {
        refusedDirectly(
                CROSS_ENTROPY,
                halves(2, 3),
                Nd4j.zeros(DataType.INT64, 2, 3),
                "Expected floating point type for target with class probabilities, got Long",
                "ONE_HOT");
    }

    // ---- shapes ----

    @ParameterizedTest
    @MethodSource("classLosses")
    void asManyTargetsAsRowsAreExpected(TorchLoss loss) {
        refusedDirectly(
                loss,
                halves(3, 5),
                indices(0, 1),
                "Expected input batch_size (3) to match target batch_size (2).",
                "[3, 5]",
                "[2]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void severalTargetsPerRowAreRefused(TorchLoss loss) {
        refusedDirectly(
                loss,
                halves(2, 5),
                Nd4j.zeros(DataType.INT64, 2, 1),
                "0D or 1D target tensor expected, multi-target not supported",
                "[2, 5]",
                "[2, 1]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void positionsOfInputAndTargetMustAgree(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5, 3), Nd4j.zeros(DataType.INT64, 2, 4), "[2, 5, 3]", "[2, 4]", "[2, 3]");
        refusedDirectly(loss, halves(2, 5, 3, 3), Nd4j.zeros(DataType.INT64, 2, 3, 4), "[2, 5, 3, 3]", "[2, 3, 4]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void anInputOfRankOneTakesASingleIndex(TorchLoss loss) {
        refusedDirectly(loss, halves(5), indices(0, 1), "size mismatch", "[5]", "[2]", "a single class index");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void aScalarInputHasNoClasses(TorchLoss loss) {
        refusedDirectly(loss, Nd4j.scalar(1.0), indices(0), "its shape must be (C), (N, C)");
    }

    @Test
    void aScalarBesideAScalarTargetIsReadAsProbabilities() {
        // equal shapes mean probabilities, which torch finds before it looks at the rank
        refusedDirectly(
                CROSS_ENTROPY, Nd4j.scalar(1.0), Nd4j.scalar(0L), "Expected floating point type for target", "Long");
        refusedDirectly(CROSS_ENTROPY, Nd4j.scalar(1.0), Nd4j.scalar(1.0), "the input is a single number");
    }

    @ParameterizedTest
    @MethodSource("all")
    void aNetworksPreOutputIsAMatrix(TorchLoss loss) {
        refusedInANetwork(
                loss, halves(2, 3, 4), halves(2, 3, 4), IDENTITY, null, "preOutput must have rank 2", "[2, 3, 4]");
    }

    @Test
    void binaryLossesWantTargetsOfTheInputsShape() {
        refusedDirectly(
                BINARY,
                halves(2, 3),
                halves(3, 2),
                "Using a target size (torch.Size([3, 2])) that is different to the input size (torch.Size([2, 3]))");
        refusedDirectly(
                WITH_LOGITS,
                halves(2, 3),
                halves(2, 1),
                "Target size (torch.Size([2, 1])) must be the same as input size (torch.Size([2, 3]))");
    }

    @Test
    void theHuberLossDoesNotBroadcast() {
        refusedDirectly(
                HUBER,
                halves(2, 3),
                halves(2, 1),
                "Using a target size (torch.Size([2, 1])) that is different to the input size (torch.Size([2, 3])).",
                "Please ensure they have the same size.");
        refusedDirectly(
                HUBER,
                halves(2, 3),
                halves(2, 2),
                "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1",
                "[2, 2]");
    }

    @Test
    void theDivergenceWantsShapesThatBroadcast() {
        refusedDirectly(
                DIVERGENCE,
                halves(2, 3),
                halves(2, 2),
                "must match the size of tensor b",
                "dimension 1",
                "[2, 3]",
                "[2, 2]");
    }

    @ParameterizedTest
    @MethodSource("all")
    void labelsOfANetworkMustFitTheOutput(TorchLoss loss) {
        refusedInANetwork(loss, halves(2, 4), halves(2, 3), IDENTITY, null, "labels", "[2, 4]", "[2, 3]");
        refusedInANetwork(loss, halves(3, 3), halves(2, 3), IDENTITY, null, "labels", "[3, 3]", "[2, 3]");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void indicesOfANetworkMayBeAVectorButNoRow(TorchLoss loss) {
        INDArray preOutput = halves(3, 5).putScalar(1, 4, 2);
        INDArray vector = numbers(0, 4, 2);

        assertThat(loss.computeScore(vector, preOutput, SOFTMAX, null, false))
                .isEqualTo(loss.computeScore(vector.reshape(3, 1), preOutput, SOFTMAX, null, false));
        refusedInANetwork(
                loss,
                vector.reshape(1, 3),
                preOutput,
                SOFTMAX,
                null,
                "labels have shape [1, 3], but the output layer has [3, 5]",
                "class indices of shape [3, 1]");
    }

    @Test
    void labelsOfANetworkAreNotBroadcast() {
        Stream.of(BINARY, WITH_LOGITS, DIVERGENCE, HUBER)
                .forEach(loss -> refusedInANetwork(
                        loss, halves(2, 1), halves(2, 3), IDENTITY, null, "labels", "[2, 1]", "[2, 3]"));
    }

    // ---- dtypes ----

    @ParameterizedTest
    @MethodSource("all")
    void integerInputsAreRefused(TorchLoss loss) {
        INDArray target = loss instanceof ClassLoss ? indices(0, 1) : halves(2, 2);
        refusedDirectly(loss, Nd4j.ones(DataType.INT64, 2, 2), target, "LONG");
        refusedDirectly(loss, Nd4j.ones(DataType.INT32, 2, 2), target, "INT");
    }

    @Test
    void integerTargetsOfLossesOfSingleOutputsAreRefused() {
        INDArray target = Nd4j.ones(DataType.INT64, 2, 2);
        refusedDirectly(BINARY, halves(2, 2), target, "Found dtype Long but expected Double");
        refusedDirectly(
                WITH_LOGITS, halves(2, 2), target, "result type Double can't be cast to the desired output type Long");
        refusedDirectly(DIVERGENCE, halves(2, 2), target, "Integral inputs not supported", "LONG");
    }

    @Test
    void theHuberLossTakesIntegerTargetsByValueButHasNoGradientThere() {
        INDArray target = Nd4j.createFromArray(new long[][] {{0, 3}});
        INDArray input = matrix(new double[][] {{0.5, 0.5}});

        assertThat(HUBER.value(input, target)).isEqualTo((0.125 + 2) / 2);
        assertThat(HUBER.gradient(input, target).toDoubleVector()).containsExactly(0.25, -0.5);
        refused(() -> HUBER.targetGradient(input, target), "only Tensors of floating point", "LONG");
    }

    @Test
    void inANetworkIntegerLabelsAreTakenByValue() {
        INDArray labels = Nd4j.ones(DataType.INT32, 2, 2);
        Stream.of(CROSS_ENTROPY, BINARY, WITH_LOGITS, DIVERGENCE, HUBER)
                .forEach(loss -> assertThat(loss.computeScore(labels, halves(2, 2), IDENTITY, null, false))
                        .isEqualTo(
                                loss.computeScore(labels.castTo(DataType.DOUBLE), halves(2, 2), IDENTITY, null, false))
                        .isFinite());
    }

    // ---- weights ----

    @Test
    void classWeightsMustBeAsManyAsClasses() {
        for (TorchLoss loss : List.of(
                CrossEntropyLoss.builder().weight(1, 2, 3).build(),
                NLLLoss.builder().weight(1, 2, 3).build())) {
            String[] words = {"weight tensor should be defined either for all", "weight has 3 numbers", "2 classes"};
            refusedDirectly(loss, halves(2, 2), indices(0, 1), words);
            refusedDirectly(loss, halves(2, 2, 3), Nd4j.zeros(DataType.INT64, 2, 3), words);
            refusedInANetwork(loss, halves(2, 1), halves(2, 2), SOFTMAX, null, words);
        }
    }

    @Test
    void aSingleClassWeightServesOnlyOneClass() {
        refusedDirectly(CrossEntropyLoss.builder().weight(2).build(), halves(2, 2), indices(0, 1), "weight has 1");
    }

    @Test
    void classWeightsBesideProbabilitiesMustBeAsManyAsClasses() {
        refusedDirectly(
                CrossEntropyLoss.builder().weight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                "weight tensor should be defined either for all 2 classes",
                "weight has 3 numbers");
    }

    @Test
    void classWeightsBesideOneHotTargetsMustBeAsManyAsClasses() {
        INDArray oneHot = matrix(new double[][] {{1, 0}, {0, 1}});
        for (TorchLoss loss : List.of(
                CrossEntropyLoss.builder()
                        .weight(1, 2, 3)
                        .targetFormat(TargetFormat.ONE_HOT)
                        .build(),
                NLLLoss.builder().weight(1, 2, 3).build())) {
            refusedDirectly(
                    loss,
                    halves(2, 2),
                    oneHot,
                    "weight tensor should be defined either for all 2 classes",
                    "weight has 3 numbers");
        }
    }

    @Test
    void outputWeightsMustBeOneOrAsManyAsOutputs() {
        refusedDirectly(
                BCELoss.builder().weight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                "weight has 3 numbers",
                "2 outputs",
                "one for all");
        refusedDirectly(
                BCEWithLogitsLoss.builder().weight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                "weight has 3 numbers",
                "2 outputs");
        refusedDirectly(
                BCEWithLogitsLoss.builder().posWeight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                "posWeight has 3 numbers",
                "2 outputs");
        refusedInANetwork(
                BCEWithLogitsLoss.builder().posWeight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                SIGMOID,
                null,
                "posWeight has 3 numbers",
                "2 outputs");
    }

    // ---- BCE's range ----

    static Stream<Arguments> outside() {
        return Stream.of(-0.1, 1.25, Double.NaN, Math.nextUp(1.0), -Double.MIN_VALUE, Double.POSITIVE_INFINITY)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void aProbabilityOutsideOfZeroToOneIsNamed(double value) {
        INDArray input = halves(2, 3).putScalar(1, 2, value);

        refusedDirectly(
                BINARY,
                input,
                halves(2, 3),
                "all elements of input should be between 0 and 1",
                "input[1, 2] is " + value);
        refusedInANetwork(
                BINARY,
                halves(2, 3),
                input,
                IDENTITY,
                null,
                "all elements of input should be between 0 and 1",
                "row 1",
                "column 2",
                String.valueOf(value));
    }

    @ParameterizedTest
    @MethodSource("outside")
    void aTargetOutsideOfZeroToOneIsNamed(double value) {
        INDArray target = halves(2, 3).putScalar(1, 0, value);

        refusedDirectly(
                BINARY,
                halves(2, 3),
                target,
                "all elements of target should be between 0 and 1",
                "target[1, 0] is " + value);
        refusedInANetwork(
                BINARY,
                target,
                halves(2, 3),
                SIGMOID,
                null,
                "all elements of target should be between 0 and 1",
                "labels, row 1, column 0 is " + value);
    }

    @Test
    void aNanLogitUnderASigmoidIsAnInputOutOfRange() {
        refusedInANetwork(
                BINARY,
                halves(2, 3),
                halves(2, 3).putScalar(0, 1, Double.NaN),
                SIGMOID,
                null,
                "all elements of input should be between 0 and 1",
                "row 0",
                "column 1",
                "NaN");
    }

    @Test
    void aValueOutOfRangeIsFoundInTheLastOfManyRows() {
        INDArray input = halves(5000, 3).putScalar(4999, 2, 1.5);

        refusedDirectly(BINARY, input, halves(5000, 3), "input[4999, 2] is 1.5");
    }

    @Test
    void theBoundsThemselvesAreProbabilities() {
        assertThat(BINARY.value(numbers(0, 1), numbers(0, 1))).isZero();
    }

    @Test
    void maskedElementsMayHoldAnything() {
        INDArray labels = matrix(new double[][] {{Double.NaN, 1}, {0, 77}});
        INDArray preOutput = matrix(new double[][] {{Double.NaN, 0.5}, {0.5, -3}});
        INDArray mask = matrix(new double[][] {{0, 1}, {1, 0}});

        assertThat(BINARY.computeScore(labels, preOutput, IDENTITY, mask, false))
                // two rows times the mean of two losses of log 2
                .isEqualTo(2 * Math.log(2));
    }

    // ---- torch's words ----

    private static void begins(TorchLoss loss, INDArray input, INDArray target, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss.value(input, target))
                .withMessageStartingWith(words);
    }

    private static INDArray zeros(long... shape) {
        return Nd4j.zeros(DataType.INT64, shape);
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void shapesOfIndicesAreRefusedInTorchsWords(TorchLoss loss) {
        begins(loss, halves(2, 3), Nd4j.scalar(1L), "Expected input batch_size (2) to match target batch_size (0).");
        begins(loss, halves(2, 3), zeros(2, 2), "0D or 1D target tensor expected, multi-target not supported");
        begins(loss, halves(2, 3, 4), zeros(2, 5), "Expected target size [2, 4], got [2, 5]");
        begins(
                loss,
                halves(2, 3, 4, 5),
                zeros(2, 4),
                "only batches of spatial targets supported (3D tensors) but got targets of dimension: 2");
        begins(loss, halves(2, 3, 4, 5), zeros(2, 4, 6), "size mismatch (got input: [2, 3, 4, 5] , target: [2, 4, 6]");
        begins(loss, halves(3), zeros(2), "size mismatch (got input: [3], target: [2])");
        begins(loss, halves(3), zeros(1), "size mismatch (got input: [3], target: [1])");
        begins(loss, halves(3), zeros(1, 1), "0D or 1D target tensor expected, multi-target not supported");
    }

    @Test
    void aSingleClassTakesASingleIndexOfRankOne() {
        assertThat(LIKELIHOOD.value(halves(1), zeros(1))).isEqualTo(-0.5);
    }

    @Test
    void aScalarIsRefusedInTorchsWords() {
        begins(
                CROSS_ENTROPY,
                Nd4j.scalar(1.0),
                Nd4j.scalar(1.0),
                "Dimension specified as 1 but tensor has no dimensions");
        begins(
                CROSS_ENTROPY,
                Nd4j.scalar(1.0),
                zeros(1),
                "Dimension out of range (expected to be in range of [-1, 0], but got 1)");
    }

    @Test
    void anIntegerInputWithPositionsIsRefusedByAnotherNameOfTorchs() {
        begins(CROSS_ENTROPY, zeros(2, 3, 4), zeros(2, 4), "\"softmax_kernel_impl\" not implemented for 'Long'");
        begins(LIKELIHOOD, zeros(2, 3, 4), zeros(2, 4), "\"nll_loss2d_forward_out_frame\" not implemented for 'Long'");
        begins(LIKELIHOOD, zeros(2, 3), zeros(2), "\"nll_loss_out_frame\" not implemented for 'Long'");
    }

    @Test
    void anIntegerInputBesideAFloatingTargetIsRefusedForItsResult() {
        begins(
                new HuberLoss(),
                zeros(2, 3),
                halves(2, 3),
                "result type Double can't be cast to the desired output type Long");
    }

    @Test
    void weightsOfClassesAreRefusedInTorchsWords() {
        TorchLoss crossEntropy = CrossEntropyLoss.builder().weight(1, 2).build();
        String brief = "weight tensor should be defined either for all or no classes";
        String full = "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of"
                + " shape: [2]";

        begins(crossEntropy, halves(2, 3), zeros(2), full);
        begins(crossEntropy, halves(2, 3, 4), zeros(2, 4), brief);
        begins(crossEntropy, halves(2, 3, 4), halves(2, 3, 4), "cross_entropy: " + full);
    }

    @Test
    void weightsOfOutputsAreRefusedInTorchsWords() {
        TorchLoss weighted = BCEWithLogitsLoss.builder().weight(1, 2).build();
        TorchLoss positive = BCEWithLogitsLoss.builder().posWeight(1, 2).build();
        String sizes = "The size of tensor a (%d) must match the size of tensor b (%d) at non-singleton dimension %d";

        begins(weighted, halves(4, 3), halves(4, 3), String.format(sizes, 3, 2, 1));
        begins(positive, halves(4, 3), halves(4, 3), String.format(sizes, 2, 3, 1));
        begins(weighted, halves(3), halves(3), String.format(sizes, 3, 2, 0));
        begins(positive, halves(3), halves(3), String.format(sizes, 2, 3, 0));
        begins(weighted, halves(4, 1), halves(4, 1), "output with shape [4, 1] doesn't match the broadcast shape");
        begins(weighted, Nd4j.scalar(.5), Nd4j.scalar(.5), "output with shape [] doesn't match the broadcast shape");
    }

    static Stream<Arguments> namesOfTypes() {
        return Stream.of(
                Arguments.of(DataType.INT64, "Long"),
                Arguments.of(DataType.INT32, "Int"),
                Arguments.of(DataType.INT16, "Short"),
                Arguments.of(DataType.INT8, "Char"),
                Arguments.of(DataType.UINT8, "Byte"),
                Arguments.of(DataType.BOOL, "Bool"),
                Arguments.of(DataType.UINT16, "UInt16"),
                Arguments.of(DataType.UINT32, "UInt32"),
                Arguments.of(DataType.UINT64, "UInt64"));
    }

    @ParameterizedTest
    @MethodSource("namesOfTypes")
    void anIntegerInputIsRefusedByTorchsNameOfItsType(DataType type, String name) {
        begins(
                CROSS_ENTROPY,
                Nd4j.zeros(type, 2, 3),
                zeros(2),
                "\"log_softmax_lastdim_kernel_impl\" not implemented for '" + name + "'");
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, Double", "FLOAT, Float", "HALF, Half", "BFLOAT16, BFloat16"})
    void anIntegerTargetIsRefusedByTorchsNameOfTheInputsType(DataType type, String name) {
        begins(BINARY, halves(2, 3).castTo(type), zeros(2, 3), "Found dtype Long but expected " + name);
    }

    @Test
    void whereThereIsOneColumnTheRowIsEnough() {
        refusedInANetwork(
                LIKELIHOOD,
                matrix(new double[][] {{0}, {4}}),
                halves(2, 3),
                SOFTMAX,
                null,
                "Target 4 is out of bounds. (labels, row 1; ");
        refusedInANetwork(
                BINARY,
                halves(2, 1),
                matrix(new double[][] {{0.5}, {1.5}}),
                IDENTITY,
                null,
                "(output layer, row 1 is 1.5)");
    }

    // ---- masks ----

    @ParameterizedTest
    @MethodSource("all")
    void aFractionInAMaskIsRefused(TorchLoss loss) {
        INDArray mask = matrix(new double[][] {{1}, {0.5}});

        refusedInANetwork(
                loss,
                Nd4j.ones(DataType.DOUBLE, 2, 2),
                halves(2, 2),
                IDENTITY,
                mask,
                "mask must be 0 or 1, got 0.5 (row 1)",
                "example weight");
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, -1, Double.NaN})
    void anyOtherNumberInAMaskIsRefused(double value) {
        for (int column = 0; column < 2; column++) {
            refusedInANetwork(
                    WITH_LOGITS,
                    halves(2, 2),
                    halves(2, 2),
                    IDENTITY,
                    Nd4j.ones(DataType.DOUBLE, 2, 2).putScalar(1, column, value),
                    "mask must be 0 or 1, got " + value + " (row 1, column " + column + ")");
        }
    }

    static Stream<long[]> wrongMaskShapes() {
        return Stream.of(
                new long[] {2}, new long[] {1, 1}, new long[] {3, 1}, new long[] {2, 2}, new long[] {3, 3}, new long[] {
                    2, 3, 1
                });
    }

    @ParameterizedTest
    @MethodSource("wrongMaskShapes")
    void aMaskOfAnotherShapeIsRefused(long[] shape) {
        all().forEach(loss -> refusedInANetwork(
                loss,
                halves(2, 3),
                halves(2, 3),
                IDENTITY,
                Nd4j.ones(DataType.DOUBLE, shape),
                "mask has shape " + Arrays.toString(shape),
                "[2, 1]",
                "[2, 3]"));
    }

    static Stream<Arguments> coupled() {
        return Stream.of(
                Arguments.of(CROSS_ENTROPY, SOFTMAX),
                Arguments.of(CROSS_ENTROPY, IDENTITY),
                Arguments.of(LIKELIHOOD, SOFTMAX),
                Arguments.of(LIKELIHOOD, new ActivationLogSoftmax()),
                Arguments.of(DIVERGENCE, SOFTMAX),
                Arguments.of(DIVERGENCE, new ActivationLogSoftmax()),
                Arguments.of(BINARY, SOFTMAX),
                Arguments.of(WITH_LOGITS, SOFTMAX));
    }

    @ParameterizedTest
    @MethodSource("coupled")
    void theClassesOfOneSoftmaxCannotBeMaskedApart(TorchLoss loss, IActivation head) {
        INDArray mask = matrix(new double[][] {{1, 1}, {1, 0}});

        refusedInANetwork(
                loss,
                matrix(new double[][] {{1, 0}, {0, 1}}),
                halves(2, 2),
                head,
                mask,
                "mask",
                "row 1",
                "cannot be masked apart",
                "mask the whole row",
                "BCEWithLogitsLoss");
    }

    @ParameterizedTest
    @MethodSource("classLosses")
    void aLossOfClassesSaysWhyItsOutputsCannotBeMaskedApart(TorchLoss loss) {
        refusedInANetwork(
                loss,
                matrix(new double[][] {{1, 0}, {0, 1}}),
                halves(2, 2),
                IDENTITY,
                matrix(new double[][] {{1, 1}, {1, 0}}),
                loss.name() + " has one class per row");
    }

    @ParameterizedTest
    @MethodSource("coupled")
    void aMaskPerOutputThatMasksWholeRowsIsARowMask(TorchLoss loss, IActivation head) {
        INDArray labels = matrix(new double[][] {{1, 0}, {0, 1}});
        INDArray preOutput = matrix(new double[][] {{0.2, 0.9}, {0.4, 0.1}});

        double perOutput = loss.computeScore(labels, preOutput, head, matrix(new double[][] {{1, 1}, {0, 0}}), false);
        double perRow = loss.computeScore(labels, preOutput, head, matrix(new double[][] {{1}, {0}}), false);

        assertThat(perOutput).isEqualTo(perRow).isFinite();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMaskOfOneRowMasksTheExample(TorchLoss loss) {
        INDArray gradient = loss.computeGradient(
                matrix(new double[][] {{1, 0}}), halves(1, 2), IDENTITY, matrix(new double[][] {{0}}));

        assertThat(gradient.toDoubleVector()).containsExactly(0, 0);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMaskOfTruthValuesIsAMask(TorchLoss loss) {
        INDArray labels = matrix(new double[][] {{1, 0}, {0, 1}});
        INDArray preOutput = matrix(new double[][] {{0.2, 0.9}, {0.4, 0.1}});
        INDArray mask = matrix(new double[][] {{0}, {1}});

        assertThat(loss.computeScore(labels, preOutput, IDENTITY, mask.castTo(DataType.BOOL), false))
                .isEqualTo(loss.computeScore(labels, preOutput, IDENTITY, mask, false));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMaskedRowOfNanHasGradientZero(TorchLoss loss) {
        for (IActivation head : List.of(IDENTITY, SOFTMAX, SIGMOID, new ActivationTanH())) {
            INDArray preOutput = matrix(new double[][] {{Double.NaN, Double.NaN}, {0.4, 0.1}});
            INDArray labels = matrix(new double[][] {{Double.NaN, Double.NaN}, {0, 1}});

            INDArray gradient = loss.computeGradient(labels, preOutput, head, matrix(new double[][] {{0}, {1}}));

            assertThat(gradient.getRow(0).toDoubleVector())
                    .as("%s under %s", loss, head)
                    .containsExactly(0, 0);
            assertThat(gradient.getRow(1).toDoubleVector()).doesNotContain(Double.NaN);
        }
    }

    static Stream<Arguments> maskedByOutput() {
        return Stream.of(BINARY, WITH_LOGITS, DIVERGENCE)
                .flatMap(loss ->
                        Stream.of(IDENTITY, SIGMOID, new ActivationTanH()).map(head -> Arguments.of(loss, head)));
    }

    @ParameterizedTest
    @MethodSource("maskedByOutput")
    void aMaskedElementOfNanHasGradientZero(TorchLoss loss, IActivation head) {
        INDArray preOutput = matrix(new double[][] {{Double.NaN, 0.3}, {0.4, 0.1}});
        INDArray labels = matrix(new double[][] {{Double.NaN, 1}, {0, 1}});
        INDArray mask = matrix(new double[][] {{0, 1}, {1, 1}});

        INDArray gradient = loss.computeGradient(labels, preOutput, head, mask);

        assertThat(gradient.getDouble(0, 0)).isZero();
        assertThat(gradient.ravel().toDoubleVector()).doesNotContain(Double.NaN);
    }

    // ---- order ----

    @Test
    void optionsComeBeforeValues() {
        refusedDirectly(
                CrossEntropyLoss.builder().weight(1, 2, 3).build(),
                halves(2, 2),
                indices(0, 9),
                "weight has 3 numbers");
        refusedDirectly(
                BCELoss.builder().weight(1, 2, 3).build(), halves(2, 2).mul(9), halves(2, 2), "weight has 3 numbers");
    }

    @Test
    void shapesComeBeforeValues() {
        refusedDirectly(CROSS_ENTROPY, halves(2, 2), indices(0, 9, 0), "batch_size");
        refusedDirectly(BINARY, halves(2, 2).mul(9), halves(3, 2), "target size");
    }

    @Test
    void inANetworkOptionsComeBeforeShapes() {
        refusedInANetwork(
                CrossEntropyLoss.builder().weight(1, 2, 3).build(),
                halves(2, 5),
                halves(2, 2),
                SOFTMAX,
                null,
                "weight has 3 numbers");
        refusedInANetwork(
                BCEWithLogitsLoss.builder().posWeight(1, 2, 3).build(),
                halves(2, 5),
                halves(2, 2),
                SIGMOID,
                null,
                "posWeight has 3 numbers");
    }

    @Test
    void inANetworkOptionsComeBeforeAMask() {
        refusedInANetwork(
                CrossEntropyLoss.builder().weight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                SOFTMAX,
                matrix(new double[][] {{0.5}, {1}}),
                "weight has 3 numbers");
    }

    @Test
    void inANetworkShapesComeBeforeTheValuesOfAMask() {
        refusedInANetwork(
                WITH_LOGITS, halves(2, 5), halves(2, 2), SIGMOID, matrix(new double[][] {{0.5}, {1}}), "[2, 5]");
    }

    // ---- what an error leaves behind ----

    @Test
    void anErrorChangesNothing() {
        // GIVEN a wrong value in the last row of many, so that rows before it have been read
        INDArray input = halves(3000, 3).putScalar(2999, 2, 1.5);
        INDArray target = halves(3000, 3);
        byte[] inputBefore = Layout.bytes(input);
        byte[] targetBefore = Layout.bytes(target);

        // WHEN
        refusedDirectly(BINARY, input, target, "1.5");
        refusedInANetwork(BINARY, target, input, IDENTITY, null, "1.5");

        // THEN
        assertThat(Layout.bytes(input)).isEqualTo(inputBefore);
        assertThat(Layout.bytes(target)).isEqualTo(targetBefore);
    }

    @Test
    void anErrorLeavesNoTraceInTheNextCall() {
        INDArray target = halves(2, 3);
        double before = BINARY.value(halves(2, 3), target);

        refusedDirectly(BINARY, halves(3000, 3).putScalar(2999, 2, 1.5), halves(3000, 3), "1.5");

        assertThat(BINARY.value(halves(2, 3), target)).isEqualTo(before);
    }

    // ---- what torch has no derivative for ----

    @Test
    void classesHaveNoTargetGradient() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> LIKELIHOOD.targetGradient(halves(2, 2), indices(0, 1)))
                .withMessageContaining("NLLLoss");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> CROSS_ENTROPY.targetGradient(halves(2, 2), indices(0, 1)))
                .withMessageContaining("CrossEntropyLoss");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ONE_HOT.targetGradient(halves(2, 2), halves(2, 2)))
                .withMessageContaining("CrossEntropyLoss");
    }
}
