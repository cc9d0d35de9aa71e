/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
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

    /** How one writes the setting of a loss below a network with {@code miniBatch}, and what score and step then are in words. */
    record Setting(boolean miniBatch, String code, CrossEntropyLoss loss, String meaning) {
        private static Setting plain(boolean miniBatch, Reduction reduction, String meaning) {
            return new Setting(
                    miniBatch,
                    Boolean.toString(miniBatch),
                    CrossEntropyLoss.builder()
                            .miniBatch(miniBatch)
                            .reduction(reduction)
                            .build(),
                    meaning);
        }
    }

    static List<Setting> settings() {
        CrossEntropyLoss told =
                CrossEntropyLoss.builder().positionsPerExample(STEPS).build();
        CrossEntropyLoss unscaled = CrossEntropyLoss.builder().miniBatch(false).build();
        return List.of(
                Setting.plain(true, Reduction.MEAN, "torch's mean, times S/P"),
                new Setting(true, "true, `positionsPerExample(3)`", told, "the same with P = S: torch's mean"),
                Setting.plain(true, Reduction.SUM, "torch's sum, times S/P"),
                Setting.plain(true, Reduction.BATCHMEAN, "torch's batchmean: its sum over N"),
                Setting.plain(false, Reduction.MEAN, "torch's mean"),
                Setting.plain(false, Reduction.SUM, "torch's sum"),
                Setting.plain(false, Reduction.BATCHMEAN, "torch's batchmean, times P/S"),
                new Setting(true, "false", unscaled, "**wrong**: 1/N of what false in both gives"),
                new Setting(false, "true", new CrossEntropyLoss(), "**wrong**: N times what true in both gives"));
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
