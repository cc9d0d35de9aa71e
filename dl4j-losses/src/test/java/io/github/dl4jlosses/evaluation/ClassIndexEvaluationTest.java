/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.Layout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.EvaluationCalibration;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Figures of class indices, against those that DL4J's evaluations have for one-hot labels, and against counts by hand. */
class ClassIndexEvaluationTest {
    private static final long IGNORED = -100;
    private static final int CLASSES = 4;
    private static final INDArray TWO_ROWS = Nd4j.createFromArray(new double[][] {{.2, .8}, {.6, .4}});

    private static final Random RANDOM = PrintedSeed.randomFor(ClassIndexEvaluationTest.class);

    /** Shapes of predictions, with the class dimension. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to the shapes
    enum Batch {
        ROWS(1, 60, CLASSES),
        ONE_ROW(1, 1, CLASSES),
        SEQUENCES(1, 7, CLASSES, 5),
        ONE_STEP(1, 7, CLASSES, 1),
        SEQUENCES_NWC(2, 7, 5, CLASSES),
        IMAGES(1, 3, CLASSES, 2, 5),
        IMAGES_NHWC(3, 3, 2, 5, CLASSES),
        VOLUMES(1, 2, CLASSES, 2, 2, 3);

        private final int axis;
        private final long[] shape;

        Batch(int axis, long... shape) {
            this.axis = axis;
            this.shape = shape;
        }

        private long[] indexShape() {
            long[] single = shape.clone();
            single[axis] = 1;
            return single;
        }

        private long[] shapeWithoutClasses() {
            return IntStream.range(0, shape.length)
                    .filter(d -> d != axis)
                    .mapToLong(d -> shape[d])
                    .toArray();
        }
    }

    static Stream<IEvaluation<?>> evaluations() {
        return Stream.of(
                new Evaluation(),
                new Evaluation(2),
                new ROCMultiClass(),
                new ROCMultiClass(10),
                new EvaluationBinary(),
                new EvaluationCalibration(),
                new RegressionEvaluation());
    }

    // ---- the figures of one-hot labels ----

    @ParameterizedTest
    @MethodSource("evaluations")
    void figuresAreThoseOfOneHotLabels(IEvaluation<?> evaluation) {
        for (Batch batch : Batch.values()) {
            // GIVEN rows, and what each of them should be read as
            LabelledRows rows = new LabelledRows(batch);
            IEvaluation<?> expected = evaluation.newInstance();
            rows.evaluateKept(expected);

            // WHEN
            IEvaluation<?> actual = evaluation.newInstance();
            ClassIndexEvaluation.of(actual).eval(rows.labels(), rows.predictions(), rows.mask());

            // THEN
            assertThat(actual.stats()).as("%s", batch).isEqualTo(expected.stats());
            assertThat(actual.toJson()).as("%s", batch).isEqualTo(expected.toJson());
        }
    }

    @Test
    void theAreaUnderTheCurveOfTwoClassesIsTheShareOfPairsInOrder() {
        // GIVEN
        int[] label = {1, 0, 1, -100, 0, 1};
        double[] positive = {.9, .3, .4, .99, .6, .7};
        double[][] probabilities =
                Arrays.stream(positive).mapToObj(p -> new double[] {1 - p, p}).toArray(double[][]::new);
        ROC roc = new ROC();

        // WHEN
        ClassIndexEvaluation.of(roc).eval(Nd4j.createFromArray(label), Nd4j.createFromArray(probabilities));

        // THEN of the 3 times 2 pairs only .4 and .6 are out of order
        assertThat(roc.calculateAUC()).isCloseTo(5 / 6.0, within(1e-15));
    }

    @Test
    void accuracyIsTheShareOfKeptRowsWhoseLargestOutputIsTheLabel() {
        INDArray predictions =
                Nd4j.createFromArray(new float[][] {{.2f, .7f, .1f}, {.5f, .2f, .3f}, {.1f, .1f, .8f}, {.9f, .1f, 0}});
        INDArray labels = Nd4j.createFromArray(new int[][] {{1}, {2}, {-1}, {0}});
        Evaluation evaluation = new Evaluation();

        ClassIndexEvaluation.of(evaluation, -1).eval(labels, predictions);

        assertThat(evaluation.accuracy()).isEqualTo(2 / 3.0);
        assertThat(evaluation.getNumRowCounter()).isEqualTo(3);
        assertThat(evaluation.getConfusionMatrix().getCount(2, 0)).isEqualTo(1);
    }

    /** As DL4J's own evaluations have it: a deprecated name for the same. */
    @Test
    @SuppressWarnings("deprecation")
    void timeSeriesAreEvaluatedUnderTheirOldNameToo() {
        LabelledRows rows = new LabelledRows(Batch.SEQUENCES);
        Evaluation masked = new Evaluation();
        Evaluation all = new Evaluation();
        Evaluation expected = new Evaluation();
        INDArray labels = Nd4j.zeros(DataType.INT64, 7, 1, 5);

        ClassIndexEvaluation.of(masked).evalTimeSeries(labels, rows.predictions(), Nd4j.ones(7, 5));
        ClassIndexEvaluation.of(all).evalTimeSeries(labels, rows.predictions());
        ClassIndexEvaluation.of(expected).eval(labels, rows.predictions());

        assertThat(expected.getNumRowCounter()).isEqualTo(35);
        assertThat(masked.stats()).isEqualTo(expected.stats());
        assertThat(all.stats()).isEqualTo(expected.stats());
        assertThat(ClassIndexEvaluation.of(all)).hasToString(expected.stats());
    }

