/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Tensors and layers find each other, or an error says which did not, and then nothing is copied. */
class WeightCopyTest {

    @TempDir
    private Path folder;

    /** Tensors with numbers that count up, each in the shape after its name. */
    private static final class Tensors {
        private final Map<String, TorchTensor> map = new LinkedHashMap<>();
        private int next;

        Tensors with(String name, long... shape) {
            map.put(name, TorchTensor.of(TorchType.FLOAT64, FilledArray.numbers(() -> next++, shape), shape));
            return this;
        }

        Tensors linear(String prefix, int in, int out) {
            return with(prefix + ".weight", out, in).with(prefix + ".bias", out);
        }
    }

    private TorchWeights saved(Tensors tensors) {
        Path file = folder.resolve("file.pt");
        TorchSave.tensors(file, tensors.map);
        return TorchWeights.load(file);
    }

    private TorchWeights safetensors(Tensors tensors) {
        Path file = folder.resolve("file.safetensors");
        TorchSave.safetensors(file, tensors.map);
        return TorchWeights.load(file);
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static MultiLayerNetwork network(Layer... layers) {
        return network(DataType.DOUBLE, layers);
    }

    private static MultiLayerNetwork network(DataType type, Layer... layers) {
        ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .activation(Activation.TANH)
                .list();
        Arrays.stream(layers).forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addLayer("left", dense(2, 2), "in")
                .addLayer("right", dense(2, 2), "in")
                .addLayer("top", dense(4, 1), "left", "right")
                .setOutputs("top")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    private static void assertRefused(TorchWeights weights, MultiLayerNetwork network, String... reasons) {
        assertRefused(network, () -> weights.copyInto(network), reasons);
    }

    private static void assertRefused(Model network, ThrowingCallable copy, String... reasons) {
        INDArray before = network.params().dup();
        assertThatThrownBy(copy).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(reasons);
        assertThat(network.params()).isEqualTo(before);
    }

    private static double first(MultiLayerNetwork network, int layer) {
        return network.getLayer(layer).getParam("W").getDouble(0, 0);
    }

    @Test
    void aTensorThatDoesNotFitIsNamedWithBothShapesAndNothingIsCopied() {
        TorchWeights weights = saved(new Tensors().linear("fc1", 3, 4).linear("fc2", 5, 2));
        assertRefused(
                weights,
                network(dense(3, 4), dense(4, 2)),
                "Tensor fc2.weight [2, 5] does not fit parameter W [4, 2] (torch's weight [2, 4]) of layer 1 (DenseLayer)");
    }

    @Test
    void aBiasThatFindsNoParameterIsNamed() {
        DenseLayer layer =
                new DenseLayer.Builder().nIn(3).nOut(4).hasBias(false).build();
        assertRefused(
                saved(new Tensors().linear("fc", 3, 4)),
                network(layer),
                "Tensor fc.bias [4] has no matching parameter in layer 0 (DenseLayer) with W [3, 4]");
    }

    @Test
    void aParameterThatFindsNoTensorIsNamed() {
        assertRefused(
                saved(new Tensors().with("fc.weight", 4, 3)),
                network(dense(3, 4)),
                "Parameter b [4] (torch's bias [4]) of layer 0 (DenseLayer) has no matching tensor 'bias' in fc.weight [4, 3]");
    }

    @Test
    void leftoversAreNamed() {
        Tensors two = new Tensors().linear("fc1", 3, 4).linear("fc2", 4, 2);
        assertRefused(saved(two), network(dense(3, 4)), "No layer with parameters is left for", "fc2.weight [2, 4]");
        assertRefused(
                saved(two),
                network(dense(3, 4), dense(4, 2), dense(2, 2)),
                "No tensors are left for layer 2 (DenseLayer)",
                "W [2, 2]");
    }

    @Test
    void layersThatTorchHasNotAreRefused() {
        TorchWeights weights = saved(new Tensors().linear("fc", 3, 4));
        assertRefused(
                weights, network(graves()), "layer 0 (GravesLSTM) has peephole connections", "use the layer LSTM");
        assertRefused(weights, network(new Bidirectional(graves())), "peephole");
        assertRefused(
                weights,
                network(new ElementWiseMultiplicationLayer.Builder()
                        .nIn(3)
                        .nOut(3)
                        .build()),
                "No torch layer is known for layer 0 (ElementWiseMultiplicationLayer)",
                "W, b");
        assertRefused(
                weights,
                network(new DenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .hasLayerNorm(true)
                        .build()),
                "parameters [g] of layer 0 (DenseLayer) have no counterpart");
    }

    @SuppressWarnings("deprecation") // it is here to be refused
    private static Layer graves() {
        return new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder()
                .nIn(3)
                .nOut(4)
                .build();
    }

    @Test
    void anLstmWithoutBiasOrWithAProjectionIsRefused() {
        LSTM layer = new LSTM.Builder().nIn(3).nOut(4).build();
        Tensors bare = new Tensors().with("lstm.weight_ih_l0", 16, 3).with("lstm.weight_hh_l0", 16, 4);
        assertRefused(saved(bare), network(layer), "has no matching tensor 'bias_ih' in lstm.weight_ih_l0 [16, 3]");
        bare.with("lstm.bias_ih_l0", 16).with("lstm.bias_hh_l0", 16).with("lstm.weight_hr_l0", 2, 4);
        assertRefused(saved(bare), network(layer), "Tensor lstm.weight_hr_l0 [2, 4] has no matching parameter");
    }

    @Test
    void theOtherDirectionOfAnLstmFindsNoParameter() {
        Tensors both = new Tensors();
        for (String suffix : new String[] {"", "_reverse"}) {
            both.with("weight_ih_l0" + suffix, 16, 3)
                    .with("weight_hh_l0" + suffix, 16, 4)
                    .with("bias_ih_l0" + suffix, 16)
                    .with("bias_hh_l0" + suffix, 16);
        }
        LSTM layer = new LSTM.Builder().nIn(3).nOut(4).build();
        assertRefused(saved(both), network(layer), "Tensor weight_ih_l0_reverse [16, 3] has no matching parameter");
        saved(both).copyInto(network(new Bidirectional(layer)));
    }

    @Test
    void twoTensorsOfOnePlaceAreRefused() {
        assertRefused(
                saved(new Tensors().with("lstm.weight_ih_l0", 16, 3).with("lstm.l0.weight_ih", 16, 3)),
                network(dense(3, 4)),
                "lstm.weight_ih_l0 and lstm.l0.weight_ih have the same place");
    }

    @Test
    void batchNormWithoutRunningStatisticsIsRefused() {
        BatchNormalization layer = new BatchNormalization.Builder()
                .nIn(3)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
        assertRefused(
                saved(new Tensors().with("bn.weight", 3).with("bn.bias", 3)),
                network(layer),
                "has no matching tensor 'running_mean'");
    }

    @Test
    void slopesForEachPixelAreRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list(new PReLULayer.Builder().inputShape(3, 2, 2).build())
                .setInputType(InputType.convolutional(2, 2, 3))
                .build());
        network.init();
        assertRefused(saved(new Tensors().with("a.weight", 12)), network, "a.weight [12] does not fit", "[3, 2, 2]");
    }

