/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.layer;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.training.TorchOptimizer;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A layer of this library and the module of torch that it is to be, below a sum of squares. */
final class TorchModuleCase {
    private static final Set<String> STATISTICS = Set.of(
            BatchNormalizationParamInitializer.GLOBAL_MEAN,
            BatchNormalizationParamInitializer.GLOBAL_VAR,
            BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

    private final String name;
    private final Layer layer;
    private final String text;
    private final long[] inputShape;
    private final InputType inputType;
    private boolean masked;

    /** The text is over {@code x} and the layer's parameters in their order, {@code p0}, {@code p1}, .. */
    TorchModuleCase(String name, Layer layer, String text, long... inputShape) {
        this.name = name;
        this.layer = layer;
        this.text = text;
        this.inputShape = inputShape;
        this.inputType = switch (inputShape.length) {
            case 2 -> InputType.feedForward(inputShape[1]);
            case 3 -> InputType.recurrent(inputShape[1], inputShape[2], RNNFormat.NCW);
            default -> InputType.convolutional(inputShape[2], inputShape[3], inputShape[1]);
        };
    }

    /** Above a linear map; the text is over {@code z}. */
    static TorchModuleCase of(IActivation activation, String text) {
        DenseLayer layer =
                new DenseLayer.Builder().nOut(4).activation(activation).build();
        return new TorchModuleCase(activation.toString(), layer, "z = torch.addmm(p1, x, p0)\n" + text, 6, 5);
    }

    /** The text may use {@code mask}, (N, T), 1 for a step that is there. */
    TorchModuleCase withMask() {
        masked = true;
        return this;
    }

    // ---- DL4J ----

    MultiLayerNetwork network(TorchUpdater updater) {
        MSELoss squares =
                MSELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();
        MultiLayerNetwork network = new MultiLayerNetwork(updater.configure(new NeuralNetConfiguration.Builder())
                .dataType(DataType.DOUBLE)
                .activation(Activation.IDENTITY)
                .miniBatch(false)
                .seed(5)
                .list()
                .layer(layer.clone())
                .layer(head(squares))
                .setInputType(inputType)
                .build());
        network.init();
        return network;
    }

    private Layer head(MSELoss squares) {
        return switch (inputShape.length) {
            case 2 ->
                new LossLayer.Builder(squares).activation(Activation.IDENTITY).build();
            case 3 ->
                new RnnLossLayer.Builder(squares)
                        .activation(Activation.IDENTITY)
                        .build();
            default ->
                new CnnLossLayer.Builder(squares)
                        .activation(Activation.IDENTITY)
                        .build();
        };
    }

    INDArray input(Random random) {
        return FilledArray.of(() -> 2 * random.nextGaussian(), DataType.DOUBLE, inputShape);
    }

    /** Sequences of different lengths, the first of full length; null without masks. */
    INDArray mask() {
        if (!masked) {
            return null;
        }
        int steps = (int) inputShape[2];
        double[] mask = new double[(int) inputShape[0] * steps];
        for (int n = 0; n < inputShape[0]; n++) {
            Arrays.fill(mask, n * steps, n * steps + steps - n, 1);
        }
        return FilledArray.of(mask, DataType.DOUBLE, inputShape[0], steps);
    }

    /** Those that torch's optimizer has: the statistics of batch normalisation are no parameters in torch. */
    static Map<String, INDArray> parameters(MultiLayerNetwork network) {
        Map<String, INDArray> parameters =
                new LinkedHashMap<>(network.getLayer(0).paramTable());
        parameters.keySet().removeAll(STATISTICS);
        return parameters;
    }

    // ---- torch ----

    TorchFunction output(int parameters) {
        return TorchFunction.of(text, arguments(parameters, "x", "mask"));
    }

    /** Differentiated by input and parameters. */
    TorchFunction loss(int parameters) {
        List<String> lines = text.strip().lines().toList();
        int last = lines.size() - 1;
        while (last > 0 && Character.isWhitespace(lines.get(last).charAt(0))) {
            last--;
        }
        String expression = String.join(" ", lines.subList(last, lines.size()));
        String weighted = masked ? " * torch.unsqueeze(mask, 1)" : "";
        String loss = Stream.concat(
                        lines.subList(0, last).stream(),
                        Stream.of("y = " + expression, "torch.sum((y - target) * (y - target)" + weighted + ")"))
                .collect(Collectors.joining("\n"));
        return TorchFunction.of(loss, arguments(parameters, "x", "mask", "target"))
                .withRespectTo(arguments(parameters, "x"));
    }

    private static String[] arguments(int parameters, String... first) {
        return Stream.concat(
                        Arrays.stream(first), IntStream.range(0, parameters).mapToObj(i -> "p" + i))
                .toArray(String[]::new);
    }

    /** What stands for no mask is not read. */
    TorchTensor torchMask() {
        return TorchTensor.of(masked ? mask() : FilledArray.of(new double[] {1}, DataType.DOUBLE, 1));
    }

    static TorchTensor[] call(List<TorchTensor> first, Iterable<TorchTensor> parameters) {
        List<TorchTensor> all = new ArrayList<>(first);
        parameters.forEach(all::add);
        return all.toArray(TorchTensor[]::new);
    }

    /** Optimizers of torch, one for each parameter. */
    static Map<String, TorchOptimizer> optimizers(TorchUpdater updater, Map<String, INDArray> parameters) {
        Map<String, TorchOptimizer> optimizers = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> optimizers.put(name, new TorchOptimizer(updater, parameter)));
        return optimizers;
    }

    /**
     * A softmax does not see the bias of the keys, so that its gradient is rounding alone, which Adam then divides by itself:
     * no two builds of torch agree on it.
     */
    static INDArray withoutKeyBias(String parameter, INDArray values) {
        if (!parameter.endsWith("inProjBias")) {
            return values;
        }
        long e = values.length() / 3;
        return Nd4j.concat(0, values.get(NDArrayIndex.interval(0, e)), values.get(NDArrayIndex.interval(2 * e, 3 * e)));
    }

    @Override
    public String toString() {
        return name;
    }
}
