/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.trace.TracedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Turns a traced PyTorch model into a DL4J graph with its layers and weights, ready for training. The only input is the
 * file that {@code torch.jit.trace(model.eval(), example).save(file)} writes.
 *
 * <pre>{@code
 * var adam = TorchAdam.builder().lr(1e-3).build();
 * var settings = adam.configure(new NeuralNetConfiguration.Builder().miniBatch(false));
 * var loss = CrossEntropyLoss.builder().miniBatch(false).build();
 * var graph = TorchModel.load(Path.of("lenet.pt"))
 *         .toComputationGraph(settings, List.of(loss), InputType.convolutional(28, 28, 1));
 * graph.fit(pictures);
 * }</pre>
 *
 * <p><b>The graph.</b> Each torch module becomes a vertex, named by its path in the model ({@code layer1.0.conv1});
 * functional forms ({@code F.relu}, {@code +}, {@code torch.cat}) are named by the module whose {@code forward}
 * contains them, and the operator. The losses are in the last layers: a final {@code Linear} becomes an output layer,
 * and after anything else comes a loss layer named {@code loss}. The output of the graph is the output of the model.
 *
 * <p><b>What is equal.</b> In float64 outputs, losses and steps are torch's to the last digits, if the updater is
 * torch's from the package {@code updater}. Operators without an exact counterpart in DL4J are refused, with module and
 * operator named; {@link #notes()} tells what else training needs.
 *
 * <p><b>Inputs.</b> They have DL4J's order of dimensions: sequences are [N, features, T], {@code
 * InputType.recurrent(features, T)}, whether the model reads them as [N, T, features], [T, N, features] or [N,
 * features, T]; indices for an embedding are [N, T], {@code InputType.recurrent(vocabulary, T)}; pictures are [N, C, H,
 * W], {@code InputType.convolutional(H, W, C)}. Outputs likewise.
 *
 * <p><b>Safety.</b> As in {@link TorchWeights}, nothing in the file is executed. Its code is read as text; only
 * assignments, calls, attributes, lists and constants are understood. The limits are 4 MiB of code, 20,000 calls of
 * operators, modules 64 deep, and activations of 2^28 numbers for an example.
 *
 * <p>It is immutable, but not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class TorchModel {

    private final Path file;
    private final TracedModel model;

    private TorchModel(Path file, TracedModel model) {
        this.file = file;
        this.model = model;
    }

    /**
     * Reads a traced model.
     *
     * @param archive the file that torch.jit.trace and save wrote
     * @return the model
     * @throws RefusedFileException if the file is refused; the message says why and what to do
     * @throws UncheckedIOException if the file cannot be read
     */
    public static TorchModel load(Path archive) {
        required("archive", archive);
        try {
            return new TorchModel(archive, TracedModel.read(archive));
        } catch (Refused e) {
            throw new RefusedFileException(e.getMessage(), e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T required(String name, T argument) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return argument;
    }

    /**
     * The configuration of the graph.
     *
     * @param settings updater, data type and other settings for all layers
     * @param losses one for each output of the model
     * @param inputs one for each input of the model
     * @return a new configuration
     * @throws RefusedFileException if the model has something that DL4J cannot do exactly, or the inputs do not fit it
     * @throws IllegalArgumentException if the number of losses or inputs is not the model's
     */
    public ComputationGraphConfiguration configuration(
            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses, InputType... inputs) {
        check(settings, losses, inputs);
        return orRefuse(() -> model.configuration(settings, losses, inputs));
    }

    /**
     * The graph with the weights of the file and the listeners that training needs.
     *
     * @param settings updater, data type and other settings for all layers
     * @param losses one for each output of the model
     * @param inputs one for each input of the model
     * @return an initialised graph
     * @throws RefusedFileException if the model has something that DL4J cannot do exactly, or the inputs do not fit it
     * @throws IllegalArgumentException if the number of losses or inputs is not the model's
     */
    public ComputationGraph toComputationGraph(
            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses, InputType... inputs) {
        check(settings, losses, inputs);
        return orRefuse(() -> model.graph(settings, losses, inputs));
    }

    /**
     * The configuration as Java source, to be kept and changed by hand: a class with a static method {@code
     * configuration(settings, losses)}.
     *
     * @param className the name of the class, with its package if it has one
     * @param losses one for each output of the model; they decide the kind of the last layers, and the source takes
     *     them as arguments
     * @param inputs one for each input of the model
     * @return the text of the class
     * @throws RefusedFileException if the model has something that DL4J cannot do exactly, or the inputs do not fit it
     * @throws IllegalArgumentException if {@code className} is no valid name, or there are more or fewer losses or
     *     inputs than the model has
     */
    public String toJava(String className, List<? extends ILossFunction> losses, InputType... inputs) {
        required("className", className);
        check(new NeuralNetConfiguration.Builder(), losses, inputs);
        return orRefuse(() -> model.java(className, losses, inputs));
    }

    private static void check(
            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses, InputType... inputs) {
        required("settings", settings);
        required("inputs", inputs);
        for (ILossFunction loss : required("losses", losses)) {
            required("a loss", loss);
        }
    }

    private <T> T orRefuse(Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (Refused e) {
            throw new RefusedFileException(file + ": " + e.getMessage(), e.getCause());
        }
    }

    /**
     * The code that torch must run to compare the vertices of this model's graph with torch. This module has no torch;
     * {@code ModelComparison} of the parity toolkit runs the code and compares.
     *
     * @param losses one for each output of the model
     * @param inputs one for each input of the model
     * @return code for torch
     * @throws RefusedFileException if the model has something that DL4J cannot do exactly, or the inputs do not fit it
     * @throws IllegalArgumentException if the number of losses or inputs is not the model's
     */
    public TorchSteps steps(List<? extends ILossFunction> losses, InputType... inputs) {
        check(new NeuralNetConfiguration.Builder(), losses, inputs);
        return orRefuse(() -> new TorchSteps(model.steps(losses, inputs), model.tensors()));
    }

    /**
     * The code that torch must run to compare a hand-written network's layers with torch.
     *
     * @param pairing which tensors of the file are the parameters of which layer
     * @return code for torch
     */
    public TorchSteps steps(TorchPairing pairing) {
        return orRefuse(
                () -> new TorchSteps(model.steps(required("pairing", pairing).tensorsByLayer()), model.tensors()));
    }

    /**
     * Notes on how to train the graph as torch would.
     *
     * @return sentences that name the modules
     */
    public List<String> notes() {
        return model.notes();
    }

    /**
     * The file and the model's inputs.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "TorchModel(" + file + ", inputs=" + model.inputs() + ")";
    }
}
