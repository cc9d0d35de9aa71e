/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.layer.TorchBatchNormalization;
import io.github.dl4jlosses.parity.ModelComparison;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.porting.TracedFile;
import io.github.dl4jlosses.updater.TiedWeightsListener;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import io.github.dl4jlosses.updater.TorchPaddingListener;
import io.github.dl4jlosses.updater.TorchSGD;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * What made a ported model differ without a word, one test for each of the rows that were once counted: it is equal now, or refused,
 * or said in the notes.
 */
class SilentDifferencesTest {

    @TempDir
    private Path folder;

    private final Random random = new Random(3);
    private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();

    private SilentDifferencesTest with(String name, long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        tensors.put(
                name,
                TorchTensor.of(TorchType.FLOAT64, random.doubles(length, .1, 1).toArray(), shape));
        return this;
    }

    private SilentDifferencesTest linear(String name, long in, long out) {
        return with(name + ".weight", out, in).with(name + ".bias", out);
    }

    private SilentDifferencesTest recurrent(String name, int gates, long in, long hidden, String suffix) {
        return with(name + ".weight_ih_l0" + suffix, gates * hidden, in)
                .with(name + ".weight_hh_l0" + suffix, gates * hidden, hidden)
                .with(name + ".bias_ih_l0" + suffix, gates * hidden)
                .with(name + ".bias_hh_l0" + suffix, gates * hidden);
    }

    private SilentDifferencesTest batchNorm(String name, long size) {
        return with(name + ".weight", size)
                .with(name + ".bias", size)
                .with(name + ".running_mean", size)
                .with(name + ".running_var", size);
    }

    private TorchWeights saved() {
        Path file = folder.resolve("state.pt");
        TorchSave.tensors(file, tensors);
        return TorchWeights.load(file);
    }