    // ---- forms of labels and masks ----

    @ParameterizedTest
    @EnumSource
    void labelsMayLackTheClassDimension(Batch batch) {
        LabelledRows rows = new LabelledRows(batch);

        assertThat(stats(rows.labels().reshape(batch.shapeWithoutClasses()), rows.predictions(), rows.mask()))
                .isEqualTo(stats(rows.labels(), rows.predictions(), rows.mask()));
    }

    @ParameterizedTest
    @EnumSource
    void aMaskMayHaveTheShapeOfThePredictions(Batch batch) {
        LabelledRows rows = new LabelledRows(batch);
        INDArray perOutput = Nd4j.zeros(DataType.FLOAT, batch.shape);
        perOutput.addi(rows.mask().castTo(DataType.FLOAT).broadcast(batch.shape));

        assertThat(stats(rows.labels(), rows.predictions(), perOutput))
                .isEqualTo(stats(rows.labels(), rows.predictions(), rows.mask()));
    }

    @ParameterizedTest
    @EnumSource
    void aMaskOfExamplesMasksTheirRows(Batch batch) {
        LabelledRows rows = new LabelledRows(batch);
        INDArray labels = rows.labels((int) IGNORED);
        long examples = batch.shape[0];
        INDArray ofExamples = Nd4j.ones(DataType.FLOAT, examples, 1);
        INDArray ofRows = Nd4j.ones(DataType.FLOAT, batch.indexShape());
        if (examples > 1) {
            ofExamples.putScalar(1, 0, 0);
            ofRows.slice(1).assign(0);
        }

        assertThat(stats(labels, rows.predictions(), ofExamples))
                .isEqualTo(stats(labels, rows.predictions(), ofRows))
                .isEqualTo(stats(labels, rows.predictions(), ofExamples.reshape(examples)));
    }

    @ParameterizedTest
    @EnumSource(names = {"INT", "LONG", "SHORT", "BYTE", "DOUBLE", "FLOAT", "HALF"})
    void indicesMayHaveAnyNumericalDtype(DataType type) {
        LabelledRows rows = new LabelledRows(Batch.ROWS);

        assertThat(stats(rows.labels().castTo(type), rows.predictions().castTo(DataType.FLOAT16), rows.mask()))
                .isEqualTo(stats(rows.labels(), rows.predictions().castTo(DataType.FLOAT16), rows.mask()));
    }

    @Test
    void argumentsStayAsTheyAre() {
        LabelledRows rows = new LabelledRows(Batch.SEQUENCES);
        INDArray[] arguments = {rows.labels(), rows.predictions(), rows.mask()};
        byte[][] before = Arrays.stream(arguments).map(Layout::bytes).toArray(byte[][]::new);

        stats(arguments[0], arguments[1], arguments[2]);

        assertThat(Arrays.stream(arguments).map(Layout::bytes).toArray(byte[][]::new))
                .isDeepEqualTo(before);
    }

