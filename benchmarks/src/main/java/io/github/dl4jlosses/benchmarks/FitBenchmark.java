/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whole iterations of training, with the loss of this library and with DL4J's. */
@State(Scope.Thread)
public class FitBenchmark {
    private static final int SEED = 1;

    /** The network: a small multilayer perceptron, or one that reads text letter by letter. */
    @Param({"mlp", "lstm"})
    public String network;

    /** The dtype. */
    @Param("float32")
    public String dtype;

    private MultiLayerNetwork ours;
    private MultiLayerNetwork builtIn;
    private INDArray features;
    private INDArray labels;

    /** Makes both networks, with the same weights, and a batch. */
    @Setup(Level.Trial)
    public void prepare() {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        DataType type = Dtype.parse(dtype).nd4j();
        ours = network(
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build(), type);
        builtIn = network(new LossMCXENT(), type);
        Nd4j.getRandom().setSeed(SEED);
        if (isText()) {
            features = oneHot(type);
            labels = oneHot(type);
        } else {
            features = Nd4j.randn(type, 32, 64);
            labels = oneHotRows(type, 32, 10);
        }
    }

    private boolean isText() {
        return network.equals("lstm");
    }

    /** [examples, letters, time], one letter at each time. */
    private static INDArray oneHot(DataType type) {
        return oneHotRows(type, 16 * 40, 60)
                .reshape(16, 40, 60)
                .permute(0, 2, 1)
                .dup('c');
    }

    private static INDArray oneHotRows(DataType type, int rows, int classes) {
        INDArray labels = Nd4j.zeros(type, rows, classes);
        for (int row = 0; row < rows; row++) {
            labels.putScalar(row, row * 7 % classes, 1);
        }
        return labels;
    }

    private MultiLayerNetwork network(ILossFunction loss, DataType type) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(type)
                .updater(new Sgd(1e-3))
                .list();
        if (isText()) {
            layers.layer(new LSTM.Builder().nOut(32).activation(Activation.TANH).build())
                    .layer(new RnnOutputLayer.Builder(loss)
                            .nOut(60)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.recurrent(60));
        } else {
            layers.layer(new DenseLayer.Builder()
                            .nOut(32)
                            .activation(Activation.TANH)
                            .build())
                    .layer(new OutputLayer.Builder(loss)
                            .nOut(10)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.feedForward(64));
        }
        MultiLayerNetwork made = new MultiLayerNetwork(layers.build());
        made.init();
        return made;
    }

    /** An iteration with the loss of this library. */
    @Benchmark
    public void fitOurs() {
        ours.fit(features, labels);
    }

    /** An iteration with DL4J's. */
    @Benchmark
    public void fitBuiltIn() {
        builtIn.fit(features, labels);
    }
}
