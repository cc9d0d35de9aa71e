/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.updater.TiedWeightsListener;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import io.github.dl4jlosses.updater.TorchPaddingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What a traced model becomes: names, last layers, listeners, notes; and what is said where it does not. */
class TorchModelTest {

    private static TorchModel module(String name) {
        return TorchModel.load(TracedModule.path(name + ".pt"));
    }

    private static ComputationGraph graph(TracedFile file) {
        return new TracedCase(file).graph();
    }

    // ---- names ----

    @Test
    void verticesBearThePathsOfTheModules() {
        ComputationGraph graph = graph(TracedFile.RESNET_SMALL);

        assertThat(graph.getConfiguration().getVertices().keySet())
                .contains("conv1", "bn1", "relu", "maxpool", "layer1.0.conv1", "layer1.0.bn2", "layer2.0.downsample.0")
                .contains("layer1.0.add", "layer1.0.relu", "layer1.0.relu_2", "avgpool", "fc")
                .doesNotContain("flatten", "loss");
    }

    @ParameterizedTest
    @EnumSource
    void everyTensorHasTheNameOfItsVertex(TracedFile file) {
        Set<String> layers = new TreeSet<>();
        for (String tensor : TorchWeights.load(file.archive()).tensors().keySet()) {
            String module = tensor.substring(0, tensor.lastIndexOf('.'));
            layers.add(tensor.contains("_l1") ? module + ".l1" : tensor.contains("_l0") ? module + ".l0" : module);
        }

        Set<String> vertices = graph(file).getConfiguration().getVertices().keySet();

        assertThat(vertices).containsAll(layers);
    }

    // ---- last layers ----

    @ParameterizedTest
    @CsvSource({
        "LENET, classifier.4, OutputLayer",
        "AUTOENCODER, decoder.2, OutputLayer",
        "BILSTM_TAGGER, fc, RnnOutputLayer",
        "UNET_SMALL, loss, CnnLossLayer"
    })
    void theLossStandsInTheLastLayer(TracedFile file, String name, String layer) {
        ComputationGraph graph = graph(file);

        assertThat(graph.getConfiguration().getNetworkOutputs()).containsExactly(name);
        assertThat(graph.getLayer(name).conf().getLayer().getClass().getSimpleName())
                .isEqualTo(layer);
    }

    /** Put into one layer, a loss that has a softmax of its own would read through the model's, where torch applies both. */
    @Test
    void aSoftmaxUnderALossOfLogitsStaysALayerOfItsOwn() {
        TorchModel model = module("softmax_output");

        ComputationGraph apart = model.toComputationGraph(
                TracedModule.settings(), List.of(new CrossEntropyLoss()), InputType.feedForward(5));
        ComputationGraph together =
                model.toComputationGraph(TracedModule.settings(), List.of(new MSELoss()), InputType.feedForward(5));
        ComputationGraph builtIn =
                model.toComputationGraph(TracedModule.settings(), List.of(new LossMSE()), InputType.feedForward(5));

        assertThat(apart.getConfiguration().getNetworkOutputs()).containsExactly("loss");
        assertThat(apart.getLayer("loss").conf().getLayer()).isInstanceOf(LossLayer.class);
        assertThat(together.getConfiguration().getNetworkOutputs()).containsExactly("0");
        assertThat(builtIn.getConfiguration().getNetworkOutputs()).containsExactly("0");
    }

    // ---- what training needs besides ----

    @Test
    void theListenersThatTrainingNeedsAreThere() {
        assertThat(graph(TracedFile.RESNET_SMALL).getListeners())
                .hasExactlyElementsOfTypes(TorchBatchNormListener.class);
        assertThat(graph(TracedFile.BILSTM_TAGGER).getListeners())
                .hasExactlyElementsOfTypes(TorchPaddingListener.class);
        assertThat(graph(TracedFile.LENET).getListeners()).isEmpty();
        assertThat(module("module_twice")
                        .toComputationGraph(TracedModule.settings(), List.of(new MSELoss()), InputType.feedForward(5))
                        .getListeners())
                .hasExactlyElementsOfTypes(TiedWeightsListener.class);
    }

    @ParameterizedTest
    @CsvSource({
        "bn_flat, TorchBatchNormListener",
        "attention, dropout of attention's weights",
        "embedding_mean, padding_idx",
        "embedding_mean, TorchPaddingListener",
        "lstm_last, two biases",
        "lstm_last, An updater of this library",
        "rnn, two biases",
        "siamese, TiedWeightsListener",
        "dropout_eval, random numbers",
        "dropout2d_eval, random numbers",
        "unused, b.weight",
        "untrained, requires_grad",
        "untrained, 'blur, frozen.bias, frozen.weight'",
        "bn_traced_in_training, momentum=None",
        "dropout_traced_in_training, never in its output",
        "conv_transpose, loss layer"
    })
    void notesTellWhatAUserHasToKnow(String module, String words) {
        assertThat(module(module).notes()).anySatisfy(note -> assertThat(note).contains(words));
    }

