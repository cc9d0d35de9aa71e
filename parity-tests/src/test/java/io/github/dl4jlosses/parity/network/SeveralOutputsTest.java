/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * One graph with four losses in four kinds of output layers, three of them masked in three ways: score and step of all its
 * layers against live torch.
 */
class SeveralOutputsTest {
    private static final Random RANDOM = PrintedSeed.randomFor(SeveralOutputsTest.class);
    private static final int EXAMPLES = 5;
    private static final int INPUTS = 3;
    private static final int STEPS = 3;
    private static final int HIDDEN = 4;
    private static final int CLASSES = 4;
    private static final int TAGS = 2;

    /** By DL4J's names; the loss layers have none, so the trunk itself makes the classes of the time steps. */
    private static final Map<String, long[]> SHAPES = shapes();

    private static final String[] ARGUMENTS = Stream.concat(
                    Stream.of("x", "tags", "keepTags", "states", "keepStates", "kinds", "mix", "keepMix", "divisor"),
                    SHAPES.keySet().stream())
            .toArray(String[]::new);

    private static final TorchFunction TORCH =
            TorchFunction.of("""
            h = torch.zeros([x.size(0), 4], dtype=7)
            hs = annotate(List[Tensor], [])
            for i in range(x.size(2)):
              h = torch.tanh(torch.add(torch.add(torch.matmul(torch.select(x, 2, i), rnn_W), torch.matmul(h, rnn_RW)), rnn_b))
              hs.append(h)
            all = torch.stack(hs, 1)
            tagLogits = torch.movedim(torch.add(torch.matmul(all, tags_W), tags_b), 2, 1)
            posWeight = torch.tensor([3.0], dtype=7)
            bce = torch.binary_cross_entropy_with_logits(
              torch.masked_select(tagLogits, keepTags), torch.masked_select(tags, keepTags), None, posWeight, 1)
            rows = torch.flatten(torch.nonzero(torch.flatten(keepStates)))
            weight = torch.tensor([0.5, 2.0, 3.0, 1.0], dtype=7)
            ce = torch.cross_entropy_loss(
              torch.index_select(torch.flatten(all, 0, 1), 0, rows),
              torch.index_select(torch.flatten(states), 0, rows), weight, 1, -100, 0.1)
            kindLogits = torch.add(torch.matmul(h, kind_W), kind_b)
            nll = torch.nll_loss_nd(torch.log_softmax(kindLogits, 1), kinds, None, 2, -100)
            mixLogits = torch.add(torch.matmul(h, mixture_W), mixture_b)
            kept = torch.flatten(torch.nonzero(keepMix))
            kl = torch.div(torch.kl_div(
              torch.index_select(torch.log_softmax(mixLogits, 1), 0, kept),
              torch.index_select(mix, 0, kept), 2), x.size(0))
            torch.add(torch.add(bce, nll), torch.div(torch.add(ce, kl), divisor))
            """, ARGUMENTS).withRespectTo(SHAPES.keySet().toArray(String[]::new));

    private final TorchTensor features = numbers(EXAMPLES, INPUTS, STEPS);
    private final TorchTensor tags = choices(TorchType.FLOAT64, 2, EXAMPLES, TAGS, STEPS);
    private final TorchTensor keepTags = kept(EXAMPLES, TAGS, STEPS);
    private final TorchTensor states = choices(TorchType.INT64, CLASSES, EXAMPLES, STEPS);
    private final TorchTensor keepStates = kept(EXAMPLES, STEPS);
    private final TorchTensor kinds = choices(TorchType.INT64, CLASSES, EXAMPLES);
    private final TorchTensor mixture =
            TorchTensor.of(TorchType.FLOAT64, RANDOM.doubles(EXAMPLES * CLASSES).toArray(), EXAMPLES, CLASSES);
    private final TorchTensor keepMixture = kept(EXAMPLES);

