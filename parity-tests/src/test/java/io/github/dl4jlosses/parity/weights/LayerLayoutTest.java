/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Each kind of layer computes with torch's tensors what torch's own function computes. */
class LayerLayoutTest {

    private static final double TOLERANCE = 1e-12;

    private static final String BATCH_NORM = "torch.batch_norm(x, p0, p1, p2, p3, False, 0.1, 1e-05, False)";
    /** One layer or direction for every four tensors; the states begin with zeros. */
    private static final String TORCH_LSTM = """
            n = %d
            z = torch.zeros([n, x.size(0), %d], dtype=7)
            h = torch.lstm(torch.transpose(x, 1, 2), [z, z], [%s], True, %d, 0., False, %s, True)[0]
            torch.transpose(h, 1, 2)
            """;

    private static double largest;

    @TempDir
    private Path folder;

    private Random random;

    static Stream<LayerCase> cases() {
        return Stream.of(linear(), convolutions(), batchNorms(), lstms(), others())
                .flatMap(stream -> stream);
    }

    private static Stream<LayerCase> linear() {
        return Stream.of(
                new LayerCase(
                                "Linear without bias",
                                list -> list.layer(new DenseLayer.Builder()
                                        .nIn(3)
                                        .nOut(5)
                                        .hasBias(false)
                                        .build()),
                                "torch.linear(x, p0)",
                                4,
                                3)
                        .with("weight", 5, 3),
                new LayerCase(
                                "Linear in a frozen layer",
                                list -> list.layer(new FrozenLayer(
                                        new DenseLayer.Builder().nIn(3).nOut(3).build())),
                                "torch.linear(x, p0, p1)",
                                4,
                                3)
                        .with("fc.weight", 3, 3)
                        .with("fc.bias", 3));
    }

