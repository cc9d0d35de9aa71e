/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A step of a network with a PReLU layer. Where it fails, ND4J writes to the output of the process, past Java: a process of
 * its own keeps that out of the build's.
 */
final class PreluTraining {
    private static final int SLOPES = 4;

    private PreluTraining() {}

    /** With so many rows, as its only argument says. */
    public static void main(String[] args) {
        fit(Integer.parseInt(args[0]));
    }

    static void fit(int rows) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new PReLULayer.Builder().inputShape(SLOPES).build())
                .layer(new OutputLayer.Builder(new BCEWithLogitsLoss())
                        .activation(Activation.SIGMOID)
                        .nIn(SLOPES)
                        .nOut(1)
                        .build())
                .setInputType(InputType.feedForward(SLOPES))
                .build());
        network.init();
        network.fit(new DataSet(Nd4j.ones(DataType.DOUBLE, rows, SLOPES), Nd4j.ones(DataType.DOUBLE, rows, 1)));
    }

    /** What such a process prints. */
    static String inAnotherProcess(int rows) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PreluTraining.class.getName(),
                        Integer.toString(rows))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return printed;
    }
}