    @Test
    void labelsOfThePredictionsShapeGoOnAsTheyAre() {
        INDArray oneHot = Nd4j.createFromArray(new double[][] {{0, 1}, {0, 1}});
        Evaluation expected = new Evaluation();
        expected.eval(oneHot, TWO_ROWS);

        assertThat(stats(oneHot, TWO_ROWS, null)).isEqualTo(expected.stats());
        INDArray single = Nd4j.createFromArray(new double[][] {{.2}, {.6}});
        EvaluationBinary binary = new EvaluationBinary();
        ClassIndexEvaluation.of(binary).eval(Nd4j.createFromArray(new double[][] {{0}, {1}}), single);
        assertThat(binary.accuracy(0)).isEqualTo(1);
    }

    @Test
    void aBatchThatIsLeftOutAsAWholeChangesNothing() {
        Evaluation evaluation = new Evaluation();

        ClassIndexEvaluation.of(evaluation).eval(Nd4j.createFromArray(new int[] {-100, -100}), TWO_ROWS);
        ClassIndexEvaluation.of(evaluation)
                .eval(Nd4j.createFromArray(new int[] {0, 1}), TWO_ROWS, Nd4j.zeros(DataType.FLOAT, 2, 1));

        assertThat(evaluation.getNumRowCounter()).isZero();
    }

    @Test
    void metaDataStayWithTheirExamples() {
        Evaluation evaluation = new Evaluation(2);
        INDArray predictions = Nd4j.createFromArray(new double[][] {{.2, .8}, {.6, .4}, {.3, .7}});

        ClassIndexEvaluation.of(evaluation)
                .eval(Nd4j.createFromArray(new int[] {1, -100, 0}), predictions, List.of("a", "b", "c"));

        assertThat(evaluation.getPredictionErrors())
                .extracting(error -> error.getRecordMetaData(Object.class))
                .containsExactly("c");
    }

    @Test
    void aTimeStepHasTheMetaDataOfItsExampleWhateverIsLeftOutBeforeIt() {
        // GIVEN three examples of two steps, the only errors in the second steps of the second and the last
        int[][] steps = {{1, 0}, {0, 1}, {1, 1}};
        INDArray predictions = Nd4j.zeros(DataType.FLOAT, 3, 2, 2);
        for (int example = 0; example < 3; example++) {
            for (int step = 0; step < 2; step++) {
                predictions.putScalar(example, steps[example][step], step, 1);
            }
        }
        INDArray labels = Nd4j.createFromArray(new int[][] {{-100, -100}, {0, 0}, {-100, 0}});
        Evaluation evaluation = new Evaluation(2);

        // WHEN
        ClassIndexEvaluation.of(evaluation).eval(labels.reshape(3, 1, 2), predictions, List.of("a", "b", "c"));

        // THEN
        assertThat(evaluation.getPredictionErrors())
                .extracting(error -> error.getRecordMetaData(Object.class))
                .containsExactly("b", "c");
    }

    @Test
    void whereThereAreNoMetaDataTheWrappedEvaluationGetsNone() {
        INDArray labels = Nd4j.createFromArray(new int[][] {{0}, {1}});
        INDArray predictions = Nd4j.createFromArray(new double[][] {{.6, .4}, {.2, .8}});
        MetaDataKeeper keeper = new MetaDataKeeper();
        ClassIndexEvaluation evaluation = ClassIndexEvaluation.of(keeper);

        evaluation.eval(labels, predictions);
        evaluation.eval(labels, predictions, List.of());
        evaluation.eval(labels, predictions, List.of("a", "b"));

        assertThat(keeper.given).containsExactly(null, null, List.of("a", "b"));
    }

    /** An evaluation of a user's own. */
    private static final class MetaDataKeeper extends Evaluation {
        private static final long serialVersionUID = 1L;

        private final transient List<Object> given = new ArrayList<>();

        @Override
        public void eval(INDArray labels, INDArray predictions, INDArray mask, List<? extends Serializable> metaData) {
            given.add(metaData);
        }
    }

    // ---- an evaluation among DL4J's ----

