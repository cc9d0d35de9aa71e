/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.layer.CTCOutputLayer;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** A network that trains with CTCLoss makes torch's step: labels shorter than the sequences, lengths from the masks. */
class CTCStepTest {
    private static final int SEQUENCES = 3;
    private static final int FEATURES = 4;
    private static final int UNITS = 5;
    private static final int CLASSES = 4;
    private static final int STEPS = 7;
    private static final double RATE = 1;
    private static final double NEAR = 1e-11;

    private static final int[] INPUT_LENGTHS = {7, 5, 6};
    private static final int[][] LABELS = {{1, 2, 2}, {3}, {2, 1}};

    private static final String TORCH = """
            h = torch.zeros([x.size(0), wr.size(0)], dtype=x.dtype)
            outs = [h]
            for s in range(x.size(2)):
                h = torch.tanh(torch.matmul(x.select(2, s), w) + torch.matmul(h, wr) + b)
                outs.append(h)
            z = torch.matmul(torch.stack(outs[1:], 0), v) + c
            torch.mul(torch.ctc_loss(torch.log_softmax(z, 2), t, il, tl, 0, int(reduction), False), float(factor))""";

    static Stream<Arguments> settings() {
        return Stream.of(true, false)
                .flatMap(miniBatch -> Stream.of(true, false)
                        .flatMap(masked -> Stream.of(Reduction.values())
                                .map(reduction -> Arguments.of(miniBatch, masked, reduction))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theStepOfTheLayerIsTorchs(boolean miniBatch, boolean masked, Reduction reduction) {
        CTCLoss loss = CTCLoss.builder()
                .reduction(reduction)
                .factor(.5)
                .miniBatch(miniBatch)
                .build();
        DataSet data = data(masked, 3);
        assertStep(network(new CTCOutputLayer.Builder(loss).nOut(CLASSES).build(), miniBatch), data, masked, reduction);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theStepOfTheFrameworksLayerIsTorchs(boolean miniBatch, boolean masked, Reduction reduction) {
        CTCLoss loss = CTCLoss.builder()
                .reduction(reduction)
                .factor(.5)
                .miniBatch(miniBatch)
                .positionsPerExample(STEPS)
                .build();
        DataSet data = data(masked, STEPS);
        // this layer passes on the labels mask alone, over steps
        data.setLabelsMaskArray(data.getFeaturesMaskArray());
        RnnOutputLayer layer = new RnnOutputLayer.Builder(loss)
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build();
        assertStep(network(layer, miniBatch), data, masked, reduction);
    }

    /** Differences of scores, with both masks. */
    @Test
    void theGradientIsThatOfTheScore() {
        DataSet data = data(true, 3);
        INDArray labelsMask = data.getLabels().gte(0).castTo(DataType.DOUBLE).reshape(SEQUENCES, 3);
        MultiLayerNetwork network =
                network(new CTCOutputLayer.Builder().nOut(CLASSES).build(), true);
        DataType usual = Nd4j.dataType();
        DataType floating = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(data.getFeatures())
                            .labels(data.getLabels())
                            .inputMask(data.getFeaturesMaskArray())
                            .labelMask(labelsMask)))
                    .isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(usual, floating);
        }
    }

    private static MultiLayerNetwork network(BaseOutputLayer output, boolean miniBatch) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .miniBatch(miniBatch)
                .updater(new Sgd(RATE))
                .list()
                .layer(new SimpleRnn.Builder()
                        .activation(Activation.TANH)
                        .nOut(UNITS)
                        .build())
                .layer(output)
                .setInputType(InputType.recurrent(FEATURES))
                .build());
        network.init();
        return network;
    }

    /** Sequences and labels, these padded with -1. */
    private static DataSet data(boolean masked, int padded) {
        Random random = new Random(1);
        INDArray x = Nd4j.createFromArray(
                        random.doubles(SEQUENCES * FEATURES * STEPS).toArray())
                .reshape(SEQUENCES, FEATURES, STEPS);
        INDArray labels = Nd4j.valueArrayOf(new long[] {SEQUENCES, 1, padded}, -1, DataType.DOUBLE);
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, SEQUENCES, STEPS);
        for (int n = 0; n < SEQUENCES; n++) {
            for (int i = 0; i < LABELS[n].length; i++) {
                labels.putScalar(new int[] {n, 0, i}, LABELS[n][i]);
            }
            for (int t = 0; t < INPUT_LENGTHS[n]; t++) {
                mask.putScalar(n, t, 1);
            }
        }
        return new DataSet(x, labels, masked ? mask : null, null);
    }

    private static void assertStep(MultiLayerNetwork network, DataSet data, boolean masked, Reduction reduction) {
        TorchResult torch = torch(network, data, masked, reduction);

        double score = network.score(data, true);
        INDArray before = network.params().dup();
        network.fit(data);

        assertThat(score).isCloseTo(torch.value().item(), within(NEAR));
        INDArray step = before.sub(network.params()).div(RATE);
        String[] names = {"w", "wr", "b", "v", "c"};
        long at = 0;
        for (String name : names) {
            INDArray gradient = torch.gradient(name).toArray();
            double[] expected = Nd4j.toFlattened('f', gradient).toDoubleVector();
            double[] actual = step.reshape(step.length())
                    .get(NDArrayIndex.interval(at, at + gradient.length()))
                    .toDoubleVector();
            assertThat(actual).as(name).containsExactly(expected, within(NEAR));
            at += gradient.length();
        }
    }

    private static TorchResult torch(MultiLayerNetwork network, DataSet data, boolean masked, Reduction reduction) {
        TorchTensor[] parameters = Stream.of("0_W", "0_RW", "0_b", "1_W", "1_b")
                .map(name -> TorchTensor.of(
                        name.endsWith("b") ? network.getParam(name).ravel() : network.getParam(name)))
                .toArray(TorchTensor[]::new);
        double factor = reduction == Reduction.BATCHMEAN ? .5 / SEQUENCES : .5;
        int code = reduction == Reduction.MEAN ? 1 : 2;
        CTCCase sequences = new CTCCase(
                new double[0],
                STEPS,
                SEQUENCES,
                CLASSES,
                LABELS,
                masked ? INPUT_LENGTHS : new int[] {STEPS, STEPS, STEPS},
                0);
        return TorchFunction.of(TORCH, "x", "w", "wr", "b", "v", "c", "t", "il", "tl", "reduction", "factor")
                .withRespectTo("w", "wr", "b", "v", "c")
                .call(
                        TorchTensor.of(data.getFeatures()),
                        parameters[0],
                        parameters[1],
                        parameters[2],
                        parameters[3],
                        parameters[4],
                        sequences.padded(),
                        CTCCase.integers(sequences.inputLengths),
                        CTCCase.integers(sequences.targetLengths()),
                        TorchTensor.scalar(TorchType.INT64, code),
                        TorchTensor.scalar(TorchType.FLOAT64, factor));
    }
}
