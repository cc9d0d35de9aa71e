/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.workers;

import static io.github.dl4jlosses.Reduction.SUM;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.swap.LossSwap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** A loss with options, a network of one layer, and batches of unequal size and unequal classes. */
enum Task {
    WEIGHTED,
    WEIGHTED_SMOOTHED_IGNORING,
    SUMMED,
    POS_WEIGHTED;

    static final double RATE = .25;
    private static final String WEIGHTS = "weights";
    private static final String BIAS = "bias";
    private static final int INPUTS = 2;
    private static final int CLASSES = 3;

    private static final double[][][] FEATURES = {
        {{1, -1}, {.5, 2}, {-1, .25}, {2, 1}, {0, -2}},
        {{-.5, 1}, {1, 1}},
        {{.25, .5}, {-2, 1}, {1, 0}},
        {{-1, -1}, {2, .5}, {0, 1}, {1, -2}}
    };
    private static final long[][] CLASS = {{0, 0, 1, 0, 2}, {2, 1}, {0, 1, 0}, {2, 2, 0, 1}};

    TorchLoss loss() {
        return switch (this) {
            case WEIGHTED -> weighted().build();
            case WEIGHTED_SMOOTHED_IGNORING ->
                weighted().labelSmoothing(.2).ignoreIndex(1).build();
            case SUMMED -> weighted().reduction(SUM).build();
            case POS_WEIGHTED ->
                BCEWithLogitsLoss.builder().posWeight(3, .5, 1.5).build();
        };
    }

    private static CrossEntropyLoss.Builder weighted() {
        return CrossEntropyLoss.builder().weight(.5, 2, 4);
    }

    /** Of SGD, whose step is the gradient times {@link #RATE}. */
    MultiLayerNetwork network() {
        return network(new Sgd(RATE));
    }

    MultiLayerNetwork network(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .list(new OutputLayer.Builder(loss())
                        .activation(takesOutputs() ? Activation.SIGMOID : Activation.SOFTMAX)
                        .nIn(INPUTS)
                        .nOut(CLASSES)
                        .build())
                .build());
        network.init();
        network.setParams(Nd4j.createFromArray(new double[][] {{.5, -.25, 1, .125, -1, .75, 0, .25, -.5}}));
        return network;
    }

    /** The same with a fused layer, of which a batch is some chunks. */
    MultiLayerNetwork fusedNetwork(IUpdater updater) {
        MultiLayerNetwork network = LossSwap.fuse(network(updater));
        ((FusedOutputLayer) network.getLayer(0).conf().getLayer()).setChunk(2);
        return network;
    }

    static int batches() {
        return FEATURES.length;
    }

    List<DataSet> dataSets() {
        return IntStream.range(0, FEATURES.length).mapToObj(this::dataSet).toList();
    }

    DataSet dataSet(int batch) {
        return new DataSet(
                Nd4j.createFromArray(FEATURES[batch]),
                takesOutputs() ? target(batch) : target(batch).reshape(CLASS[batch].length, 1));
    }

    /** The parameters of a network: the weights by rows, then the bias. */
    static double[] parameters(MultiLayerNetwork network) {
        return joined(TorchTensor.of(network.getParam("0_W")), TorchTensor.of(network.getParam("0_b")));
    }

    double torchLoss(int batch, double... parameters) {
        return torch(parameters, batch).value().item();
    }

    /** Torch's gradient for a batch, in the order of {@link #parameters}. */
    double[] torchGradient(int batch, double... parameters) {
        TorchResult result = torch(parameters, batch);
        return joined(result.gradient(WEIGHTS), result.gradient(BIAS));
    }

    /** Parameters after each of several workers has made a step with a batch of its own from these, and their mean was taken. */
    double[] torchAverage(int first, int workers, double... parameters) {
        double[] averaged = parameters.clone();
        for (int batch = first; batch < first + workers; batch++) {
            double[] gradient = torchGradient(batch, parameters);
            Arrays.setAll(averaged, i -> averaged[i] - RATE * gradient[i] / workers);
        }
        return averaged;
    }

    private TorchResult torch(double[] parameters, int batch) {
        TorchReference reference = TorchReference.of(loss());
        double[] bias = Arrays.copyOfRange(parameters, INPUTS * CLASSES, parameters.length);
        return TorchFunction.of(
                        "x = torch.addmm(bias, features, weights)\n" + reference.expression(loss().getReduction()),
                        reference.withOptions("features", WEIGHTS, BIAS, "t"))
                .withRespectTo(WEIGHTS, BIAS)
                .call(reference.arguments(
                        TorchType.FLOAT64,
                        2,
                        TorchTensor.of(Nd4j.createFromArray(FEATURES[batch])),
                        TorchTensor.of(TorchType.FLOAT64, Arrays.copyOf(parameters, INPUTS * CLASSES), INPUTS, CLASSES),
                        TorchTensor.of(TorchType.FLOAT64, bias, CLASSES),
                        TorchTensor.of(target(batch))));
    }

    private static double[] joined(TorchTensor weights, TorchTensor bias) {
        return DoubleStream.concat(DoubleStream.of(weights.toDoubles()), DoubleStream.of(bias.toDoubles()))
                .toArray();
    }

    private boolean takesOutputs() {
        return this == POS_WEIGHTED;
    }

    private INDArray target(int batch) {
        INDArray indices = Nd4j.createFromArray(CLASS[batch]);
        if (!takesOutputs()) {
            return indices;
        }
        double[] outputs = new PlainRows(CLASS[batch].length, CLASSES).oneHot(CLASS[batch]);
        return Nd4j.createFromArray(outputs).reshape(CLASS[batch].length, CLASSES);
    }
}
