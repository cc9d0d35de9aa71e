/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import io.github.dl4jlosses.layer.GroupedConvolution2D;
import io.github.dl4jlosses.layer.LayerNorm;
import io.github.dl4jlosses.layer.LearnedPositions;
import io.github.dl4jlosses.layer.MultiHeadAttention;
import io.github.dl4jlosses.layer.SequenceLinear;
import io.github.dl4jlosses.layer.TorchBatchNormalization;
import io.github.dl4jlosses.layer.TorchPReLU;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.porting.TorchExport;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    private static final InputType IMAGES = InputType.convolutional(4, 5, 3);

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
        return Stream.of(linear(), convolutions(), batchNorms(), lstms(), others(), own())
                .flatMap(stream -> stream);
    }

    private static Stream<LayerCase> linear() {
        DenseLayer bare = new DenseLayer.Builder().nIn(3).nOut(5).hasBias(false).build();
        DenseLayer square = new DenseLayer.Builder().nIn(3).nOut(3).build();
        return Stream.of(
                new LayerCase("Linear without bias", "torch.linear(x, p0)", 4, 3)
                        .of(bare)
                        .with("weight", 5, 3),
                new LayerCase("Linear in a frozen layer", "torch.linear(x, p0, p1)", 4, 3)
                        .of(new FrozenLayer(square))
                        .with("fc.weight", 3, 3)
                        .with("fc.bias", 3));
    }

    private static Stream<LayerCase> convolutions() {
        Convolution1DLayer line =
                new Convolution1DLayer.Builder(3).stride(2).padding(1).nOut(4).build();
        ConvolutionLayer image = new ConvolutionLayer.Builder(2, 3)
                .stride(1, 2)
                .padding(1, 0)
                .nOut(4)
                .build();
        Convolution3D.DataFormat format = Convolution3D.DataFormat.NCDHW;
        Convolution3D volume =
                new Convolution3D.Builder(2, 3, 2).dataFormat(format).nOut(4).build();
        return Stream.of(
                new LayerCase("Conv1d", "torch.conv1d(x, p0, p1, [2], [1])", 3, 2, 7)
                        .of(line)
                        .on(InputType.recurrent(2, 7, RNNFormat.NCW))
                        .with("c.weight", 4, 2, 3)
                        .with("c.bias", 4),
                new LayerCase("Conv2d", "torch.conv2d(x, p0, p1, [1, 2], [1, 0])", 3, 2, 5, 6)
                        .of(image)
                        .on(InputType.convolutional(5, 6, 2))
                        .with("c.weight", 4, 2, 2, 3)
                        .with("c.bias", 4),
                new LayerCase("Conv3d", "torch.conv3d(x, p0, p1)", 3, 2, 4, 5, 3)
                        .of(volume)
                        .on(InputType.convolutional3D(format, 4, 5, 3, 2))
                        .with("c.weight", 4, 2, 2, 3, 2)
                        .with("c.bias", 4));
    }

    private static Stream<LayerCase> batchNorms() {
        BatchNormalization.Builder plain = new BatchNormalization.Builder().useLogStd(false);
        BatchNormalization vectors = plain.nIn(3).nOut(3).build();
        BatchNormalization images = new BatchNormalization.Builder().build();
        BatchNormalization locked = new BatchNormalization.Builder()
                .lockGammaBeta(true)
                .useLogStd(false)
                .build();
        String withoutAffine = "torch.batch_norm(x, None, None, p0, p1, False, 0.1, 1e-05, False)";
        return Stream.of(
                withStatistics(new LayerCase("BatchNorm1d", BATCH_NORM, 4, 3).of(vectors)),
                withStatistics(new LayerCase("BatchNorm2d with useLogStd", BATCH_NORM, 2, 3, 4, 5)
                        .of(images)
                        .on(IMAGES)),
                withStatistics(new LayerCase("BatchNorm2d that decays gamma and beta", BATCH_NORM, 2, 3, 4, 5)
                        .of(new TorchBatchNormalization.Builder().build())
                        .on(IMAGES)),
                new LayerCase("BatchNorm2d without affine", withoutAffine, 2, 3, 4, 5)
                        .of(locked)
                        .on(IMAGES)
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
        String parameters = IntStream.range(0, 4 * layers * directions)
                .mapToObj(i -> "p" + i)
                .collect(Collectors.joining(", "));
        return TORCH_LSTM.formatted(layers * directions, units, parameters, layers, directions == 2 ? "True" : "False");
    }

    private static Stream<LayerCase> lstms() {
        String lastStep =
                lstmText(1, 1, 4).stripTrailing().replace("torch.transpose(h, 1, 2)", "torch.select(h, 1, -1)");
        return Stream.of(
                new LayerCase("LSTM of two layers", lstmText(2, 1, 5), 2, 3, 6)
                        .of(lstm(3, 5), lstm(5, 5))
                        .withLstm("l0", 3, 5)
                        .withLstm("l1", 5, 5),
                new LayerCase("bidirectional LSTM of two layers", lstmText(2, 2, 4), 2, 3, 6)
                        .of(new Bidirectional(lstm(3, 4)), new Bidirectional(lstm(8, 4)))
                        .withLstm("l0", 3, 4)
                        .withLstm("l0_reverse", 3, 4)
                        .withLstm("l1", 8, 4)
                        .withLstm("l1_reverse", 8, 4),
                new LayerCase("last step of an LSTM", lastStep, 2, 3, 6)
                        .of(new LastTimeStep(lstm(3, 4)))
                        .withLstm("l0", 3, 4));
    }

    private static Stream<LayerCase> others() {
        EmbeddingLayer embedding = new EmbeddingLayer.Builder().nIn(7).nOut(3).build();
        EmbeddingSequenceLayer sequences =
                new EmbeddingSequenceLayer.Builder().nIn(7).nOut(3).build();
        PReLULayer units = new PReLULayer.Builder().inputShape(4).nIn(4).nOut(4).build();
        return Stream.of(
                new LayerCase("Embedding", "torch.squeeze(torch.embedding(p0, x), 1)", 5, 1)
                        .of(embedding)
                        .with("e.weight", 7, 3)
                        .withIndices(7),
                new LayerCase("Embedding of sequences", "torch.transpose(torch.embedding(p0, x), 1, 2)", 5, 4)
                        .of(sequences)
                        .with("e.weight", 7, 3)
                        .withIndices(7),
                new LayerCase("PReLU for each unit", "torch.prelu(x, p0)", 6, 4)
                        .of(units)
                        .with("a.weight", 4),
                preluOfImages("PReLU with one slope", 1, 2, 3).with("a.weight", 1),
                preluOfImages("PReLU for each channel", 2, 3).with("a.weight", 3));
    }

    /** The layers of this library. */
    private static Stream<LayerCase> own() {
        String ofSteps = "torch.transpose(torch.%s, 1, 2)";
        String attention = """
                parts = torch.chunk(torch.linear(torch.transpose(x, 1, 2), p0, p1), 3, -1)
                q = torch.transpose(torch.reshape(parts[0], [2, 5, 2, 3]), 1, 2)
                k = torch.transpose(torch.reshape(parts[1], [2, 5, 2, 3]), 1, 2)
                v = torch.transpose(torch.reshape(parts[2], [2, 5, 2, 3]), 1, 2)
                h = torch.transpose(torch.scaled_dot_product_attention(q, k, v), 1, 2)
                torch.transpose(torch.linear(torch.reshape(h, [2, 5, 6]), p2, p3), 1, 2)
                """;
        return Stream.of(
                new LayerCase(
                                "LayerNorm",
                                ofSteps.formatted("layer_norm(torch.transpose(x, 1, 2), [3], p0, p1)"),
                                2,
                                3,
                                4)
                        .of(new LayerNorm.Builder().build())
                        .on(InputType.recurrent(3, 4, RNNFormat.NCW))
                        .with("n.weight", 3)
                        .with("n.bias", 3),
                new LayerCase("Linear of steps", ofSteps.formatted("linear(torch.transpose(x, 1, 2), p0, p1)"), 2, 3, 4)
                        .of(new SequenceLinear.Builder().nOut(5).build())
                        .on(InputType.recurrent(3, 4, RNNFormat.NCW))
                        .with("f.weight", 5, 3)
                        .with("f.bias", 5),
                new LayerCase(
                                "learned positions",
                                ofSteps.formatted("add(torch.transpose(x, 1, 2), torch.slice(p0, 0, 0, 4))"),
                                2,
                                3,
                                4)
                        .of(new LearnedPositions.Builder(6).build())
                        .on(InputType.recurrent(3, 4, RNNFormat.NCW))
                        .with("positions.weight", 6, 3),
                new LayerCase("PReLU that trains", "torch.prelu(x, p0)", 2, 3, 4)
                        .of(new TorchPReLU.Builder().perChannel(true).build())
                        .on(InputType.recurrent(3, 4, RNNFormat.NCW))
                        .with("act.weight", 3),
                new LayerCase("Conv2d of two groups", "torch.conv2d(x, p0, p1, [1, 1], [0, 0], [1, 1], 2)", 3, 4, 5, 6)
                        .of(new GroupedConvolution2D.Builder(2, 3)
                                .groups(2)
                                .nOut(6)
                                .build())
                        .on(InputType.convolutional(5, 6, 4))
                        .with("c.weight", 6, 2, 2, 3)
                        .with("c.bias", 6),
                new LayerCase("Linear in a fused output layer", "torch.linear(x, p0, p1)", 4, 3)
                        .of(new FusedOutputLayer.Builder(new CrossEntropyLoss())
                                .activation(Activation.IDENTITY)
                                .nOut(5)
                                .build())
                        .on(InputType.feedForward(3))
                        .with("head.weight", 5, 3)
                        .with("head.bias", 5),
                new LayerCase(
                                "Linear of steps in a fused output layer",
                                ofSteps.formatted("linear(torch.transpose(x, 1, 2), p0, p1)"),
                                2,
                                3,
                                4)
                        .of(new FusedRnnOutputLayer.Builder(new CrossEntropyLoss())
                                .activation(Activation.IDENTITY)
                                .nOut(5)
                                .build())
                        .on(InputType.recurrent(3, 4, RNNFormat.NCW))
                        .with("head.weight", 5, 3)
                        .with("head.bias", 5),
                new LayerCase("MultiheadAttention", attention, 2, 6, 5)
                        .of(new MultiHeadAttention.Builder(2).build())
                        .on(InputType.recurrent(6, 5, RNNFormat.NCW))
                        .with("a.in_proj_weight", 18, 6)
                        .with("a.in_proj_bias", 18)
                        .with("a.out_proj.weight", 6, 6)
                        .with("a.out_proj.bias", 6));
    }

    private static LayerCase preluOfImages(String name, long... sharedAxes) {
        PReLULayer.Builder layer = new PReLULayer.Builder().inputShape(3, 4, 5).sharedAxes(sharedAxes);
        return new LayerCase(name, "torch.prelu(x, p0)", 2, 3, 4, 5)
                .of(layer.build())
                .on(IMAGES);
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
        compare(layers, "saved.pt", TorchSave::tensors);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSafetensorsFileGivesTorchsOutput(LayerCase layers) {
        compare(layers, "saved.safetensors", TorchSave::safetensors);
    }

    /** With all of an LSTM's biases in the first, which is as good for torch. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatGoesBackToTorchGivesTheNetworksOutputAndComesAgainAsItIs(LayerCase layers) {
        Map<String, TorchTensor> tensors = layers.tensors(random);
        Path file = folder.resolve("saved.pt");
        TorchSave.tensors(file, tensors);
        MultiLayerNetwork network = layers.network();
        TorchPairing names = TorchWeights.load(file).copyInto(network);
        network.params().muli(1 + 1e-3); // a training
        Path back = folder.resolve("back.safetensors");

        TorchExport.of(network, names).write(back);

        TorchWeights read = TorchWeights.load(back);
        Map<String, TorchTensor> exported = new LinkedHashMap<>();
        tensors.keySet()
                .forEach(name -> exported.put(
                        name,
                        read.tensors().containsKey(name)
                                ? TorchTensor.of(read.tensors().get(name))
                                : tensors.get(name)));
        assertThat(difference(layers, exported, network, layers.input(random))).isLessThan(TOLERANCE);
        MultiLayerNetwork again = layers.network();
        read.copyInto(again);
        // a variance between them, whose logarithm is rounded
        double rounding = network.paramTable().containsKey("0_log10stdev") ? 1e-16 : 0;
        assertThat(again.params().sub(network.params()).amaxNumber().doubleValue())
                .isLessThanOrEqualTo(rounding);
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

    private void compare(LayerCase layers, String name, BiConsumer<Path, Map<String, TorchTensor>> save) {
        Map<String, TorchTensor> tensors = layers.tensors(random);
        Path file = folder.resolve(name);
        save.accept(file, tensors);
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