    @Test
    void theNetworksTypeWins() {
        MultiLayerNetwork network = network(DataType.FLOAT, dense(1, 1));
        saved(new Tensors()
                        .with("ignored.num_batches_tracked")
                        .with("a.weight", 1, 1)
                        .with("a.bias", 1))
                .copyInto(network);

        assertThat(network.params().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(network.params().toDoubleVector()).containsExactly(1, 2);
    }

    @Test
    void theOrderOfATorchFileDoesNotTellWhichOfTwoEqualLayersIsFirst() {
        TorchWeights weights = saved(new Tensors().linear("second", 2, 2).linear("first", 2, 2));
        assertRefused(
                weights,
                network(dense(2, 2), dense(2, 2)),
                "For layer 0 (DenseLayer)",
                "more than one choice",
                "second.weight [2, 2]",
                "first.weight [2, 2]",
                "that of __init__, not of forward");
        MultiLayerNetwork network = network(dense(2, 2), dense(2, 2));
        weights.copyInto(network, Map.of("first", "0", "second", "1"));

        assertThat(first(network, 0)).isEqualTo(6);
        assertThat(first(network, 1)).isZero();
    }

    @Test
    void numbersThatDisagreeWithTheFileAreRefused() {
        assertRefused(
                saved(new Tensors().linear("fc2", 2, 2).linear("fc1", 2, 2)),
                network(dense(2, 2), dense(2, 2)),
                "more than one choice");
    }

    @Test
    void whereShapesTellTheOrderOfTheFileDoesNotMatter() {
        MultiLayerNetwork network = network(dense(2, 3), dense(3, 2), dense(2, 3));
        saved(new Tensors().linear("b", 3, 2).linear("fc1", 2, 3).linear("fc2", 2, 3))
                .copyInto(network);

        assertThat(first(network, 1)).isZero();
        assertThat(first(network, 0)).isEqualTo(8);
        assertThat(first(network, 2)).isEqualTo(17);
    }

    @Test
    void thePairingSaysWhatWentWhere() {
        TorchWeights weights = saved(new Tensors().linear("b", 3, 2).linear("a", 2, 3));

        TorchPairing pairing = weights.copyInto(network(dense(2, 3), dense(3, 2)));

        assertThat(pairing.tensorsByLayer())
                .containsExactly(
                        Map.entry("0", List.of("a.weight", "a.bias")), Map.entry("1", List.of("b.weight", "b.bias")));
        assertThat(pairing).hasToString("0: a.weight, a.bias\n1: b.weight, b.bias");
    }

    @Test
    void namesOfLayersThatAreThoseOfModulesDecide() {
        DenseLayer first = new DenseLayer.Builder().name("first").nIn(2).nOut(2).build();
        DenseLayer second =
                new DenseLayer.Builder().name("second").nIn(2).nOut(2).build();
        TorchWeights weights = saved(new Tensors().linear("second", 2, 2).linear("first", 2, 2));
        MultiLayerNetwork network = network(first, second);
        weights.copyInto(network);

        assertThat(first(network, 0)).isEqualTo(6);
        assertRefused(
                weights,
                network(
                        first,
                        new DenseLayer.Builder().name("second").nIn(2).nOut(3).build()),
                "second.weight [2, 2] does not fit parameter W [2, 3]",
                "of layer 1 'second' (DenseLayer)");
        ComputationGraph graph = graph();
        saved(new Tensors().linear("top", 4, 1).linear("right", 2, 2).linear("left", 2, 2))
                .copyInto(graph);
        assertThat(graph.getLayer("right").getParam("W").getDouble(1, 0)).isEqualTo(6);
        assertThat(graph.getLayer("left").getParam("W").getDouble(1, 0)).isEqualTo(12);
    }

    @Test
    void anLstmIsFoundWithoutTheNumberOfItsOnlyLayer() {
        Tensors tensors = new Tensors();
        for (String name : new String[] {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}) {
            tensors.with("net.lstm." + name, name.startsWith("b") ? new long[] {8} : new long[] {8, 2});
        }
        LSTM lstm = new LSTM.Builder().nIn(2).nOut(2).build();
        TorchPairing pairing = saved(tensors).copyInto(network(lstm), Map.of("net.lstm", "0"));

        assertThat(pairing.tensorsByLayer().get("0")).contains("net.lstm.bias_hh_l0");
    }

    /** A graph's vertices have no order. */
    @Test
    void equalShapesInAGraphNeedNames() {
        ComputationGraph graph = graph();
        TorchWeights weights =
                saved(new Tensors().linear("fc1", 2, 2).linear("fc2", 2, 2).linear("fc3", 4, 1));
        assertRefused(graph, () -> weights.copyInto(graph), "For layer 'left' (DenseLayer)", "more than one choice");
    }

    @Test
    void whatIsSkippedIsNotLookedAt() {
        Layer unknown =
                new DenseLayer.Builder().nIn(2).nOut(2).hasLayerNorm(true).build();
        MultiLayerNetwork network = network(dense(3, 2), unknown, dense(2, 4));
        INDArray before = network.getLayer(1).params().dup();
        TorchWeights weights = saved(new Tensors()
                .linear("body", 3, 2)
                .linear("head.0", 2, 7)
                .with("head.scale", 1)
                .linear("header", 2, 4));

        TorchPairing pairing = weights.skip("head").skipLayers("1").copyInto(network);

        assertThat(pairing.tensorsByLayer()).containsOnlyKeys("0", "2");
        assertThat(pairing.skippedLayers()).containsExactly("1");
        assertThat(pairing.toString()).endsWith("skipped: 1");
        assertThat(network.getLayer(1).params()).isEqualTo(before);
        assertThatThrownBy(() -> weights.skip("nothing")).hasMessageContaining("No tensors have the prefix 'nothing'");
        assertRefused(network, () -> weights.skipLayers("1", "9").copyInto(network), "no layer '9' with parameters");
    }

    @Test
    void aWrongNameIsSetRight() {
        TorchWeights weights =
                saved(new Tensors().linear("encoder", 2, 2).linear("b", 2, 2).linear("c", 4, 1));
        assertGraphRefused(
                weights,
                Map.of("encodr", "right", "b", "left", "c", "top"),
                "No tensors have the prefix 'encodr'",
                "did you mean 'encoder'?");
        assertGraphRefused(
                weights,
                Map.of("encoder", "rihgt", "b", "left", "c", "top"),
                "no layer 'rihgt'",
                "did you mean 'right'?");
    }

    @Test
    void wholeNumbersAreNoWeights() {
        Path file = folder.resolve("file.pt");
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        tensors.put("fc.weight", TorchTensor.of(TorchType.INT64, new long[] {1, 2}, 1, 2));
        tensors.put("fc.bias", TorchTensor.of(TorchType.FLOAT64, new double[] {1}, 1));
        TorchSave.tensors(file, tensors);
        assertRefused(
                TorchWeights.load(file),
                network(dense(2, 1)),
                "Tensor fc.weight [1, 2] holds LONG, but weights must be floating-point numbers");
    }

    @Test
    void numbersAreTheOrderOfASafetensorsFile() {
        Tensors tensors = new Tensors();
        DenseLayer[] layers = new DenseLayer[11];
        for (int i = 0; i < layers.length; i++) {
            tensors.linear("net." + i, 2, 2);
            layers[i] = dense(2, 2);
        }
        MultiLayerNetwork network = network(layers);
        safetensors(tensors).copyInto(network);

        for (int i = 0; i < layers.length; i++) {
            assertThat(first(network, i)).isEqualTo(6 * i);
        }
    }

    @Test
    void withoutAnOrderTheShapesDecide() {
        MultiLayerNetwork network = network(dense(2, 3), dense(3, 2));
        safetensors(new Tensors().linear("z", 2, 3).linear("a", 3, 2)).copyInto(network);

        assertThat(first(network, 0)).isZero();
        assertThat(first(network, 1)).isEqualTo(9);
    }

    @Test
    void withoutAnOrderEqualShapesAreRefused() {
        assertRefused(
                safetensors(new Tensors().linear("z", 2, 2).linear("a", 2, 2)),
                network(dense(2, 2), dense(2, 2)),
                "more than one choice",
                "a.weight [2, 2]",
                "z.weight [2, 2]",
                "copyInto(network, Map.of(prefix, layer, ..))");
        assertRefused(
                safetensors(new Tensors().linear("z", 2, 3).linear("a", 3, 2)),
                network(dense(2, 3), dense(2, 3)),
                "no tensors are left that fit it");
        assertRefused(
                safetensors(new Tensors().linear("z", 2, 3).linear("a", 3, 2)),
                network(dense(2, 3)),
                "No layer with parameters is left for",
                "a.weight [2, 3]");
    }

    @Test
    void aGraphIsFilledByName() {
        ComputationGraph graph = graph();
        saved(new Tensors().linear("a", 2, 2).linear("b", 2, 2).linear("c", 4, 1))
                .copyInto(graph, Map.of("a", "right", "b", "left", "c", "top"));

        assertThat(graph.getLayer("right").getParam("W").getDouble(1, 0)).isEqualTo(1);
        assertThat(graph.getLayer("left").getParam("W").getDouble(1, 0)).isEqualTo(7);
        assertThat(graph.getLayer("top").getParam("b").getDouble(0)).isEqualTo(16);
    }

    @Test
    void aGraphAndItsMapMustAgree() {
        TorchWeights weights =
                saved(new Tensors().linear("a", 2, 2).linear("b", 2, 2).linear("c", 4, 1));
        assertGraphRefused(
                weights, Map.of("a", "right", "b", "left"), "No tensors are left for layer 'top' (DenseLayer)");
        assertGraphRefused(weights, Map.of("a", "right", "b", "left", "d", "top"), "No tensors have the prefix 'd'");
        assertGraphRefused(weights, Map.of("a", "right", "b", "right", "c", "top"), "no layer 'right' with parameters");
        assertGraphRefused(weights, Map.of("a", "right", "b", "nowhere", "c", "top"), "no layer 'nowhere'", "b.weight");
        assertGraphRefused(
                weights, Map.of("a", "right", "c", "left", "b", "top"), "does not fit parameter W", "(DenseLayer)");
        TorchWeights more = saved(new Tensors()
                .linear("a", 2, 2)
                .linear("b", 2, 2)
                .linear("c", 4, 1)
                .linear("d", 1, 1));
        assertGraphRefused(
                more, Map.of("a", "right", "b", "left", "c", "top"), "is left for the tensors d.weight [1, 1]");
    }

    private static void assertGraphRefused(TorchWeights weights, Map<String, String> names, String... reasons) {
        ComputationGraph graph = graph();
        assertRefused(graph, () -> weights.copyInto(graph, names), reasons);
    }

    @Test
    void aNetworkIsInitialisedFirst() {
        MultiLayerNetwork network = new MultiLayerNetwork(
                new NeuralNetConfiguration.Builder().list(dense(2, 2)).build());
        TorchWeights weights = saved(new Tensors().linear("a", 2, 2));
        assertThatThrownBy(() -> weights.copyInto(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call its init() first");
        assertThatThrownBy(() -> weights.copyInto(new ComputationGraph(graph().getConfiguration()), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call its init() first");
        assertThatThrownBy(() -> weights.copyInto((MultiLayerNetwork) null)).hasMessageContaining("net is null");
    }
}