    private static MultiLayerNetwork network(NeuralNetConfiguration.Builder settings, Layer... layers) {
        ListBuilder list = settings.dataType(DataType.DOUBLE).list();
        Arrays.stream(layers).forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork network(Layer... layers) {
        return network(new NeuralNetConfiguration.Builder(), layers);
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .activation(Activation.TANH)
                .build();
    }

    private static LSTM lstm(Activation activation) {
        return new LSTM.Builder().nIn(3).nOut(4).activation(activation).build();
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertIsTorchs(ComparedCase model) {
        ModelComparison comparison = model.compared(model.graph(DataType.DOUBLE));
        assertThat(comparison.isEqual()).as(comparison.toString()).isTrue();
    }

    private static ComparedCase module(String name) {
        return ComparedCase.modules()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void row01TheOrderOfInitIsNotTakenForThatOfForward() {
        linear("b", 2, 2).linear("a", 2, 2);
        Path safetensors = folder.resolve("state.safetensors");
        TorchSave.safetensors(safetensors, tensors);
        MultiLayerNetwork network = network(dense(2, 2), dense(2, 2));

        assertRefused(() -> saved().copyInto(network)).hasMessageContaining("more than one choice");
        assertRefused(() -> TorchWeights.load(safetensors).copyInto(network))
                .hasMessageContaining("Name the layers")
                .hasMessageNotContaining(".pt");
        TorchPairing pairing = saved().copyInto(network, Map.of("a", "0", "b", "1"));
        assertThat(pairing.tensorsByLayer())
                .containsExactly(
                        Map.entry("0", List.of("a.weight", "a.bias")), Map.entry("1", List.of("b.weight", "b.bias")));
    }

    @Test
    void row02OneLayerThatTorchHasNotDoesNotRefuseTheNetwork() {
        Layer unknown =
                new DenseLayer.Builder().nIn(3).nOut(3).hasLayerNorm(true).build();
        MultiLayerNetwork network = network(unknown, dense(3, 2));
        TorchWeights weights = linear("fc", 3, 2).saved();

        assertRefused(() -> weights.copyInto(network)).hasMessageContaining("layer 0 (DenseLayer)");
        TorchPairing pairing = weights.skipLayers("0").copyInto(network);
        assertThat(pairing.skippedLayers()).containsExactly("0");
        assertThat(pairing.toString()).contains("skipped: 0");
    }

    @Test
    void row03AnLstmWithAnotherActivationThanTorchsIsRefused() {
        TorchWeights weights = recurrent("lstm", 4, 3, 4, "").saved();
        LSTM byDefault = new LSTM.Builder().nIn(3).nOut(4).build();
        LSTM gates = new LSTM.Builder()
                .nIn(3)
                .nOut(4)
                .activation(Activation.TANH)
                .gateActivationFunction(Activation.HARDSIGMOID)
                .build();

        assertRefused(() -> weights.copyInto(network(byDefault)))
                .hasMessageContaining("layer 0 (LSTM) has the activation sigmoid")
                .hasMessageContaining("activation(Activation.TANH)");
        assertRefused(() -> weights.copyInto(network(lstm(Activation.RELU)))).hasMessageContaining("relu");
        assertRefused(() -> weights.copyInto(network(gates))).hasMessageContaining("gates");
        weights.copyInto(network(lstm(Activation.TANH)));

        recurrent("lstm", 4, 3, 4, "_reverse");
        assertRefused(() -> saved().copyInto(network(new Bidirectional(lstm(Activation.SIGMOID)))))
                .hasMessageContaining("layer 0 (Bidirectional)");
        saved().copyInto(network(new Bidirectional(lstm(Activation.TANH))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TANH", "RELU"})
    void row03AnRnnMayHaveBothOfTorchsActivations(Activation activation) {
        recurrent("rnn", 1, 3, 4, "")
                .saved()
                .copyInto(network(new SimpleRnn.Builder()
                        .nIn(3)
                        .nOut(4)
                        .activation(activation)
                        .build()));
    }

    @Test
    void row04TheActivationOfABatchNormThatDl4jIgnoresIsRefused() {
        TorchWeights weights =
                linear("fc", 2, 3).batchNorm("bn", 3).linear("out", 3, 2).saved();
        BatchNormalization activated = new BatchNormalization.Builder()
                .nIn(3)
                .nOut(3)
                .activation(Activation.RELU)
                .build();
        BatchNormalization plain =
                new BatchNormalization.Builder().nIn(3).nOut(3).build();

        MultiLayerNetwork ignoring = network(dense(2, 3), activated, dense(3, 2));
        assertRefused(() -> weights.copyInto(ignoring))
                .hasMessageContaining("DL4J ignores the activation relu of layer 1 (BatchNormalization)")
                .hasMessageContaining("put an ActivationLayer behind it");
        assertRefused(() -> weights.copyInto(ignoring.toComputationGraph()))
                .hasMessageContaining("DL4J ignores the activation relu");
        weights.copyInto(network(dense(2, 3), plain, dense(3, 2)));
        weights.copyInto(network(dense(2, 3), activated, new ActivationLayer(Activation.RELU), dense(3, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESNET_SMALL", "RESNET_TORCH2", "UNET_SMALL"})
    void row04ATracedBatchNormIsActivatedAsInTorch(TracedFile file) {
        assertIsTorchs(ComparedCase.of(file));
    }

    @Test
    void row05BatchNormOfSequencesIsTorchs() {
        assertIsTorchs(module("bn_sequence"));
    }

    @Test
    void row06FlatteningIsTorchs() {
        assertIsTorchs(module("conv1d_flatten"));
        assertIsTorchs(module("conv3d"));
    }

    @Test
    void row06ADenseLayerOfTheWrongSizeBehindAConv1dIsRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new Convolution1DLayer.Builder(3).nIn(2).nOut(4).build())
                .layer(new DenseLayer.Builder().nOut(5).build())
                .setInputType(InputType.recurrent(2, 9))
                .build());
        network.init();
        TorchWeights weights = with("conv.weight", 4, 2, 3)
                .with("conv.bias", 4)
                .linear("fc", 4 * 7, 5)
                .saved();

        assertRefused(() -> weights.copyInto(network)).hasMessageContaining("fc.weight [5, 28] does not fit");
    }

    @Test
    void row07ARowOfPaddingIsNotTrainedOrNoted() {
        with("embedding.weight", 5, 3);
        double[] values = tensors.get("embedding.weight").toDoubles();
        Arrays.fill(values, 6, 9, 0);
        tensors.put("embedding.weight", TorchTensor.of(TorchType.FLOAT64, values, 5, 3));
        MultiLayerNetwork network = network(
                new EmbeddingLayer.Builder().nIn(5).nOut(3).hasBias(false).build());

        assertThat(saved().copyInto(network).notes())
                .singleElement()
                .asString()
                .contains("Row 2 of embedding '0'", "padding_idx", "new TorchPaddingListener(Map.of(\"0\", 2L))");

        ComputationGraph graph = ComparedCase.of(TracedFile.BILSTM_TAGGER).graph(DataType.DOUBLE);
        assertThat(graph.getListeners()).hasAtLeastOneElementOfType(TorchPaddingListener.class);
        assertThat(TorchModel.load(TracedFile.BILSTM_TAGGER.archive()).notes())
                .anyMatch(note -> note.contains("padding_idx"));
    }

    @Test
    void row08PackedSequencesAreRefused() {
        assertThatThrownBy(() -> TorchModel.load(ComparedCase.modulePath("refused_packed"))
                        .configuration(
                                new NeuralNetConfiguration.Builder(),
                                List.of(new MSELoss()),
                                InputType.recurrent(3, 5)))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("pack_padded_sequence");
    }

    @Test
    void row09TiedWeightsStayOneOrAreNoted() {
        linear("a", 3, 3).linear("b", 3, 3);
        tensors.put("b.weight", tensors.get("a.weight"));
        TorchPairing pairing = saved().copyInto(network(dense(3, 3), dense(3, 3)), Map.of("a", "0", "b", "1"));
        assertThat(pairing.notes())
                .singleElement()
                .asString()
                .contains("'weight' of layer '1'", "'weight' of layer '0'", "TiedWeightsListener");

        ComparedCase model = module("module_twice");
        ComputationGraph graph = model.graph(TorchSGD.builder()
                .lr(.1)
                .build()
                .configure(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE)));
        assertThat(graph.getListeners()).hasAtLeastOneElementOfType(TiedWeightsListener.class);
        assertThat(TorchModel.load(model.archive()).notes()).anyMatch(note -> note.contains("TiedWeightsListener"));
    }

    @Test
    void row10WeightDecayOfALayersOwnUpdaterIsNotLost() {
        TorchAdamW decaying = TorchAdamW.builder().lr(.01).weightDecay(.1).build();
        INDArray x = Nd4j.linspace(-1, 1, 6, DataType.DOUBLE).reshape(3, 2);
        MultiLayerNetwork without = network(output().updater(decaying).build());
        assertThatThrownBy(() -> without.fit(x, x)).hasMessageContaining("configureLayer");

        MultiLayerNetwork ofAll = network(decaying.configure(new NeuralNetConfiguration.Builder()), output().build());
        MultiLayerNetwork ofLayer = network(decaying.configureLayer(output()).build());
        ofLayer.setParams(ofAll.params());
        for (int step = 0; step < 5; step++) {
            ofAll.fit(x, x);
            ofLayer.fit(x, x);
        }
        assertThat(ofLayer.params()).isEqualTo(ofAll.params());
    }

    private static OutputLayer.Builder output() {
        return new OutputLayer.Builder(new MSELoss()).nIn(2).nOut(2).activation(Activation.IDENTITY);
    }

    @Test
    void row11VerticesNamedLikeModulesNeedNoMap() {
        ComparedCase model = ComparedCase.of(TracedFile.RESNET_SMALL);
        ComputationGraph expected = model.graph(DataType.DOUBLE);
        ComputationGraph graph =
                new ComputationGraph(expected.getConfiguration().clone());
        graph.init();
        assertThat(graph.params()).isNotEqualTo(expected.params());

        TorchPairing pairing = TorchWeights.load(model.archive()).copyInto(graph);

        assertThat(graph.params()).isEqualTo(expected.params());
        assertThat(pairing.tensorsByLayer().get("layer1.0.conv1")).containsExactly("layer1.0.conv1.weight");
    }

    @Test
    void row12TheLastStepOfBothDirectionsIsNotTheirLastStates() {
        recurrent("lstm", 4, 3, 4, "").recurrent("lstm", 4, 3, 4, "_reverse");
        MultiLayerNetwork network = network(new LastTimeStep(new Bidirectional(lstm(Activation.TANH))));
        assertThat(saved().copyInto(network).notes()).singleElement().asString().contains("out[:, -1]", "h[-2], h[-1]");

        assertIsTorchs(module("bilstm_states"));
        assertIsTorchs(module("bilstm_last"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reflected,torch.pad,4", "elu,torch.elu,2"})
    void row13WhatDl4jComputesOtherwiseIsRefusedByName(String line) {
        String[] words = line.split(",", -1);
        InputType type = words[2].equals("2") ? InputType.feedForward(5) : InputType.convolutional(5, 5, 2);
        assertThatThrownBy(() -> TorchModel.load(ComparedCase.modulePath("refused_" + words[0]))
                        .configuration(new NeuralNetConfiguration.Builder(), List.of(new MSELoss()), type))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining(words[1]);
    }

    @Test
    void row14AScheduleOfEpochsIsNoted() {
        TorchWeights weights = linear("fc", 2, 3).saved();
        for (ScheduleType type : ScheduleType.values()) {
            StepSchedule schedule = new StepSchedule(type, .1, .5, 10);
            List<String> ofDl4j = weights.copyInto(
                            network(new NeuralNetConfiguration.Builder().updater(new Sgd(schedule)), dense(2, 3)))
                    .notes();
            List<String> ofTorch = weights.copyInto(network(
                            TorchSGD.builder()
                                    .lrSchedule(schedule)
                                    .build()
                                    .configure(new NeuralNetConfiguration.Builder()),
                            dense(2, 3)))
                    .notes();
            assertThat(ofDl4j).hasSize(type == ScheduleType.EPOCH ? 1 : 0);
            assertThat(ofTorch).hasSize(type == ScheduleType.EPOCH ? 1 : 0);
        }
    }

    @Test
    void row15GammaAndBetaUnderWeightDecayAreTorchsOrNoted() {
        TorchWeights weights = linear("fc", 2, 3).batchNorm("bn", 3).saved();
        BatchNormalization normalization =
                new BatchNormalization.Builder().nIn(3).nOut(3).build();
        for (double decay : new double[] {0, .01}) {
            NeuralNetConfiguration.Builder settings = TorchSGD.builder()
                    .lr(.1)
                    .weightDecay(decay)
                    .build()
                    .configure(new NeuralNetConfiguration.Builder());
            List<String> notes = weights.copyInto(network(settings, dense(2, 3), normalization))
                    .notes();
            assertThat(notes).hasSize(decay > 0 ? 1 : 0);
            assertThat(notes).allMatch(note -> note.contains("never decays gamma and beta") && note.contains("[1]"));
            BatchNormalization decaying =
                    new TorchBatchNormalization.Builder().nIn(3).nOut(3).build();
            assertThat(weights.copyInto(network(settings, dense(2, 3), decaying))
                            .notes())
                    .isEmpty();
        }
        // bn_decayed of TracedModuleTest trains along torch
        assertThat(TorchModel.load(TracedFile.RESNET_SMALL.archive()).notes())
                .noneMatch(note -> note.contains("gamma and beta"));
        assertThat(ComparedCase.of(TracedFile.RESNET_SMALL)
                        .graph(DataType.DOUBLE)
                        .getListeners())
                .hasAtLeastOneElementOfType(TorchBatchNormListener.class);
    }

    @Test
    void row07APaddedRowOfATracedModelIsNotTrained() {
        ComparedCase model = ComparedCase.of(TracedFile.BILSTM_TAGGER);
        ComputationGraph graph = model.graph(TorchSGD.builder()
                .lr(.1)
                .build()
                .configure(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE)));
        INDArray embedding = graph.getVertex("embedding").getLayer().getParam("W");
        INDArray before = embedding.dup();
        INDArray tokens = model.examples(DataType.DOUBLE)[0];
        tokens.putScalar(0, 0, 0);
        INDArray output = graph.outputSingle(tokens);

        graph.fit(new INDArray[] {tokens}, new INDArray[] {Nd4j.ones(DataType.DOUBLE, output.shape())});

        assertThat(embedding.getRow(0)).isEqualTo(before.getRow(0));
        assertThat(embedding).isNotEqualTo(before);
    }
}
