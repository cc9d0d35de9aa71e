/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * The updaters step for step against torch's optimizers, inside DL4J's own machinery, for gradients drawn at random.
 */
class UpdaterStepTest {
    private static final int STEPS = 30;

    @ParameterizedTest
    @EnumSource
    void aNetworkGoesTorchsWayInFloat64(UpdaterOptions options) throws IOException {
        follow(options.updater(), DataType.DOUBLE, 1e-13, false);
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkGoesTorchsWayInFloat32(UpdaterOptions options) throws IOException {
        // 30 steps of a few roundings each
        follow(options.updater(), DataType.FLOAT, 30 * 4 * 0x1p-24, false);
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkSavedAndRestoredAtEachStepGoesTorchsWay(UpdaterOptions options) throws IOException {
        follow(options.updater(), DataType.DOUBLE, 1e-13, true);
    }

    private static void follow(TorchUpdater updater, DataType type, double bound, boolean restored) throws IOException {
        Random random = PrintedSeed.randomFor(UpdaterStepTest.class);
        MultiLayerNetwork net = new MultiLayerNetwork(configuration(updater, type));
        net.init();
        net.setParams(
                normal(random, net.numParams(), type, 1).reshape(net.params().shape()));
        TorchOptimizer torch = new TorchOptimizer(updater, net.params().reshape(net.numParams()));
        for (int step = 0; step < STEPS; step++) {
            INDArray gradient = normal(random, net.numParams(), type, Math.pow(10, -random.nextInt(4)));
            torch.step(TorchTensor.of(gradient));
            if (restored) {
                net = restore(net);
            }
            take(net, gradient, step);
            double[] ours = net.params().dup().data().asDouble();
            double[] theirs = torch.parameter().toDoubles();
            for (int i = 0; i < ours.length; i++) {
                assertThat(Math.abs(ours[i] - theirs[i]))
                        .as("%s, parameter %s after step %s: %s instead of %s", updater, i, step, ours[i], theirs[i])
                        .isLessThanOrEqualTo(bound * Math.max(1, Math.abs(theirs[i])));
            }
        }
    }

    /** Without its count of iterations, which is not what the steps may depend on. */
    private static MultiLayerNetwork restore(MultiLayerNetwork net) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, file, true);
        MultiLayerNetwork copy =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        copy.setIterationCount(0);
        return copy;
    }

    private static MultiLayerConfiguration configuration(TorchUpdater updater, DataType type) {
        return updater.configure(
                        new NeuralNetConfiguration.Builder().dataType(type).miniBatch(false))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(3).build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
    }

    /** Has DL4J's updater, regularization included, make a step of a gradient, and takes it. */
    private static void take(MultiLayerNetwork net, INDArray values, int iteration) {
        net.initGradientsView();
        net.getFlattenedGradients()
                .assign(values.reshape(net.getFlattenedGradients().shape()));
        Gradient gradient = new DefaultGradient(net.getFlattenedGradients());
        for (int i = 0; i < net.getnLayers(); i++) {
            int layer = i;
            net.getLayer(i)
                    .paramTable()
                    .keySet()
                    .forEach(name -> gradient.setGradientFor(
                            layer + "_" + name, net.getLayer(layer).getGradientsViewArray()));
        }
        net.getUpdater().update(net, gradient, iteration, 0, 1, LayerWorkspaceMgr.noWorkspaces());
        net.params().subi(net.getFlattenedGradients().reshape(net.params().shape()));
    }

    private static INDArray normal(Random random, long n, DataType type, double scale) {
        double[] values = random.doubles(n).map(u -> (2 * u - 1) * scale).toArray();
        return Nd4j.createFromArray(values).castTo(type);
    }
}
