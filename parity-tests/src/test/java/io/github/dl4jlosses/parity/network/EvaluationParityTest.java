/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.evaluation.ClassIndexEvaluation;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.ROCBinary;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Figures of evaluations against those that torch's logits have: class indices in one line, probability heads with
 * {@code evaluate()} itself.
 */
class EvaluationParityTest {
    private static final Random RANDOM = PrintedSeed.randomFor(EvaluationParityTest.class);
    private static final int EXAMPLES = 40;
    private static final int CLASSES = TwoLayers.CLASSES;
    private static final int STEPS = 4;
    private static final int HEIGHT = 2;
    private static final int WIDTH = 4;

    private static final TorchFunction ARGMAX = TorchFunction.of("torch.argmax(z, 1)", "z");

    private static final TwoLayers CLASSIFIER = new TwoLayers(new CrossEntropyLoss(), SpecHead.SOFTMAX);

    private static NeuralNetConfiguration.Builder builder() {
        return TwoLayers.builder(RANDOM, new Sgd(0.1));
    }

    private static DataSetIterator batches(DataSet data, int size) {
        return new ListDataSetIterator<>(data.asList(), size);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // several kinds of evaluation in one parameter
    private static <E extends IEvaluation> E evaluate(Model model, DataSetIterator data, E evaluation) {
        ((NeuralNetwork) model).doEvaluation(data, evaluation);
        return evaluation;
    }

    private static Evaluation ofIndices(Model model, DataSetIterator data) {
        Evaluation evaluation = new Evaluation(CLASSES);
        evaluate(model, data, ClassIndexEvaluation.of(evaluation));
        return evaluation;
    }

    // ---- class indices ----

    static Stream<Arguments> classHeads() {
        return Stream.of(SpecHead.SOFTMAX, SpecHead.IDENTITY, SpecHead.LOG_SOFTMAX)
                .flatMap(head -> Stream.of(Arguments.of(head, false), Arguments.of(head, true)));
    }

    @ParameterizedTest(name = "{0}, a graph: {1}")
    @MethodSource("classHeads")
    void classIndicesAreEvaluatedInOneLine(SpecHead head, boolean graph) {
        // GIVEN
        TwoLayers layers = new TwoLayers(new CrossEntropyLoss(), head);
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, EXAMPLES);
        Model model = layers.model(graph, builder());
        long[] predicted = predicted(model, batch.features());
        long[] labels = batch.target().toLongs();

        // WHEN the iterator gives batches of eight
        Evaluation evaluation = ofIndices(model, batches(batch.dataSet(), 8));

        // THEN an ignored label is no label
        assertCounted(evaluation, labels, predicted);
    }

