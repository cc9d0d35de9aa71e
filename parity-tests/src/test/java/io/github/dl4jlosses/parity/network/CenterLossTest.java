/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A loss beside the distance of the features from the centers of their classes, with centers that have moved: score and
 * step of the layers against live torch.
 */
class CenterLossTest {
    private static final Random RANDOM = PrintedSeed.randomFor(CenterLossTest.class);
    private static final int EXAMPLES = 6;
    private static final double LAMBDA = .5;

    private static final List<String> LEARNED = List.of("0_W", "0_b", "1_W", "1_b");
    private static final String CENTERS = "1_cL";

    /** DL4J counts masked examples among the distances, and in what these are divided by. */
    private static final TorchFunction TORCH = TorchFunction.of(
                    """
                    features = torch.tanh(torch.add(torch.matmul(x, W0), b0))
                    logits = torch.add(torch.matmul(features, W1), b1)
                    rows = torch.flatten(torch.nonzero(keep))
                    weight = torch.tensor([0.5, 2.0, 3.0], dtype=7)
                    ce = torch.cross_entropy_loss(
                      torch.index_select(logits, 0, rows), torch.index_select(t, 0, rows), weight, 1, -100, 0.1)
                    away = torch.sub(features, torch.matmul(oneHot, centers))
                    torch.add(ce, torch.div(torch.sum(torch.mul(away, away)), x.size(0)), alpha=0.25)
                    """, "x", "t", "oneHot", "keep", "centers", "W0", "b0", "W1", "b1")
            .withRespectTo("W0", "b0", "W1", "b1");

    /** What stands in the labels of masked examples, whose distance counts all the same: a class, or zeros. */
    @ParameterizedTest(name = "masked {0}, with a class there {1}")
    @CsvSource({"false, true", "true, true", "true, false"})
    void scoreAndStepAreTorchsLossAndTheDistanceFromTheCenters(boolean masked, boolean classes) {
        // GIVEN
        TorchTensor features = TwoLayers.numbers(RANDOM, 1, EXAMPLES, TwoLayers.INPUTS);
        TorchTensor target = TwoLayers.choices(RANDOM, TorchType.INT64, TwoLayers.CLASSES, EXAMPLES);
        long[] kinds = target.toLongs();
        long[] keep = IntStream.range(0, EXAMPLES)
                .mapToLong(n -> masked && n % 3 == 1 ? 0 : 1)
                .toArray();
        TorchTensor kept = TorchTensor.of(TorchType.BOOL, keep, EXAMPLES);
        TorchTensor oneHot = TwoLayers.oneHot(
                TwoLayers.CLASSES,
                IntStream.range(0, EXAMPLES)
                        .mapToLong(n -> classes || keep[n] == 1 ? kinds[n] : -1)
                        .toArray());
        MultiLayerNetwork network = network();
        network.setParam(
                CENTERS,
                TwoLayers.numbers(RANDOM, 1, TwoLayers.CLASSES, TwoLayers.HIDDEN)
                        .toArray());
        StartingPoint before = StartingPoint.of(network, LEARNED);
        INDArray centers = network.getParam(CENTERS).dup();

        // WHEN
        INDArray mask = kept.to(TorchType.FLOAT64).toArray().reshape(EXAMPLES, 1);
        network.fit(new DataSet(features.toArray(), oneHot.toArray(), null, masked ? mask : null));

        // THEN
        TorchResult torch = TORCH.call(before.after(features, target, oneHot, kept, TorchTensor.of(centers)));
        before.assertScoreAndStep(
                network, 1, torch.value().item(), name -> torch.gradient(name.substring(2) + name.charAt(0)));
    }

    private static MultiLayerNetwork network() {
        return NetworkKind.network(TwoLayers.builder(RANDOM, new Sgd(1))
                .list()
                .layer(TwoLayers.hidden())
                .layer(new CenterLossOutputLayer.Builder(CrossEntropyLoss.builder()
                                .weight(.5, 2, 3)
                                .labelSmoothing(.1)
                                .targetFormat(TargetFormat.ONE_HOT)
                                .build())
                        .activation(Activation.SOFTMAX)
                        .nIn(TwoLayers.HIDDEN)
                        .nOut(TwoLayers.CLASSES)
                        .lambda(LAMBDA)
                        .build())
                .build());
    }
}
