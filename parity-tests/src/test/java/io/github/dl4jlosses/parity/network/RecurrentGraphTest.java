/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A graph whose time steps go through a dense layer, a recurrent one and a loss, with DL4J's preprocessors in between, on
 * sequences of several lengths: score and step of all its layers against live torch.
 */
class RecurrentGraphTest {
    private static final Random RANDOM = PrintedSeed.randomFor(RecurrentGraphTest.class);
    private static final int EXAMPLES = 4;
    private static final int INPUTS = 3;
    private static final int DENSE = 5;
    /** Of the layer of the text below. */
    private static final int HIDDEN = 4;

    private static final int CLASSES = 3;
    private static final int STEPS = 6;
    private static final int[] LENGTHS = {6, 2, 1, 5};

    /** By DL4J's names, in the order of the arguments in torch. */
    private static final List<String> PARAMETERS =
            List.of("dense_W", "dense_b", "rnn_W", "rnn_RW", "rnn_b", "out_W", "out_b");

    private static final String[] GRADIENTS = PARAMETERS.toArray(String[]::new);

    private static final String SIMPLE = "  h = torch.tanh(gates)\n";

    /** DL4J has the gates in this order: what comes in, forget, output, input. */
    private static final String LONG_SHORT_TERM_MEMORY = """
              forget = torch.sigmoid(torch.slice(gates, 1, 4, 8))
              come = torch.mul(torch.sigmoid(torch.slice(gates, 1, 12, 16)), torch.tanh(torch.slice(gates, 1, 0, 4)))
              cell = torch.add(torch.mul(forget, cell), come)
              h = torch.mul(torch.sigmoid(torch.slice(gates, 1, 8, 12)), torch.tanh(cell))
            """;

    private static TorchFunction torch(String cell) {
        String text = """
                h = torch.zeros([x.size(0), 4], dtype=7)
                cell = torch.zeros([x.size(0), 4], dtype=7)
                zs = annotate(List[Tensor], [])
                for i in range(x.size(2)):
                  e = torch.tanh(torch.add(torch.matmul(torch.select(x, 2, i), dense_W), dense_b))
                  gates = torch.add(torch.add(torch.matmul(e, rnn_W), torch.matmul(h, rnn_RW)), rnn_b)
                """ + cell + """
                  zs.append(torch.add(torch.matmul(h, out_W), out_b))
                rows = torch.flatten(torch.nonzero(torch.flatten(keep)))
                z = torch.index_select(torch.flatten(torch.stack(zs, 1), 0, 1), 0, rows)
                weight = torch.tensor([0.5, 2.0, 3.0], dtype=7)
                torch.cross_entropy_loss(z, torch.index_select(torch.flatten(t), 0, rows), weight, 1, 1, 0.1)
                """;
        List<String> arguments = new ArrayList<>(List.of("x", "t", "keep"));
        arguments.addAll(PARAMETERS);
        return TorchFunction.of(text, arguments.toArray(String[]::new)).withRespectTo(GRADIENTS);
    }

    @ParameterizedTest(name = "{0}, miniBatch {1}")
    @CsvSource({"SimpleRnn, true", "SimpleRnn, false", "LSTM, true", "LSTM, false"})
    void scoreAndStepOfEveryLayerAreTorchs(String recurrent, boolean miniBatch) {
        // GIVEN sequences whose padding has no class
        boolean simple = recurrent.equals("SimpleRnn");
        ComputationGraph graph = graph(simple ? new SimpleRnn.Builder() : new LSTM.Builder(), miniBatch);
        TorchTensor features = TwoLayers.numbers(RANDOM, 1, EXAMPLES, INPUTS, STEPS);
        long[] classes =
                RANDOM.ints(EXAMPLES * STEPS, 0, CLASSES).asLongStream().toArray();
        classes[0] = 2;
        long[] keep = new long[EXAMPLES * STEPS];
        double[] labels = new double[keep.length];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = i % STEPS < LENGTHS[i / STEPS] ? 1 : 0;
            labels[i] = keep[i] == 1 ? (double) classes[i] : Double.NaN;
        }
        TorchTensor kept = TorchTensor.of(TorchType.BOOL, keep, EXAMPLES, STEPS);
        INDArray mask = kept.to(TorchType.FLOAT64).toArray();
        StartingPoint before = StartingPoint.of(graph, PARAMETERS);

        // WHEN
        graph.fit(new DataSet(
                features.toArray(),
                TorchTensor.of(TorchType.FLOAT64, labels, EXAMPLES, 1, STEPS).toArray(),
                mask,
                mask.dup()));

        // THEN
        TorchResult torch = torch(simple ? SIMPLE : LONG_SHORT_TERM_MEMORY)
                .call(before.after(features, TorchTensor.of(TorchType.INT64, classes, EXAMPLES, STEPS), kept));
        before.assertScoreAndStep(graph, 1, torch.value().item(), torch::gradient);
    }

    private static ComputationGraph graph(BaseRecurrentLayer.Builder<?> recurrent, boolean miniBatch) {
        ComputationGraph graph = NetworkKind.network(TwoLayers.builder(RANDOM, new Sgd(1))
                .miniBatch(miniBatch)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nOut(DENSE).build(), "in")
                .addLayer("rnn", recurrent.nOut(HIDDEN).build(), "dense")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(RecurrentNetworkTest.loss(miniBatch, STEPS))
                                .nOut(CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "rnn")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(INPUTS, STEPS, RNNFormat.NCW))
                .build());
        assertThat(graph.getConfiguration().getVertices().get("dense"))
                .extracting("preProcessor")
                .isInstanceOf(RnnToFeedForwardPreProcessor.class);
        assertThat(graph.getConfiguration().getVertices().get("rnn"))
                .extracting("preProcessor")
                .isInstanceOf(FeedForwardToRnnPreProcessor.class);
        return graph;
    }
}