    /** DL4J's activations compute in place outside of training. */
    @ParameterizedTest
    @ValueSource(strings = {"activated_input", "activated_view_of_input"})
    void theUsersInputStaysAsItIs(String name) {
        TracedModule module = TracedModule.all()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        INDArray input = TorchWeights.load(TracedModule.path(name + ".check.pt"))
                .tensors()
                .get("x0")
                .slice(0)
                .dup('c');
        INDArray before = input.dup();

        module.graph().output(input);

        assertThat(input).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_encoder", "picture_encoder", "encoder_time_first", "grouped"})
    void anEncoderKeepsTorchsNamesThereAndBack(String name) throws IOException {
        TorchModel model = module(name);
        TracedModule module = TracedModule.all()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        ComputationGraph graph = model.toComputationGraph(TracedModule.settings(), module.losses(), module.types());

        Map<String, INDArray> exported = TorchExport.of(graph).tensors();

        assertThat(exported)
                .containsExactlyInAnyOrderEntriesOf(
                        TorchWeights.load(TracedModule.path(name + ".pt")).tensors());
    }

    @Test
    void gammaAndBetaDecayAndStatisticsDoNot() {
        NeuralNetConfiguration.Builder settings =
                TorchAdam.builder().weightDecay(.1).build().configure(new NeuralNetConfiguration.Builder());

        ComputationGraph graph =
                module("bn_flat").toComputationGraph(settings, List.of(new MSELoss()), InputType.feedForward(6));

        Layer normalisation = graph.getLayer("1").conf().getLayer();
        assertThat(normalisation.getRegularizationByParam("gamma")).hasSize(1);
        assertThat(normalisation.getRegularizationByParam("beta")).hasSize(1);
        assertThat(normalisation.getRegularizationByParam("mean")).isEmpty();
        assertThat(normalisation.getRegularizationByParam("log10stdev")).isEmpty();
    }

    @Test
    void notesAreSilentAboutTheRest() {
        assertThat(TorchModel.load(TracedFile.LENET.archive()).notes())
                .singleElement()
                .asString()
                .contains("logits");
    }

    @Test
    void aRestoredGraphComputesTheSame(@TempDir Path folder) throws IOException {
        for (TracedFile file : List.of(TracedFile.RESNET_SMALL, TracedFile.BILSTM_TAGGER, TracedFile.UNET_SMALL)) {
            ComputationGraph graph = graph(file);
            INDArray x = TorchWeights.load(file.inputs())
                    .tensors()
                    .get("x")
                    .get(NDArrayIndex.point(0))
                    .dup('c');
            Path saved = folder.resolve(file + ".zip");
            graph.save(saved.toFile());

            ComputationGraph restored = ComputationGraph.load(saved.toFile(), true);

            assertThat(restored.output(x)[0]).isEqualTo(graph.output(x)[0]);
        }
    }

    @Test
    void theNetworksTypeWins() {
        ComputationGraph graph = module("functional")
                .toComputationGraph(
                        new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT),
                        List.of(new MSELoss()),
                        InputType.convolutional(3, 4, 2));

        assertThat(graph.params().dataType()).isEqualTo(DataType.FLOAT);
    }

    @Test
    void theLengthOfSequencesMayBeOpen() {
        TracedCase tagger = new TracedCase(TracedFile.BILSTM_TAGGER);
        ComputationGraph graph = TorchModel.load(TracedFile.BILSTM_TAGGER.archive())
                .toComputationGraph(tagger.settings(), List.of(tagger.loss()), InputType.recurrent(40));
        Map<String, INDArray> batches =
                TorchWeights.load(TracedFile.BILSTM_TAGGER.inputs()).tensors();
        INDArray x = batches.get("x").get(NDArrayIndex.point(0)).dup('c');

        assertThat(graph.output(x)[0]).isEqualTo(tagger.graph().output(x)[0]);
    }

    // ---- refusals ----

    @Test
    void aWrongNumberOfLossesOrInputsIsAnError() {
        TorchModel model = module("two_inputs");
        InputType five = InputType.feedForward(5);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.configuration(TracedModule.settings(), List.of(new MSELoss()), five))
                .withMessageContaining("2 inputs");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        model.configuration(TracedModule.settings(), List.of(), five, InputType.convolutional(2, 3, 2)))
                .withMessageContaining("1 output");
    }

    @Test
    void anInputOfTheWrongSizeNamesTheModule() {
        assertThatThrownBy(() -> TorchModel.load(TracedFile.LENET.archive())
                        .configuration(
                                TracedModule.settings(),
                                List.of(new CrossEntropyLoss()),
                                InputType.convolutional(28, 28, 3)))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContainingAll("features.0", "torch._convolution", "[N, 3, 28, 28]", "1 channels");
    }

    /** torch adds the decay to the gradient of each of the two biases, which their sum does not tell. */
    @Test
    void adamWithCoupledDecayIsRefusedForTwoBiases() {
        NeuralNetConfiguration.Builder settings =
                TorchAdam.builder().weightDecay(.1).build().configure(new NeuralNetConfiguration.Builder());

        assertThatThrownBy(() -> TorchModel.load(TracedFile.BILSTM_TAGGER.archive())
                        .configuration(settings, List.of(new CrossEntropyLoss()), InputType.recurrent(40, 9)))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContainingAll("lstm", "weightDecay");
    }

    @Test
    void filesWithoutCodeAreRefused() {
        Stream.of(SavedModel.FASHION_CNN_CE.stateDict(), TracedFile.LENET.inputs())
                .forEach(file -> assertThatThrownBy(() -> TorchModel.load(file))
                        .isInstanceOf(RefusedFileException.class)
                        .hasMessageContaining("torch.jit.trace"));
    }

    @Test
    void nullsAreNamed() {
        TorchModel model = module("functional");
        InputType type = InputType.convolutional(3, 4, 2);
        NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TorchModel.load(null))
                .withMessageContaining("archive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.configuration(null, List.of(new MSELoss()), type))
                .withMessageContaining("settings");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.configuration(settings, null, type))
                .withMessageContaining("losses");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.configuration(settings, Arrays.asList((MSELoss) null), type))
                .withMessageContaining("loss");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.configuration(settings, List.of(new MSELoss()), (InputType) null))
                .withMessageContaining("inputs[0]");
    }
}
