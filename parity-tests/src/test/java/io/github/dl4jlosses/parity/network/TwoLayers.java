/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A network of a tanh layer and an output layer in float64, and the same function in torch: what lives through saving,
 * freezing, stopping and listening. Layers and vertices are named "0" and "1", so that both kinds of network name their
 * parameters alike.
 */
record TwoLayers(TorchLoss loss, SpecHead head) {
    static final int INPUTS = 3;
    static final int HIDDEN = 4;
    static final int CLASSES = 3;

    static final List<String> PARAMETERS = List.of("0_W", "0_b", "1_W", "1_b");

    private static final String[] GRADIENTS = {"w0", "b0", "w1", "b1"};

    /** A classifier whose loss has options that its step shows. */
    static TwoLayers classifier(boolean miniBatch) {
        CrossEntropyLoss.Builder loss = CrossEntropyLoss.builder()
                .weight(.75, 3.5, 1.0625)
                .labelSmoothing(.1)
                .miniBatch(miniBatch);
        return new TwoLayers(loss.build(), SpecHead.SOFTMAX);
    }

    /** Features of a batch with one class index each, or a number for each output. */
    record Batch(TorchTensor features, TorchTensor target) {
        /** What DL4J gets: indices as a column. */
        DataSet dataSet() {
            INDArray labels = target.toArray();
            return new DataSet(features.toArray(), labels.rank() == 1 ? labels.reshape(labels.length(), 1) : labels);
        }
    }

    /** Random features; classes without the ignored one, but for the second of them. */
    static Batch classes(Random random, int examples) {
        long[] index = random.ints(examples, 0, CLASSES).asLongStream().toArray();
        index[1] = -100;
        return new Batch(features(random, examples), TorchTensor.of(TorchType.INT64, index, examples));
    }

    /** What the loss takes: a class for each example, the second of them ignored where it can be, or tags. */
    Batch batch(Random random, int examples) {
        List<TargetForm> forms = LossSpecs.of(loss).forms();
        if (forms.contains(TargetForm.LIST)) {
            return new Batch(features(random, examples), choices(random, TorchType.INT64, CLASSES, examples, CLASSES));
        }
        if (!forms.contains(TargetForm.INDEX)) {
            return tags(random, examples);
        }
        OptionalLong ignored = LossOptions.ignoreIndex(loss);
        long[] index = LongStream.generate(() -> random.nextInt(CLASSES))
                .filter(any -> !ignored.equals(OptionalLong.of(any)))
                .limit(examples)
                .toArray();
        ignored.ifPresent(none -> index[1] = none);
        return new Batch(features(random, examples), TorchTensor.of(TorchType.INT64, index, examples));
    }

    static Batch tags(Random random, int examples) {
        TorchTensor tags = choices(random, TorchType.FLOAT64, 2, examples, CLASSES);
        return new Batch(features(random, examples), tags);
    }

    static TorchTensor features(Random random, int examples) {
        return numbers(random, 2, examples, INPUTS);
    }

    /** Of either sign, below a bound. */
    static TorchTensor numbers(Random random, double bound, long... shape) {
        double[] numbers =
                random.doubles(FilledArray.size(shape), -bound, bound).toArray();
        return TorchTensor.of(TorchType.FLOAT64, numbers, shape);
    }

    /** Whole numbers from 0 to below a bound. */
    static TorchTensor choices(Random random, TorchType type, int bound, long... shape) {
        return TorchTensor.of(type, FilledArray.numbers(() -> random.nextInt(bound), shape), shape);
    }

    /** A row for each class, of zeros where it is none. */
    static TorchTensor oneHot(int classes, long... indices) {
        double[] rows = new PlainRows(indices.length, classes).oneHot(indices);
        return TorchTensor.of(TorchType.FLOAT64, rows, indices.length, classes);
    }

    // ---- DL4J ----

    static NeuralNetConfiguration.Builder builder(Random random, IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(random.nextLong())
                .dataType(DataType.DOUBLE)
                .updater(updater);
    }

    static DenseLayer hidden() {
        return new DenseLayer.Builder()
                .activation(Activation.TANH)
                .nIn(INPUTS)
                .nOut(HIDDEN)
                .build();
    }

    OutputLayer output() {
        return output(loss);
    }

    OutputLayer output(ILossFunction other) {
        return new OutputLayer.Builder(other)
                .activation(head.inDl4j())
                .nIn(HIDDEN)
                .nOut(CLASSES * LossSpecs.of(loss).outputsPerLabel())
                .build();
    }

    MultiLayerNetwork network(NeuralNetConfiguration.Builder builder) {
        return NetworkKind.network(builder.list(hidden(), output()).build());
    }

    ComputationGraph graphNetwork(NeuralNetConfiguration.Builder builder) {
        return NetworkKind.network(builder.graphBuilder()
                .addInputs("in")
                .addLayer("0", hidden(), "in")
                .addLayer("1", output(), "0")
                .setOutputs("1")
                .build());
    }

    /** A network of layers, or a graph. */
    Model model(boolean graph, NeuralNetConfiguration.Builder builder) {
        return graph ? graphNetwork(builder) : network(builder);
    }

    static void fit(Model model, DataSet data) {
        ((NeuralNetwork) model).fit(data);
    }

    static double score(Model model, DataSet data) {
        return model instanceof ComputationGraph graph
                ? graph.score(data, false)
                : ((MultiLayerNetwork) model).score(data, false);
    }

    /** A copy of the parameters by name. */
    static Map<String, TorchTensor> parameters(Model model) {
        return StartingPoint.of(model, PARAMETERS).parameters();
    }

    // ---- torch ----

    /** The loss of a batch, as torch reduces it, and the gradient of each parameter, by its name in DL4J. */
    TorchStepResult torch(Map<String, TorchTensor> parameters, Batch batch) {
        TorchReference reference = TorchReference.of(loss);
        String text = """
                hidden = torch.tanh(torch.add(torch.matmul(features, w0), b0))
                z = torch.add(torch.matmul(hidden, w1), b1)
                """ + "x = " + LossSpecs.of(loss).seen(head).inTorch() + "\n"
                + reference.expression(loss.getReduction());
        TorchResult result = TorchFunction.of(text, reference.withOptions("features", "t", "w0", "b0", "w1", "b1"))
                .withRespectTo(GRADIENTS)
                .call(reference.arguments(
                        TorchType.FLOAT64,
                        2,
                        Stream.concat(
                                        Stream.of(batch.features(), batch.target()),
                                        PARAMETERS.stream().map(parameters::get))
                                .toArray(TorchTensor[]::new)));
        Map<String, double[]> gradients = new LinkedHashMap<>();
        for (int i = 0; i < GRADIENTS.length; i++) {
            gradients.put(PARAMETERS.get(i), result.gradient(GRADIENTS[i]).toDoubles());
        }
        return new TorchStepResult(result.value().item(), gradients);
    }

    /** The logits of a batch, [N, C]. */
    static TorchTensor logits(Model model, TorchTensor features) {
        return TorchFunction.of("""
                        hidden = torch.tanh(torch.add(torch.matmul(features, w0), b0))
                        torch.add(torch.matmul(hidden, w1), b1)
                        """, "features", "w0", "b0", "w1", "b1")
                .call(StartingPoint.of(model, PARAMETERS).after(features))
                .value();
    }

    /** A value with the gradients of the parameters. */
    record TorchStepResult(double value, Map<String, double[]> gradients) {

        TorchTensor gradient(String name) {
            double[] numbers = gradients.get(name);
            return TorchTensor.of(TorchType.FLOAT64, numbers, numbers.length);
        }
    }
}
