/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Masked sequences of many lengths: a training tuned with DL4J's loss goes on with the same score and the same steps, or with torch's. */
public final class SwapMaskedSequences {
    /** Rows of a digit, which are the time steps. */
    private static final int ROWS = 8;

    private static final int BATCH = 48;
    private static final int HIDDEN = 24;
    private static final int EPOCHS = 2;
    private static final double RATE = 0.3;
    private static final List<DataSet> TRAINING =
            cutOff(HandwrittenDigits.training()).batchBy(BATCH);
    private static final DataSet NEXT = TRAINING.get(0);
    private static final DataSet TEST = cutOff(HandwrittenDigits.test());
    private static final MultiLayerNetwork TUNED = network();
    private static final String TORCH = "(torch.cross_entropy_loss(z, t, None, 0, -100, 0.) * m).sum() / m.sum()";

    private SwapMaskedSequences() {}

    /** Trains with DL4J's loss, swaps at both scales, and goes on with each. */
    public static void main(String[] args) {
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            TRAINING.forEach(TUNED::fit);
        }
        System.out.printf(
                "next batch: %d digits, %.0f of their %d rows are there%n%n",
                BATCH,
                NEXT.getLabelsMaskArray().sumNumber().doubleValue(),
                NEXT.getLabelsMaskArray().length());
        Swapped<MultiLayerNetwork> dl4j = LossSwap.swapAll(TUNED, Scale.DL4J);
        Swapped<MultiLayerNetwork> torch = LossSwap.swapAll(TUNED, Scale.TORCH);
        System.out.printf("%-32s  %8s  %8s  %16s%n", "", "next", "next", "test loss after");
        System.out.printf("%-32s  %8s  %8s  %16s%n", "", "score", "step", "one more epoch");
        print("LossMCXENT", TUNED);
        print("Scale.DL4J", dl4j.get());
        print("Scale.TORCH", torch.get());
        TorchLoss loss = torch.outputs().get(0).after().orElseThrow();
        print(
                "the same, positionsPerExample(8)",
                LossSwap.swap(TUNED, loss.toBuilder().positionsPerExample(ROWS).build()));
        System.out.printf("%-32s  %8.4f%n", "torch's mean over the rows there", torch(TUNED, NEXT));

        System.out.println();
        System.out.println(
                Paragraph.of(Scale.DL4J + ": " + dl4j.outputs().get(0).explanation()));
        System.out.println(
                Paragraph.of(Scale.TORCH + ": " + torch.outputs().get(0).explanation()));
    }

    /** The score of the next batch, its step in units of that of DL4J's loss, and what another epoch leads to. */
    private static void print(String name, MultiLayerNetwork network) {
        double score = network.score(NEXT);
        double step = step(network.clone()) / step(TUNED.clone());
        MultiLayerNetwork trained = network.clone();
        TRAINING.forEach(trained::fit);
        System.out.printf("%-32s  %8.4f  %8.4f  %16.4f%n", name, score, step, torch(trained, TEST));
    }

    private static double step(MultiLayerNetwork network) {
        INDArray before = network.params().dup();
        network.fit(NEXT);
        return before.distance2(network.params());
    }

    /** Of the rows that are there, each row of each digit alike. */
    private static double torch(MultiLayerNetwork network, DataSet data) {
        INDArray output = network.output(data.getFeatures(), false, data.getFeaturesMaskArray(), null);
        return TorchFunction.of(TORCH, "z", "t", "m")
                .call(Transforms.log(output), data.getLabels(), data.getLabelsMaskArray())
                .value()
                .item();
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(RATE))
                .list()
                .layer(new LSTM.Builder()
                        .activation(Activation.TANH)
                        .nIn(ROWS)
                        .nOut(HIDDEN)
                        .build())
                .layer(new RnnOutputLayer.Builder(new LossMCXENT())
                        .activation(Activation.SOFTMAX)
                        .dataFormat(RNNFormat.NCW)
                        .nIn(HIDDEN)
                        .nOut(HandwrittenDigits.CLASSES)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Read row by row, [N, 8, T]: each digit has its first 3 to 8 rows, and is asked for its class after each. */
    private static DataSet cutOff(DataSet digits) {
        int n = digits.numExamples();
        INDArray rows =
                digits.getFeatures().reshape(n, ROWS, ROWS).permute(0, 2, 1).dup();
        Random random = new Random(1);
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, n, ROWS);
        for (int i = 0; i < n; i++) {
            mask.get(NDArrayIndex.point(i), NDArrayIndex.interval(0, 3 + random.nextInt(6)))
                    .assign(1);
        }
        INDArray classes = Nd4j.create(DataType.DOUBLE, n, HandwrittenDigits.CLASSES, ROWS);
        for (int t = 0; t < ROWS; t++) {
            classes.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t))
                    .assign(digits.getLabels());
        }
        return new DataSet(rows, classes, mask, mask);
    }
}