    /** What a count by hand gives where some labels are ignored. */
    private static void assertCounted(Evaluation evaluation, long[] labels, long... predicted) {
        int kept = 0;
        int[][] counts = new int[CLASSES][CLASSES];
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] >= 0) {
                kept++;
                counts[(int) labels[row]][(int) predicted[row]]++;
            }
        }
        assertThat(evaluation.getNumRowCounter()).isEqualTo(kept).isLessThan(labels.length);
        for (int actual = 0; actual < CLASSES; actual++) {
            for (int guess = 0; guess < CLASSES; guess++) {
                assertThat(evaluation.getConfusionMatrix().getCount(actual, guess))
                        .as("class %s as %s", actual, guess)
                        .isEqualTo(counts[actual][guess]);
            }
        }
    }

    /** By torch's function of the features x and of the weight w and the bias b of a network's only layer. */
    private static long[] predicted(String torch, MultiLayerNetwork network, TorchTensor features) {
        StartingPoint parameters = StartingPoint.of(network, List.of("0_W", "0_b"));
        return TorchFunction.of(torch, "x", "w", "b")
                .call(parameters.after(features))
                .value()
                .toLongs();
    }

    private static long[] predicted(Model model, TorchTensor features) {
        return ARGMAX.call(TwoLayers.logits(model, features)).value().toLongs();
    }

    @ParameterizedTest(name = "{0}, a graph: {1}")
    @MethodSource("classHeads")
    void figuresOfSequencesAreThoseOfOneHotLabels(SpecHead head, boolean graph) {
        // GIVEN sequences of several lengths, with ignored steps in between
        DataSet indices = sequences();
        Model model = sequenceNetwork(head, graph);

        // WHEN
        ROCMultiClass roc = new ROCMultiClass();
        Evaluation evaluation = ofIndices(model, batches(indices, 3));
        evaluate(model, batches(indices, 3), ClassIndexEvaluation.of(roc));

        // THEN DL4J's own figures of one-hot labels whose ignored steps are masked, too
        DataSet oneHot = oneHot(indices);
        Evaluation expected = evaluate(model, batches(oneHot, 3), new Evaluation(CLASSES));
        ROCMultiClass expectedRoc = evaluate(model, batches(oneHot, 3), new ROCMultiClass());
        assertThat(evaluation.stats()).isEqualTo(expected.stats());
        assertThat(evaluation.getNumRowCounter())
                .isEqualTo(oneHot.getLabelsMaskArray().sumNumber().intValue());
        assertThat(roc.calculateAverageAUC()).isEqualTo(expectedRoc.calculateAverageAUC());
    }

    /** DL4J evaluates such a network segment by segment. */
    @Test
    void figuresOfTruncatedBackPropagationAreThoseOfOneHotLabels() {
        DataSet indices = sequences();
        MultiLayerNetwork network = NetworkKind.network(builder()
                .list(sequenceOutput(SpecHead.SOFTMAX, RNNFormat.NCW))
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(STEPS - 1)
                .build());

        Evaluation evaluation = ofIndices(network, batches(indices, 3));
        Evaluation expected = evaluate(network, batches(oneHot(indices), 3), new Evaluation(CLASSES));

        assertThat(evaluation.stats()).isEqualTo(expected.stats());
    }

    /** The layer is trained with one-hot labels, and evaluated with class indices. */
    @ParameterizedTest(name = "indices with a channel: {0}")
    @ValueSource(booleans = {false, true})
    void figuresOfImagesAreThoseOfOneHotLabels(boolean channel) {
        // GIVEN
        TorchTensor features = TwoLayers.numbers(RANDOM, 2, EXAMPLES, TwoLayers.INPUTS, HEIGHT + 1, WIDTH + 1);
        long[] classes = classes((long) EXAMPLES * HEIGHT * WIDTH);
        DataSet oneHot = new DataSet(features.toArray(), oneHot(classes, EXAMPLES, CLASSES, HEIGHT, WIDTH));
        MultiLayerNetwork network = imageNetwork();
        network.fit(oneHot);

        // WHEN, THEN
        long[] predicted = predicted("torch.argmax(torch.conv2d(x, w, torch.flatten(b)), 1)", network, features);
        long[] shape = channel ? new long[] {EXAMPLES, 1, HEIGHT, WIDTH} : new long[] {EXAMPLES, HEIGHT, WIDTH};
        assertFigures(network, oneHot, 1, classes, shape, predicted);
    }

    /** Evaluations of DL4J look for classes in the second dimension, unless they are told otherwise. */
    @ParameterizedTest(name = "indices with a dimension of their own: {0}")
    @ValueSource(booleans = {false, true})
    void figuresOfSequencesWithClassesLastAreThoseOfOneHotLabels(boolean channel) {
        // GIVEN
        TorchTensor features = TwoLayers.numbers(RANDOM, 2, EXAMPLES, STEPS, TwoLayers.INPUTS);
        long[] classes = classes((long) EXAMPLES * STEPS);
        DataSet oneHot = new DataSet(
                features.toArray(), oneHot(classes, EXAMPLES * STEPS, CLASSES).reshape(EXAMPLES, STEPS, CLASSES));
        MultiLayerNetwork network = NetworkKind.network(
                builder().list(sequenceOutput(SpecHead.SOFTMAX, RNNFormat.NWC)).build());
        network.fit(new DataSet(features.toArray(), labels(classes, EXAMPLES, STEPS, 1)));

        // WHEN, THEN
        long[] predicted = predicted("torch.argmax(torch.add(torch.matmul(x, w), b), 2)", network, features);
        long[] shape = channel ? new long[] {EXAMPLES, STEPS, 1} : new long[] {EXAMPLES, STEPS};
        assertFigures(network, oneHot, 2, classes, shape, predicted);
    }

    /** DL4J's own figures, of labels with the classes in some dimension; by hand, where a third of them is ignored. */
    private static void assertFigures(
            MultiLayerNetwork network, DataSet oneHot, int axis, long[] indices, long[] shape, long... predicted) {
        Evaluation expected = new Evaluation(CLASSES);
        expected.setAxis(axis);
        evaluate(network, new SingletonDataSetIterator(oneHot), expected);

        DataSet all = new DataSet(oneHot.getFeatures(), labels(indices, shape));
        Evaluation evaluation = ofIndices(network, new SingletonDataSetIterator(all));
        assertThat(evaluation.stats()).isEqualTo(expected.stats());
        assertThat(evaluation.getNumRowCounter()).isEqualTo(indices.length);

        long[] ignoring = indices.clone();
        for (int row = 0; row < ignoring.length; row += 3) {
            ignoring[row] = -100;
        }
        DataSet some = new DataSet(oneHot.getFeatures(), labels(ignoring, shape));
        Evaluation counted = ofIndices(network, new SingletonDataSetIterator(some));
        assertCounted(counted, ignoring, predicted);
    }

    /** The share of labels that are not ignored for which the class is the predicted one. */
    private static double accuracy(long[] labels, long... predicted) {
        long right = IntStream.range(0, labels.length)
                .filter(r -> predicted[r] == labels[r])
                .count();
        return right / (double) Arrays.stream(labels).filter(k -> k >= 0).count();
    }

    private static long[] classes(long count) {
        return RANDOM.longs(count, 0, CLASSES).toArray();
    }

    private static INDArray labels(long[] indices, long... shape) {
        return TorchTensor.of(TorchType.INT64, indices, shape).toArray();
    }

    private static MultiLayerNetwork imageNetwork() {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
        return NetworkKind.network(builder()
                .list(
                        new ConvolutionLayer.Builder(2, 2)
                                .activation(Activation.IDENTITY)
                                .nOut(CLASSES)
                                .build(),
                        new CnnLossLayer.Builder(loss)
                                .activation(Activation.SOFTMAX)
                                .build())
                .setInputType(InputType.convolutional(HEIGHT + 1, WIDTH + 1, TwoLayers.INPUTS))
                .build());
    }

    /** A class of one output, independent labels of the other. */
    @Test
    void eachOutputOfAGraphHasAnEvaluationOfItsOwn() {
        // GIVEN
        ComputationGraph graph = NetworkKind.network(builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("0", TwoLayers.hidden(), "in")
                .addLayer("1", CLASSIFIER.output(), "0")
                .addLayer("tags", new TwoLayers(new BCEWithLogitsLoss(), SpecHead.SIGMOID).output(), "0")
                .setOutputs("1", "tags")
                .build());
        TwoLayers.Batch kinds = TwoLayers.classes(RANDOM, EXAMPLES);
        TwoLayers.Batch tags = TwoLayers.tags(RANDOM, EXAMPLES);
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {kinds.features().toArray()},
                new INDArray[] {kinds.dataSet().getLabels(), tags.target().toArray()});
        Evaluation ofKinds = new Evaluation(CLASSES);
        EvaluationBinary ofTags = new EvaluationBinary();

        // WHEN
        graph.evaluate(
                new SingletonMultiDataSetIterator(data),
                Map.<Integer, IEvaluation<?>[]>of(
                        0, new IEvaluation<?>[] {ClassIndexEvaluation.of(ofKinds)}, 1, new IEvaluation<?>[] {ofTags}));

        // THEN
        long[] predicted = predicted(graph, kinds.features());
        long[] labels = kinds.target().toLongs();
        assertThat(ofKinds.accuracy()).isEqualTo(accuracy(labels, predicted));
        assertThat(ofTags.totalCount(0)).isEqualTo(EXAMPLES);
    }

    private static DataSet sequences() {
        long[] labels = RANDOM.ints((long) EXAMPLES * STEPS, -1, CLASSES)
                .mapToLong(k -> k < 0 ? -100 : k)
                .toArray();
        double[] mask = new double[EXAMPLES * STEPS];
        for (int n = 0; n < EXAMPLES; n++) {
            int length = 1 + RANDOM.nextInt(STEPS);
            for (int t = 0; t < STEPS; t++) {
                mask[n * STEPS + t] = t < length ? 1 : 0;
                labels[n * STEPS + t] = t < length ? labels[n * STEPS + t] : 77;
            }
        }
        return new DataSet(
                TwoLayers.numbers(RANDOM, 2, EXAMPLES, TwoLayers.INPUTS, STEPS).toArray(),
                TorchTensor.of(TorchType.INT64, labels, EXAMPLES, 1, STEPS).toArray(),
                null,
                TorchTensor.of(TorchType.FLOAT64, mask, EXAMPLES, STEPS).toArray());
    }

    private static DataSet oneHot(DataSet indices) {
        long[] labels = TorchTensor.of(indices.getLabels()).toLongs();
        double[] mask = TorchTensor.of(indices.getLabelsMaskArray()).toDoubles();
        Arrays.setAll(mask, step -> labels[step] < 0 ? 0 : mask[step]);
        return new DataSet(
                indices.getFeatures(),
                oneHot(labels, EXAMPLES, CLASSES, STEPS),
                null,
                TorchTensor.of(TorchType.FLOAT64, mask, EXAMPLES, STEPS).toArray());
    }

    private static RnnOutputLayer sequenceOutput(SpecHead head, RNNFormat format) {
        return new RnnOutputLayer.Builder(new CrossEntropyLoss())
                .activation(head.inDl4j())
                .dataFormat(format)
                .nIn(TwoLayers.INPUTS)
                .nOut(CLASSES)
                .build();
    }

    private static Model sequenceNetwork(SpecHead head, boolean graph) {
        MultiLayerNetwork network = NetworkKind.network(
                builder().list(sequenceOutput(head, RNNFormat.NCW)).build());
        return graph ? network.toComputationGraph() : network;
    }

    /** What a user meets without it. */
    @ParameterizedTest(name = "a graph: {0}")
    @ValueSource(booleans = {false, true})
    void theFrameworkItselfCannotEvaluateClassIndices(boolean graph) {
        Model model = CLASSIFIER.model(graph, builder());
        DataSetIterator data = batches(TwoLayers.classes(RANDOM, EXAMPLES).dataSet(), EXAMPLES);

        assertThatThrownBy(() -> evaluate(model, data, new Evaluation(CLASSES))).hasMessageContaining("not same shape");
    }

    @Test
    void anEvaluativeListenerTakesIt() {
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, EXAMPLES);
        MultiLayerNetwork network = CLASSIFIER.network(builder());
        long[] labels = batch.target().toLongs();
        Evaluation evaluation = new Evaluation(CLASSES);
        EvaluativeListener listener =
                new EvaluativeListener(batches(batch.dataSet(), EXAMPLES), 1, ClassIndexEvaluation.of(evaluation));
        network.setListeners(listener);

        network.fit(batch.dataSet());

        IEvaluation<?> seen = listener.getEvaluations()[0];
        long[] predicted = predicted(network, batch.features());
        assertThat(seen.getValue(Evaluation.Metric.ACCURACY)).isEqualTo(accuracy(labels, predicted));
    }

    // ---- probability heads ----

    @ParameterizedTest(name = "a graph: {0}")
    @ValueSource(booleans = {false, true})
    void aSoftmaxHeadIsEvaluatedFromOneHotLabels(boolean graph) {
        TwoLayers layers = new TwoLayers(
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build(), SpecHead.SOFTMAX);
        Model model = layers.model(graph, builder());
        TorchTensor features = TwoLayers.features(RANDOM, EXAMPLES);
        long[] labels = classes(EXAMPLES);
        DataSetIterator data = batches(new DataSet(features.toArray(), oneHot(labels, EXAMPLES, CLASSES)), 8);
        Evaluation evaluation =
                model instanceof ComputationGraph g ? g.evaluate(data) : ((MultiLayerNetwork) model).evaluate(data);
        ROCMultiClass roc = model instanceof ComputationGraph g
                ? g.evaluateROCMultiClass(data, 0)
                : ((MultiLayerNetwork) model).evaluateROCMultiClass(data, 0);

        long[] predicted = predicted(model, features);
        assertThat(evaluation.accuracy()).isEqualTo(accuracy(labels, predicted));
        double[] probability = probabilities("torch.softmax(z, 1)", model, features);
        for (int k = 0; k < CLASSES; k++) {
            int of = k;
            assertThat(roc.calculateAUC(k))
                    .isCloseTo(area(r -> labels[r] == of, column(probability, k)), within(1e-12));
        }
    }

    @ParameterizedTest(name = "a graph: {0}")
    @ValueSource(booleans = {false, true})
    void aSigmoidHeadIsEvaluatedForEachOfItsLabels(boolean graph) {
        TwoLayers layers = new TwoLayers(new BCEWithLogitsLoss(), SpecHead.SIGMOID);
        Model model = layers.model(graph, builder());
        TwoLayers.Batch batch = TwoLayers.tags(RANDOM, EXAMPLES);
        DataSetIterator data = batches(batch.dataSet(), 8);

        EvaluationBinary evaluation = evaluate(model, data, new EvaluationBinary());
        data.reset();
        ROCBinary roc = evaluate(model, data, new ROCBinary(0));

        double[] probability = probabilities("torch.sigmoid(z)", model, batch.features());
        double[] tags = batch.target().toDoubles();
        for (int k = 0; k < CLASSES; k++) {
            double[] p = column(probability, k);
            double[] tag = column(tags, k);
            IntPredicate positive = r -> tag[r] == 1;
            long right = IntStream.range(0, EXAMPLES)
                    .filter(r -> p[r] > .5 == positive.test(r))
                    .count();
            assertThat(evaluation.accuracy(k)).isCloseTo(right / (double) EXAMPLES, within(1e-12));
            assertThat(roc.calculateAUC(k)).isCloseTo(area(positive, p), within(1e-12));
        }
    }

    /** DL4J refuses to evaluate logits; the route for class indices takes them. */
    @Test
    void anIdentityHeadIsRefusedByEvaluateAlone() {
        TwoLayers layers = new TwoLayers(new NLLLoss(), SpecHead.IDENTITY);
        MultiLayerNetwork network = layers.network(builder());
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, EXAMPLES);
        DataSetIterator data = batches(batch.dataSet(), EXAMPLES);

        assertThatThrownBy(() -> network.evaluate(data)).isInstanceOf(IllegalStateException.class);
        Evaluation evaluation = new Evaluation(CLASSES);
        network.doEvaluation(data, ClassIndexEvaluation.of(evaluation));
        assertThat(evaluation.getNumRowCounter()).isPositive();
    }

    private static double[] probabilities(String head, Model model, TorchTensor features) {
        return TorchFunction.of(head, "z")
                .call(TwoLayers.logits(model, features))
                .value()
                .toDoubles();
    }

    private static double[] column(double[] rows, int column) {
        return IntStream.range(0, EXAMPLES)
                .mapToDouble(r -> rows[r * CLASSES + column])
                .toArray();
    }

    /** The share of pairs of a positive and a negative in which the positive has the larger probability. */
    private static double area(IntPredicate positive, double... probability) {
        long pairs = 0;
        long inOrder = 0;
        for (int p = 0; p < probability.length; p++) {
            for (int n = 0; n < probability.length; n++) {
                if (positive.test(p) && !positive.test(n)) {
                    pairs++;
                    inOrder += probability[p] > probability[n] ? 1 : 0;
                }
            }
        }
        return inOrder / (double) pairs;
    }

    /** Of a shape with the classes second; zeros where there is no class. */
    private static INDArray oneHot(long[] classes, long... shape) {
        return TorchTensor.of(TorchType.FLOAT64, new PlainRows(shape).oneHot(classes), shape)
                .toArray();
    }
}