    private static Stream<LayerCase> convolutions() {
        return Stream.of(
                new LayerCase(
                                "Conv1d",
                                list -> list.layer(new Convolution1DLayer.Builder(3)
                                                .stride(2)
                                                .padding(1)
                                                .nOut(4)
                                                .build())
                                        .setInputType(InputType.recurrent(2, 7, RNNFormat.NCW)),
                                "torch.conv1d(x, p0, p1, [2], [1])",
                                3,
                                2,
                                7)
                        .with("c.weight", 4, 2, 3)
                        .with("c.bias", 4),
                new LayerCase(
                                "Conv2d",
                                list -> list.layer(new ConvolutionLayer.Builder(2, 3)
                                                .stride(1, 2)
                                                .padding(1, 0)
                                                .nOut(4)
                                                .build())
                                        .setInputType(InputType.convolutional(5, 6, 2)),
                                "torch.conv2d(x, p0, p1, [1, 2], [1, 0])",
                                3,
                                2,
                                5,
                                6)
                        .with("c.weight", 4, 2, 2, 3)
                        .with("c.bias", 4),
                new LayerCase(
                                "Conv3d",
                                list -> list.layer(new Convolution3D.Builder(2, 3, 2)
                                                .dataFormat(Convolution3D.DataFormat.NCDHW)
                                                .nOut(4)
                                                .build())
                                        .setInputType(
                                                InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 5, 3, 2)),
                                "torch.conv3d(x, p0, p1)",
                                3,
                                2,
                                4,
                                5,
                                3)
                        .with("c.weight", 4, 2, 2, 3, 2)
                        .with("c.bias", 4));
    }

    private static Stream<LayerCase> batchNorms() {
        return Stream.of(
                withStatistics(new LayerCase(
                        "BatchNorm1d",
                        list -> list.layer(new BatchNormalization.Builder()
                                .nIn(3)
                                .nOut(3)
                                .useLogStd(false)
                                .build()),
                        BATCH_NORM,
                        4,
                        3)),
                withStatistics(new LayerCase(
                        "BatchNorm2d with useLogStd",
                        list -> list.layer(new BatchNormalization.Builder().build())
                                .setInputType(InputType.convolutional(4, 5, 3)),
                        BATCH_NORM,
                        2,
                        3,
                        4,
                        5)),
                new LayerCase(
                                "BatchNorm2d without affine",
                                list -> list.layer(new BatchNormalization.Builder()
                                                .lockGammaBeta(true)
                                                .useLogStd(false)
                                                .build())
                                        .setInputType(InputType.convolutional(4, 5, 3)),
                                "torch.batch_norm(x, None, None, p0, p1, False, 0.1, 1e-05, False)",
                                2,
                                3,
                                4,
                                5)
                        .with("bn.running_mean", 3)
                        .with("bn.running_var", 3));
    }

    private static LayerCase withStatistics(LayerCase batchNorm) {
        return batchNorm
                .with("bn.weight", 3)
                .with("bn.bias", 3)
                .with("bn.running_mean", 3)
                .with("bn.running_var", 3)
                .with("bn.num_batches_tracked");
    }

    private static LSTM lstm(int inputs, int units) {
        return new LSTM.Builder()
                .nIn(inputs)
                .nOut(units)
                .activation(Activation.TANH)
                .build();
    }

    private static String lstmText(int layers, int directions, int units) {
        String parameters = Stream.iterate(0, i -> i + 1)
                .limit(4L * layers * directions)
                .map(i -> "p" + i)
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        return TORCH_LSTM.formatted(layers * directions, units, parameters, layers, directions == 2 ? "True" : "False");
    }

    private static Stream<LayerCase> lstms() {
        return Stream.of(
                new LayerCase(
                                "LSTM of two layers",
                                list -> list.layer(lstm(3, 5)).layer(lstm(5, 5)),
                                lstmText(2, 1, 5),
                                2,
                                3,
                                6)
                        .withLstm("l0", 3, 5)
                        .withLstm("l1", 5, 5),
                new LayerCase(
                                "bidirectional LSTM of two layers",
                                list -> list.layer(new Bidirectional(lstm(3, 4)))
                                        .layer(new Bidirectional(lstm(8, 4))),
                                lstmText(2, 2, 4),
                                2,
                                3,
                                6)
                        .withLstm("l0", 3, 4)
                        .withLstm("l0_reverse", 3, 4)
                        .withLstm("l1", 8, 4)
                        .withLstm("l1_reverse", 8, 4),
                new LayerCase(
                                "last step of an LSTM",
                                list -> list.layer(new LastTimeStep(lstm(3, 4))),
                                lstmText(1, 1, 4)
                                        .stripTrailing()
                                        .replace("torch.transpose(h, 1, 2)", "torch.select(h, 1, -1)"),
                                2,
                                3,
                                6)
                        .withLstm("l0", 3, 4));
    }

    private static Stream<LayerCase> others() {
        return Stream.of(
                new LayerCase(
                                "Embedding",
                                list -> list.layer(new EmbeddingLayer.Builder()
                                        .nIn(7)
                                        .nOut(3)
                                        .build()),
                                "torch.squeeze(torch.embedding(p0, x), 1)",
                                5,
                                1)
                        .with("e.weight", 7, 3)
                        .withIndices(7),
                new LayerCase(
                                "Embedding of sequences",
                                list -> list.layer(new EmbeddingSequenceLayer.Builder()
                                        .nIn(7)
                                        .nOut(3)
                                        .build()),
                                "torch.transpose(torch.embedding(p0, x), 1, 2)",
                                5,
                                4)
                        .with("e.weight", 7, 3)
                        .withIndices(7),
                new LayerCase(
                                "PReLU for each unit",
                                list -> list.layer(new PReLULayer.Builder()
                                        .inputShape(4)
                                        .nIn(4)
                                        .nOut(4)
                                        .build()),
                                "torch.prelu(x, p0)",
                                6,
                                4)
                        .with("a.weight", 4),
                new LayerCase(
                                "PReLU with one slope",
                                list -> list.layer(new PReLULayer.Builder()
                                                .inputShape(3, 4, 5)
                                                .sharedAxes(1, 2, 3)
                                                .build())
                                        .setInputType(InputType.convolutional(4, 5, 3)),
                                "torch.prelu(x, p0)",
                                2,
                                3,
                                4,
                                5)
                        .with("a.weight", 1),
                new LayerCase(
                                "PReLU for each channel",
                                list -> list.layer(new PReLULayer.Builder()
                                                .inputShape(3, 4, 5)
                                                .sharedAxes(2, 3)
                                                .build())
                                        .setInputType(InputType.convolutional(4, 5, 3)),
                                "torch.prelu(x, p0)",
                                2,
                                3,
                                4,
                                5)
                        .with("a.weight", 3));
    }

    @BeforeEach
    void draw() {
        random = PrintedSeed.randomFor(LayerLayoutTest.class);
    }

    @AfterAll
    static void report() {
        System.out.println("Layers with torch's tensors: outputs differ from torch's by at most " + largest);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFileOfTorchSaveGivesTorchsOutput(LayerCase layers) {
        Map<String, TorchTensor> tensors = layers.tensors(random);
        Path file = folder.resolve("saved.pt");
        TorchSave.tensors(file, tensors);
        compare(layers, tensors, file);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSafetensorsFileGivesTorchsOutput(LayerCase layers) {
        Map<String, TorchTensor> tensors = layers.tensors(random);
        Path file = folder.resolve("saved.safetensors");
        TorchSave.safetensors(file, tensors);
        compare(layers, tensors, file);
    }

    /** The comparison is known to notice one wrong number in any parameter. */
    @ParameterizedTest
    @MethodSource("cases")
    void oneWrongNumberIsNoticed(LayerCase layers) {
        Map<String, TorchTensor> tensors = layers.tensors(random);
        Path file = folder.resolve("saved.pt");
        TorchSave.tensors(file, tensors);
        MultiLayerNetwork network = layers.network();
        TorchWeights.load(file).copyInto(network);
        TorchTensor input = layers.input(random);
        network.paramTable().values().forEach(parameter -> {
            INDArray before = parameter.dup();
            parameter.addi(1e-6);
            assertThat(difference(layers, tensors, network, input)).isGreaterThan(1e-9);
            parameter.assign(before);
            assertThat(difference(layers, tensors, network, input)).isLessThan(1e-12);
        });
    }

    private static double difference(
            LayerCase layers, Map<String, TorchTensor> tensors, MultiLayerNetwork network, TorchTensor input) {
        INDArray torchs = layers.torchOutput(tensors, input).toArray();
        return LayerCase.output(network, input).sub(torchs).amaxNumber().doubleValue();
    }

    private void compare(LayerCase layers, Map<String, TorchTensor> tensors, Path file) {
        MultiLayerNetwork network = layers.network();
        TorchWeights.load(file).copyInto(network);
        TorchTensor input = layers.input(random);

        double[] ours = TorchTensor.of(LayerCase.output(network, input)).toDoubles();
        double[] torchs = layers.torchOutput(tensors, input).toDoubles();

        assertThat(ours).hasSameSizeAs(torchs);
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i] - torchs[i]));
            assertThat(ours[i]).isCloseTo(torchs[i], within(TOLERANCE * Math.max(1, Math.abs(torchs[i]))));
        }
    }
}