    @Test
    void mergedEvaluationsHaveSeenBoth() {
        LabelledRows first = new LabelledRows(Batch.ROWS);
        LabelledRows second = new LabelledRows(Batch.SEQUENCES);
        Evaluation both = new Evaluation();
        ClassIndexEvaluation together = ClassIndexEvaluation.of(both);
        together.eval(first.labels(), first.predictions(), first.mask());
        together.eval(second.labels(), second.predictions(), second.mask());

        ClassIndexEvaluation one = ClassIndexEvaluation.of(new Evaluation());
        ClassIndexEvaluation other = one.newInstance();
        one.eval(first.labels(), first.predictions(), first.mask());
        other.eval(second.labels(), second.predictions(), second.mask());
        one.merge(other);

        assertThat(one.stats()).isEqualTo(both.stats());
        assertThat(one.getValue(Evaluation.Metric.F1)).isEqualTo(both.f1());
        assertThat(Evaluation.fromJson(one.toJson()).stats()).isEqualTo(both.stats());
        assertThat(Evaluation.fromYaml(one.toYaml()).stats()).isEqualTo(both.stats());
        one.reset();
        assertThat(((Evaluation) one.getEvaluation()).getNumRowCounter()).isZero();
    }

    @Test
    void aNewInstanceKeepsTheIgnoredIndex() {
        assertThat(ClassIndexEvaluation.of(new Evaluation(), 7).newInstance().getIgnoreIndex())
                .isEqualTo(7);
        assertThat(ClassIndexEvaluation.of(new Evaluation()).getIgnoreIndex()).isEqualTo(IGNORED);
    }

    // ---- errors ----

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void whatAnEvaluationOfTheFrameworkFailsAtIsWhatThisIsFor() {
        LabelledRows rows = new LabelledRows(Batch.ROWS);

        assertThatThrownBy(() -> new Evaluation().eval(rows.labels(), rows.predictions()))
                .hasMessageContaining("not same shape");
    }

    @Test
    void aLabelThatIsNoClassIsNamed() {
        refused(
                () -> stats(Nd4j.createFromArray(new int[][] {{0}, {2}}), TWO_ROWS, null),
                "Target 2 is out of bounds. (labels, row 1; the input has 2 classes, allowed are 0 to 1 and"
                        + " ignoreIndex -100)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stats(Nd4j.createFromArray(new double[][] {{.5}, {1}}), TWO_ROWS, null))
                .withMessageContaining("class index 0.5 is not a whole number (labels, row 0)");
    }

    @Test
    void shapesThatDoNotGoTogetherAreNamed() {
        INDArray predictions = Nd4j.ones(DataType.FLOAT, 2, 3, 4);

        refused(
                () -> stats(Nd4j.zeros(DataType.INT32, 2, 1, 5), predictions, null),
                "labels have shape [2, 1, 5], but the predictions have [2, 3, 4]: give labels of that shape,"
                        + " or class indices, with 1 in place of the number of classes");
        refused(
                () -> stats(Nd4j.zeros(DataType.INT32, 2, 1, 4), predictions, Nd4j.ones(DataType.FLOAT, 4, 2)),
                "mask has shape [4, 2], but the predictions have [2, 3, 4]: give one number for each example,"
                        + " or for each class index");
    }

    @Test
    void aSingleNumberIsNoMask() {
        for (INDArray predictions : List.of(Nd4j.ones(DataType.FLOAT, 1, 3), Nd4j.ones(DataType.FLOAT, 1, 3, 4))) {
            long[] indices = predictions.shape().clone();
            indices[1] = 1;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stats(Nd4j.zeros(DataType.INT32, indices), predictions, Nd4j.scalar(1f)))
                    .withMessageStartingWith("mask has shape [], but the predictions have [1, 3");
        }
    }

