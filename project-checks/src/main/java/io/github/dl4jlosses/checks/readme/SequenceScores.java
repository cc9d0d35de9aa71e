/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The score of a network on two sequences of three time steps, and how far a step moves its first weight at a rate of 1. */
record SequenceScores(double score, double step) {
    private static final int STEPS = 3;

    /** [examples, features, time steps]. */
    private static final INDArray FEATURES =
            Nd4j.createFromArray(new double[][][] {{{1, 2, 3}, {0, 1, 0}}, {{-1, 0, 2}, {1, 1, -2}}});

    /** [examples, 1, time steps], and the same as [rows]. */
    private static final INDArray CLASSES = Nd4j.createFromArray(new long[] {0, 1, 1, 0, 0, 1});

    /** [features, outputs]. */
    private static final INDArray WEIGHTS = Nd4j.createFromArray(new double[][] {{.5, -.5}, {1, 0}});

    /** How one writes the setting of a loss; {@code miniBatch} is the same in the network, unless it is given. */
    record Setting(String code, CrossEntropyLoss loss, boolean miniBatch) {
        Setting(String code, CrossEntropyLoss loss) {
            this(code, loss, loss.isMiniBatch());
        }
    }

    static List<Setting> settings() {
        CrossEntropyLoss told =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        CrossEntropyLoss unscaled = CrossEntropyLoss.builder().miniBatch(false).build();
        return List.of(
                new Setting("`new CrossEntropyLoss()`", new CrossEntropyLoss()),
                new Setting("`positionsPerExample(3)`", told),
                new Setting("`miniBatch(false)` in both", unscaled),
                new Setting("`positionsPerExample(3)`, but `miniBatch(false)` in the network", told, false),
                new Setting("`miniBatch(false)`, but `miniBatch(true)` in the network", unscaled, true));
    }

    static SequenceScores of(Setting setting) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(1))
                .miniBatch(setting.miniBatch())
                .list()
                .layer(new RnnOutputLayer.Builder(setting.loss())
                        .activation(Activation.SOFTMAX)
                        .dataFormat(RNNFormat.NCW)
                        .nIn(2)
                        .nOut(2)
                        .build())
                .build());
        network.init();
        network.setParam("0_W", WEIGHTS);
        network.fit(FEATURES, CLASSES.reshape(2, 1, STEPS));
        double after = network.getParam("0_W").getDouble(0, 0);
        return new SequenceScores(network.score(), WEIGHTS.getDouble(0, 0) - after);
    }

    /** torch's mean over all time steps of all sequences. */
    static SequenceScores torch() {
        TorchResult result =
                TorchFunction.of("""
                        rows = torch.reshape(torch.permute(x, [0, 2, 1]), [-1, 2])
                        torch.cross_entropy_loss(torch.mm(rows, w), t, None, 1, -100, 0.0)
                        """, "x", "t", "w").withRespectTo("w").call(FEATURES, CLASSES, WEIGHTS);
        return new SequenceScores(result.value().item(), result.gradient("w").toDoubles()[0]);
    }
}