    private static Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("rnn_W", new long[] {INPUTS, HIDDEN});
        shapes.put("rnn_RW", new long[] {HIDDEN, HIDDEN});
        shapes.put("rnn_b", new long[] {1, HIDDEN});
        for (String head : List.of("tags", "kind", "mixture")) {
            int outputs = head.equals("tags") ? TAGS : CLASSES;
            shapes.put(head + "_W", new long[] {HIDDEN, outputs});
            shapes.put(head + "_b", new long[] {1, outputs});
        }
        return shapes;
    }

    @ParameterizedTest(name = "miniBatch {0}")
    @ValueSource(booleans = {true, false})
    void scoreAndStepAreTheSumsOfTorchsFourLosses(boolean miniBatch) {
        // GIVEN
        ComputationGraph graph = graph(miniBatch);
        SHAPES.forEach((name, shape) -> graph.setParam(name, numbers(shape).toArray()));
        StartingPoint before = StartingPoint.of(graph, SHAPES.keySet());

        // WHEN
        graph.fit(data());

        // THEN
        TorchResult torch = torch(before, 1);
        // framework bug: loss layers divide their scores by the examples in any network
        TorchResult score = miniBatch ? torch : torch(before, EXAMPLES);
        before.assertScoreAndStep(graph, 1, score.value().item(), torch::gradient);
    }

    private TorchResult torch(StartingPoint parameters, double divisor) {
        return TORCH.call(parameters.after(
                features,
                tags,
                keepTags,
                states,
                keepStates,
                kinds,
                mixture,
                keepMixture,
                TorchTensor.scalar(TorchType.FLOAT64, divisor)));
    }

    private MultiDataSet data() {
        INDArray[] labels = {
            masked(tags.toArray(), keepTags.toArray()),
            masked(states.toArray(), keepStates.toArray()).reshape(EXAMPLES, 1, STEPS),
            kinds.toArray().reshape(EXAMPLES, 1),
            mixture.toArray()
        };
        INDArray[] masks = {
            keepTags.to(TorchType.FLOAT64).toArray(),
            keepStates.to(TorchType.FLOAT64).toArray(),
            null,
            keepMixture.to(TorchType.FLOAT64).toArray().reshape(EXAMPLES, 1)
        };
        return new MultiDataSet(new INDArray[] {features.toArray()}, labels, null, masks);
    }

    /** Labels of which those that are masked are NaN. */
    private static INDArray masked(INDArray labels, INDArray keep) {
        double[] numbers = TorchTensor.of(labels).toDoubles();
        double[] flags = TorchTensor.of(keep).toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = flags[i] == 0 ? Double.NaN : numbers[i];
        }
        return TorchTensor.of(TorchType.FLOAT64, numbers, labels.shape()).toArray();
    }

    private static ComputationGraph graph(boolean miniBatch) {
        Convention rows = new Convention(miniBatch, 1, EmptyMean.NAN);
        Convention steps = new Convention(miniBatch, STEPS, EmptyMean.NAN);
        return NetworkKind.network(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .miniBatch(miniBatch)
                .updater(new Sgd(1))
                .activation(Activation.IDENTITY)
                .graphBuilder()
                .addInputs("in")
                .addLayer("rnn", sized(new SimpleRnn.Builder().activation(Activation.TANH), INPUTS, HIDDEN), "in")
                .addVertex("last", new LastTimeStepVertex("in"), "rnn")
                .addLayer(
                        "tags",
                        sized(
                                new RnnOutputLayer.Builder(steps.on(BCEWithLogitsLoss.builder())
                                                .posWeight(3)
                                                .build())
                                        .activation(Activation.SIGMOID)
                                        .dataFormat(RNNFormat.NCW),
                                HIDDEN,
                                TAGS),
                        "rnn")
                .addLayer(
                        "states",
                        new RnnLossLayer.Builder(steps.on(CrossEntropyLoss.builder())
                                        .weight(.5, 2, 3, 1)
                                        .labelSmoothing(.1)
                                        .build())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "rnn")
                .addLayer(
                        "kind",
                        sized(
                                new OutputLayer.Builder(rows.on(NLLLoss.builder())
                                                .reduction(Reduction.SUM)
                                                .build())
                                        .activation(new ActivationLogSoftmax()),
                                HIDDEN,
                                CLASSES),
                        "last")
                .addLayer("mixture", sized(new DenseLayer.Builder(), HIDDEN, CLASSES), "last")
                .addLayer(
                        "mix",
                        new LossLayer.Builder(rows.on(KLDivLoss.builder())
                                        .reduction(Reduction.BATCHMEAN)
                                        .build())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "mixture")
                .setOutputs("tags", "states", "kind", "mix")
                .build());
    }

    private static <B extends FeedForwardLayer.Builder<B>> FeedForwardLayer sized(B layer, int inputs, int outputs) {
        return layer.nIn(inputs).nOut(outputs).build();
    }

    private static TorchTensor numbers(long... shape) {
        return TwoLayers.numbers(RANDOM, 1, shape);
    }

    private static TorchTensor choices(TorchType type, int bound, long... shape) {
        return TwoLayers.choices(RANDOM, type, bound, shape);
    }

    /** The first is kept, the second masked. */
    private static TorchTensor kept(long... shape) {
        long[] flags = choices(TorchType.INT64, 2, shape).toLongs();
        flags[0] = 1;
        flags[1] = 0;
        return TorchTensor.of(TorchType.BOOL, flags, shape);
    }
}