    @Test
    void labelsThatFitBothDataFormatsAreRefused() {
        INDArray square = Nd4j.zeros(2, CLASSES, CLASSES);
        ClassIndexEvaluation evaluation = ClassIndexEvaluation.of(new Evaluation(CLASSES));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation.eval(Nd4j.zeros(2, CLASSES), square))
                .withMessageContaining("give them with a 1 where the classes are");
        evaluation.eval(Nd4j.zeros(2, 1, CLASSES), square);
        evaluation.eval(Nd4j.zeros(2, CLASSES, 1), square);
        assertThat(((Evaluation) evaluation.getEvaluation()).getNumRowCounter()).isEqualTo(4 * CLASSES);
    }

    @Test
    void aMaskThatDiffersWithinARowIsRefused() {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {1, 0}});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stats(Nd4j.createFromArray(new int[][] {{0}, {1}}), TWO_ROWS, mask))
                .withMessageContaining("mask differs within row 1");
    }

    @Test
    void nullArgumentsAreNamed() {
        refused(() -> ClassIndexEvaluation.of(null), "evaluation must not be null");
        refused(() -> stats(null, Nd4j.ones(1, 2), null), "labels must not be null");
        refused(() -> stats(Nd4j.ones(1, 2), null, null), "predictions must not be null");
    }

    private static String stats(INDArray labels, INDArray predictions, INDArray mask) {
        ClassIndexEvaluation evaluation = ClassIndexEvaluation.of(new Evaluation());
        evaluation.eval(labels, predictions, mask);
        return evaluation.stats();
    }

    /** Random rows of a batch: some masked, some ignored; kept apart as plain numbers, to evaluate them one by one. */
    private static final class LabelledRows {
        private final Batch batch;
        private final int count;
        private final double[][] prediction;
        private final int[] label;
        private final boolean[] masked;

        LabelledRows(Batch batch) {
            this.batch = batch;
            this.count = (int) (Arrays.stream(batch.shape).reduce(1, (a, b) -> a * b) / CLASSES);
            this.prediction = new double[count][];
            this.label = new int[count];
            this.masked = new boolean[count];
            for (int r = 0; r < count; r++) {
                // probabilities that float32 holds exactly, as one batch and row by row
                int cut = 1 + RANDOM.nextInt(60);
                prediction[r] =
                        new double[] {cut / 128.0, (64 - cut) / 128.0, 3 * cut / 256.0, (192 - 3 * cut) / 256.0};
                masked[r] = r > 0 && RANDOM.nextInt(4) == 0;
                label[r] = r > 0 && RANDOM.nextInt(4) == 0 ? (int) IGNORED : RANDOM.nextInt(CLASSES);
            }
        }

        /** No class at all where the mask leaves it out. */
        INDArray labels() {
            return labels(99);
        }

        INDArray labels(int whereMasked) {
            double[] labels = new double[count];
            Arrays.setAll(labels, r -> masked[r] ? whereMasked : label[r]);
            return Nd4j.createFromArray(labels).reshape(batch.indexShape());
        }

        INDArray mask() {
            double[] mask = new double[count];
            Arrays.setAll(mask, r -> masked[r] ? 0 : 1);
            return Nd4j.createFromArray(mask).reshape(batch.indexShape());
        }

        /** Rows go by example and position, classes last; then the class dimension moves to its place. */
        INDArray predictions() {
            long[] classesLast = Arrays.copyOf(batch.shapeWithoutClasses(), batch.shape.length);
            classesLast[batch.shape.length - 1] = CLASSES;
            INDArray last =
                    Nd4j.createFromArray(prediction).castTo(DataType.FLOAT).reshape('c', classesLast);
            if (batch.axis == batch.shape.length - 1) {
                return last;
            }
            int[] order = new int[batch.shape.length];
            Arrays.setAll(order, d -> d == 0 ? 0 : d == 1 ? batch.shape.length - 1 : d - 1);
            return last.permute(order);
        }

        /** One-hot labels of the kept rows, to an evaluation of DL4J. */
        void evaluateKept(IEvaluation<?> evaluation) {
            int[] kept = IntStream.range(0, count)
                    .filter(r -> !masked[r] && label[r] != IGNORED)
                    .toArray();
            double[][] oneHot = new double[kept.length][CLASSES];
            double[][] outputs = new double[kept.length][];
            for (int k = 0; k < kept.length; k++) {
                oneHot[k][label[kept[k]]] = 1;
                outputs[k] = prediction[kept[k]];
            }
            evaluation.eval(
                    Nd4j.createFromArray(oneHot), Nd4j.createFromArray(outputs).castTo(DataType.FLOAT));
        }
    }
}
